"""A name comes out in its standard form, or the character that no name is written with is named."""

from __future__ import annotations

import unicodedata

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from app.core import names
from app.core.errors import Refusal
from app.core.name_characters import is_han, problem_of
from app.core.name_forms import ALIKE, DOTS, PRIVATE, RADICALS, of_hong_kong
from app.core.names import Kind

AS_TYPED = [
    "王小明", "﨑田", "李𬭊", "㑇𬴊Smith", "阿卜杜热依木·麦麦提吐尔逊", "Nguyễn Thị Ánh", "Zoë", "O'Brien-Šimić",
    "J. R. Smith", "King, Jr.", "Анна Ёлкина", "Ελένη Παππά", "王〇", "佐々木", "Erdoğan Ilıca", "A",
    "\U00030edd", "\U0002ebf0", "\U000323b5",
]  # fmt: skip


@pytest.mark.parametrize("name", AS_TYPED)
def test_names_in_their_standard_form_stand_as_typed(name: str) -> None:
    reading = names.read(name)
    assert (reading.name, reading.changes, reading.original) == (name, (), "")
    names.require_standard(name)


@pytest.mark.parametrize(
    ("typed", "name", "kind"),
    [
        ("王\ue863", "王䶮", Kind.PRIVATE),
        ("\ue816", "𠂇", Kind.PRIVATE),
        ("\ue864", "\u9fbb", Kind.PRIVATE),
        ("\ue81e", "\u9fb4", Kind.PRIVATE),
        ("\uf9dc", "隆", Kind.COMPATIBILITY),
        ("\ufa19田", "神田", Kind.COMPATIBILITY),
        ("\U0002f800", "丽", Kind.COMPATIBILITY),
        ("⼭田", "山田", Kind.RADICAL),
        ("⻢云", "马云", Kind.RADICAL),
        ("葛\U000e0100城", "葛城", Kind.VARIANT),
        ("神\ufe00", "神", Kind.VARIANT),
    ],
)
def test_a_character_in_disguise_is_understood_and_asked_about(typed: str, name: str, kind: Kind) -> None:
    reading = names.read(typed)
    assert reading.name == name
    assert [change.kind for change in reading.asks] == [kind]
    assert reading.original == typed


@pytest.mark.parametrize(
    ("typed", "name"),
    [
        *((f"买买提{dot}吐尔逊", "买买提·吐尔逊") for dot in sorted(DOTS)),
        *((f"买买提{stop}吐尔逊", "买买提·吐尔逊") for stop in ".．。｡﹒"),
        ("买买提 · 吐尔逊", "买买提·吐尔逊"),
        ("买买提 . 吐尔逊", "买买提·吐尔逊"),
        ("张　三", "张三"),
        ("张  三", "张三"),
        ("李 Smith", "李 Smith"),
        ("ＺＯＥ　Ｗａｎｇ", "ZOE Wang"),
        ("Ｊ．Smith", "J.Smith"),
        ("Zoe\u0308", "Zoë"),
        ("O’Brien", "O'Brien"),
        ("Jean‐Luc", "Jean-Luc"),
    ],
)
def test_what_is_a_matter_of_the_keyboard_is_mended_without_a_question(typed: str, name: str) -> None:
    reading = names.read(typed)
    assert (reading.name, reading.asks) == (name, ())


@pytest.mark.parametrize(
    ("name", "code", "said"),
    [
        ("王ロ", "name_look_alike", "“口” (U+53E3)"),
        ("王ㄚ", "name_look_alike", "“丫”"),
        ("王ㅡ", "name_look_alike", "“一”"),
        ("王㇐", "name_look_alike", "“一”"),
        ("王○", "name_look_alike", "“〇”"),
        ("ﬁona", "name_look_alike", "“fi”"),
        ("𝐀nna", "name_look_alike", "“A” (U+0041)"),
        ("王\ue000", "character_private", "“𠕇” (U+20547)"),
        ("王\uf8ff", "character_private", "U+F8FF"),
        ("王\U000f0000", "character_private", "U+F0000"),
        ("王3", "name_digit", "“3” (U+0033)"),
        ("王３", "name_digit", "“3”"),
        ("王①", "name_digit", "U+2460"),
        ("Henry Ⅳ", "name_digit", "“Ⅳ” (U+2163)"),
        ("王😀", "name_sign", "“😀” (U+1F600)"),
        ("王□", "name_sign", "“□”"),
        ("王⺀", "name_sign", "U+2E80"),
        ("<b>王", "name_sign", "“<”"),
        ("⿰王王", "name_description", "U+2FF0"),
        ("王\u200b", "character_invisible", "U+200B"),
        ("王\u202e", "character_invisible", "U+202E"),
        ("王\u3164", "character_invisible", "U+3164"),
        ("王\ud842", "character_invisible", "U+D842"),
        ("A\ufe0f", "character_invisible", "U+FE0F"),
        ("x\u0302\u0308y", "name_mark", "U+0302"),
        ("한지민", "name_script", "U+D55C"),
        ("བཀྲ", "name_script", "U+0F56"),
        ("ضياء", "name_script", "U+0636"),
        ("あ", "name_script", "U+3042"),
        ("王\u0378", "name_unknown", "U+0378"),
        ("王··明", "name_sign_misplaced", "“··”"),
        ("·王", "name_sign_misplaced", "“·”"),
        ("王-", "name_sign_misplaced", "“-”"),
        ("Аnna", "name_mixed_alphabets", "Cyrillic, Latin"),
        ("'", "name_invalid", "name"),
        ("·", "name_invalid", "name"),
    ],
)
def test_a_character_that_no_name_has_is_named(name: str, code: str, said: str) -> None:
    with pytest.raises(Refusal) as refused:
        names.read(name)
    assert refused.value.code == code
    assert said in str(refused.value)


def test_every_such_character_is_named_for_programs() -> None:
    with pytest.raises(Refusal) as refused:
        names.read("王3ロ3")
    assert [one["character"] for one in refused.value.details["characters"]] == ["3", "ロ"]
    assert refused.value.details["characters"][1]["other"] == "口"


def test_the_twelve_of_the_compatibility_area_that_are_no_duplicates_stay() -> None:
    own = "\ufa0e\ufa0f\ufa11\ufa13\ufa14\ufa1f\ufa21\ufa23\ufa24\ufa27\ufa28\ufa29"
    assert names.read(own).changes == ()
    others = [chr(code) for code in range(0xF900, 0xFADA) if chr(code) not in own and chr(code) not in "\ufa6e\ufa6f"]
    assert all(names.read(one).asks and names.read(one).name != one for one in others)


def test_the_private_positions_of_the_national_standard() -> None:
    """Known pairs of GB 18030-2005, appendix D, and of the changes of 2022."""
    known = {0xE816: 0x20087, 0xE817: 0x20089, 0xE818: 0x200CC, 0xE831: 0x215D7, 0xE83B: 0x2298F, 0xE855: 0x241FE,
             0xE81A: 0x3473, 0xE844: 0x4723, 0xE863: 0x4DAE, 0xE843: 0x9FB9, 0xE864: 0x9FBB}  # fmt: skip
    assert {one: ord(PRIVATE[chr(one)]) for one in known} == known
    assert len(set(PRIVATE.values())) == len(PRIVATE) == 68


def test_no_standard_form_needs_another() -> None:
    for one in (*PRIVATE.values(), *RADICALS.values()):
        assert is_han(one) or one in "\u1e3f\u01f9"
        assert names.understood(one).changes == ()
    assert all(is_han(other) or other.isascii() for other in ALIKE.values())


def test_all_of_the_national_standard_at_its_third_level_may_stand_in_a_name() -> None:
    blocks = ((0x3400, 0x4DB5), (0x4E00, 0x9FEF), (0x20000, 0x2A6D6), (0x2A700, 0x2B734), (0x2B740, 0x2B81D),
              (0x2B820, 0x2CEA1), (0x2CEB0, 0x2EBE0))  # fmt: skip
    assert not [code for first, last in blocks for code in range(first, last + 1) if problem_of(chr(code))]


def test_positions_of_hong_kong_are_proposed_and_never_taken() -> None:
    assert (of_hong_kong("\ue000"), of_hong_kong("\ue311"), of_hong_kong("\uf8ff")) == ("𠕇", "𣻗", "")


def test_a_name_on_file_that_is_not_standard_stops_a_certificate() -> None:
    with pytest.raises(Refusal) as refused:
        names.require_standard("⼭田")
    assert (refused.value.code, refused.value.details["standard"]) == ("name_not_standard", "山田")


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("张 三", "张三"),
        (" 欧阳\u3000修文\u00a0", "欧阳修文"),
        ("张\u200b三\u2060", "张三"),  # copied from a page
        ("\u202a李明\u202c", "李明"),
        ("阿卜杜热依木·麦麦提", "阿卜杜热依木麦麦提"),
        ("阿卜杜热依木·麦麦提", "阿卜杜热依木 麦麦提"),
        ("阿卜杜热依木·麦麦提", "阿卜杜热依木．麦麦提"),
        ("阿卜杜热依木·麦麦提", "阿卜杜热依木。麦麦提"),
        *[("买买提·吐尔逊", f"买买提{dot}吐尔逊") for dot in "•・･‧∙⋅․●.ꞏᐧ"],
        ("买买提 . 吐尔逊", "买买提·吐尔逊"),
        ("J. R. Smith", "ＪＲ Smith"),
        ("ＺＯＥ o’brien", "Zoe O'Brien"),
        ("Zo\u0065\u0308", "ZOË"),
        ("Nguyễn Thị Ánh", "NGUYỄN THỊ ÁNH"),
        ("Jean‐Pierre", "jean-pierre"),
        ("Straße", "STRASSE"),
        ("\uf9dc三", "隆三"),  # a duplicate
        ("⼭田", "山田"),  # a radical, copied from a PDF file
        ("葛\U000e0100城", "葛城"),  # a mark that asks for another form of the same character
        ("\ue863三", "䶮三"),  # a private position that has a standard place
        ("𠮷田", "𠮷 田"),
    ],
)
def test_two_ways_of_typing_a_name_have_one_key(one: str, other: str) -> None:
    assert names.key(one) == names.key(other)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("張三", "张三"),  # the document says which
        ("﨑", "崎"),
        ("𠮷田", "吉田"),
        ("李明", "李眀"),
        ("张三", "张三丰"),
        ("Zoë", "Zoe"),
        ("Jean-Pierre", "Jean Pierre"),
        ("O'Brien", "OBrien"),
        ("ロ木", "口木"),
        ("Анна", "Aннa"),
        ("İpek", "ipek"),
        ("", "张"),
    ],
)
def test_two_names_have_two_keys(one: str, other: str) -> None:
    assert names.key(one) != names.key(other)


@given(st.text(max_size=40))
@settings(deadline=None)
def test_a_key_is_its_own(typed: str) -> None:
    assert names.key(names.key(typed)) == names.key(typed)
    assert names.key(f" {typed} ") == names.key(typed)


@given(st.text(max_size=40))
@settings(deadline=None)
def test_whatever_is_typed_is_understood_once_and_for_all(typed: str) -> None:
    name = names.understood(typed).name
    assert names.understood(name).name == name
    if refused(typed):
        return
    reading = names.read(typed)
    assert names.read(reading.name).changes == ()
    assert not any(unicodedata.category(one) in {"Co", "Cc", "Cf", "Cs", "Nd"} for one in reading.name)


def refused(typed: str) -> bool:
    try:
        names.read(typed)
    except Refusal:
        return True
    return False

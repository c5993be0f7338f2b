"""What other tools write, in the ways they write it."""

import base64
import io
import zipfile
from typing import Any

import pytest

from question_bank.bank_item import BankItem
from question_bank.formats.values import Defaults, Found
from question_bank.interchange import read_upload
from tests.factories.any_items import PNG

PLACE = Defaults("PTS152010301-01", "junior", "五", "客户服务技巧", "NEW")


def read(name: str, content: str | bytes) -> Found:
    return read_upload(name, content if isinstance(content, bytes) else content.encode(), PLACE)


def item(found: Found) -> BankItem:
    assert found.problems == ()
    [one] = found.items
    return one.item


def lost(found: Found) -> set[str]:
    return {loss.field for loss in found.losses} - {"id", "difficulty"}


# GIFT

GIFT: list[tuple[str, dict[str, Any], set[str]]] = [
    ("怎样做？{=对的 ~错一 ~错二#因为}", {"type": "single", "key": ("A",), "feedback": {"C": "因为"}}, set()),
    ("2+2 \\= ?{~3 ~5 =4 \\: 四}", {"stem": "2+2 = ?", "options": {"A": "3", "B": "5", "C": "4 : 四"}}, set()),
    ("选两个{~%50%甲 ~%50%乙 ~%-100%丙}", {"type": "multiple", "key": ("A", "B")}, set()),
    ("一半{~%50%甲 =乙 ~丙}", {"type": "single", "key": ("B",)}, {"key"}),
    ("对吗？{T}", {"type": "truefalse", "key": ("T",)}, set()),
    ("对吗？{FALSE#不对#对####总评}", {"key": ("F",), "rationale": "总评"}, {"feedback"}),
    ("热线是{=12315 =一二三一五}。", {"stem": "热线是____。", "key": ("12315 | 一二三一五",)}, set()),
    ("热线？{=12315}", {"type": "fill", "stem": "热线？ ____"}, set()),
    ("几个？{#3:2~#5}", {"type": "fill", "key": ("3",)}, {"key"}),
    ("几个？{#\n=3:0 #对\n=%50%3:2}", {"key": ("3",)}, {"key"}),
    ("连线{=AHT -> 时长 =FCR -> 解决率 = -> 多余}", {"type": "matching", "key": ("1-A", "2-B")}, set()),
    ("排序{>3 ALL VERTICAL\n倾听\n核实\n答复}", {"type": "ordering", "key": ("A", "B", "C")}, set()),
    ("::名::[html]<p>看<b>这里</b></p>{=对 ~[plain]错<一> ~错二}", {"stem": "看**这里**"}, set()),
    ("// 说明\n$CATEGORY: a/b\n\n跨\n行？{\n~甲\n\n~乙\n=丙\n}", {"stem": "跨\n行？", "key": ("C",)}, set()),
    ("::Q1::[markdown]**粗**？{=a~b~c}", {"id": "Q1", "stem": "**粗**？"}, set()),
]


@pytest.mark.parametrize(("text", "fields", "losses"), GIFT)
def test_gift(text: str, fields: dict[str, Any], losses: set[str]) -> None:
    found = read("a.gift", text)
    one = item(found)
    assert {name: getattr(one, name) for name in fields} == fields
    assert lost(found) == losses


def test_gift_without_a_brace_is_told_and_not_dropped() -> None:
    found = read("a.gift", "只有文字\n\n没有结尾{=a ~b\n\n好的？{T}")
    assert [one.item.stem for one in found.items] == ["好的？"]
    assert [loss.field for loss in found.losses if not loss.item] == ["type", "type"]


# Aiken


def test_aiken_in_all_its_dialects() -> None:
    text = "先做什么？\nA) 甲\nb. 乙\nC、丙\nANSWER: b\n\n多选\nA. 甲\nB. 乙\nC. 丙\nANSWER: A, C\nFEEDBACK: 原因\n\n"
    text += "对吗？\nA. 正确\nB. 错误\nANSWER: B\n\n没有答案\nA. 甲\nB. 乙\nC. 丙\n"
    found = read("a.txt", text)
    kinds = [(one.item.type, one.item.key) for one in found.items]
    assert kinds == [("single", ("B",)), ("multiple", ("A", "C")), ("truefalse", ("F",)), ("single", ())]
    assert found.items[1].item.rationale == "原因"
    assert [one.field for one in found.items[3].notes] == ["point", "rationale", "source", "key"]
    assert [one.item.id for one in found.items][:2] == ["NEW-0001", "NEW-0002"]


# Moodle


def moodle(kind: str, inner: str, text: str = "<p>题干</p>") -> str:
    return (
        f'<?xml version="1.0" encoding="UTF-8"?><quiz><!-- question: 7 --><question type="{kind}">'
        f'<name><text>第 1 题</text></name><questiontext format="html"><text><![CDATA[{text}]]></text>'
        f"</questiontext>{inner}</question></quiz>"
    )


def answer(text: str, fraction: str, feedback: str = "") -> str:
    told = f"<feedback><text>{feedback}</text></feedback>"
    return f'<answer fraction="{fraction}" format="html"><text><![CDATA[{text}]]></text>{told}</answer>'


THREE = answer("甲", "33.33333") + answer("乙", "33.33333") + answer("丁", "33.33333") + answer("丙", "-100", "因为")
NUMBER = '<answer fraction="100"><text>5</text><tolerance>0.5</tolerance></answer>'
ITEMS = "x<sup>2</sup>，H<sub>2</sub>O，<em>强调</em><ul><li>一</li></ul>&nbsp;"
MOODLE: list[tuple[str, dict[str, Any], set[str]]] = [
    (moodle("multichoice", f"<single>false</single>{THREE}"), {"type": "multiple", "feedback": {"D": "因为"}}, set()),
    (
        moodle("multichoice", answer("甲", "100") + answer("乙", "33") + answer("丙", "0")),
        {"type": "single", "key": ("A",)},
        {"key"},
    ),
    (moodle("truefalse", answer("true", "0") + answer("false", "100", "对")), {"key": ("F",)}, {"feedback"}),
    (moodle("shortanswer", answer("接听", "100") + answer("*", "0")), {"stem": "题干 ____", "key": ("接听",)}, set()),
    (moodle("numerical", NUMBER), {"key": ("5",)}, {"key"}),
    (
        moodle("cloze", "", "<p>打{1:SHORTANSWER:=12315~%50%315}，{2:NM:=7:0}，{1:MC:=甲~乙}</p>"),
        {"stem": "打____，____，____", "key": ("12315", "7", "甲")},
        {"key"},
    ),
    (
        moodle("matching", "".join(
            f"<subquestion><text>{one}</text><answer><text>{other}</text></answer></subquestion>"
            for one, other in (("AHT", "时长"), ("FCR", "解决率"), ("", "多余"))
        )),
        {"type": "matching", "options": {"1": "AHT", "2": "FCR", "A": "时长", "B": "解决率", "C": "多余"}},
        set(),
    ),
    (moodle("ordering", answer("二", "2.0") + answer("一", "1.0") + answer("三", "3.0")),
     {"options": {"A": "一", "B": "二", "C": "三"}, "key": ("A", "B", "C")}, set()),
    (moodle("truefalse", answer("true", "100"), ITEMS),
     {"stem": "x²，H₂O，强调\n• 一"}, {"stem"}),
    (moodle("truefalse", answer("true", "100"), "<table><tr><th>a</th><td>b|c</td></tr><tr><td>1</td></tr></table>"),
     {"stem": "| a | b｜c |\n|---|---|\n| 1 |  |"}, set()),
    (moodle("truefalse", f"{answer('true', '100')}<tags><tag><text>重点</text></tag></tags>"), {}, {"tags"}),
]  # fmt: skip


@pytest.mark.parametrize(("text", "fields", "losses"), MOODLE)
def test_moodle(text: str, fields: dict[str, Any], losses: set[str]) -> None:
    found = read("a.xml", text)
    one = item(found)
    assert {name: getattr(one, name) for name in fields} == fields
    assert lost(found) == losses


def test_moodle_kinds_without_a_type_of_ours_are_named() -> None:
    found = read("a.xml", moodle("calculated", ""))
    [loss] = found.losses
    assert "calculated" in loss.message % loss.params


def test_moodle_pictures_come_along() -> None:
    picture = f'<file name="a b.png" path="/" encoding="base64">{base64.b64encode(PNG).decode()}</file>'
    text = moodle(
        "truefalse",
        answer("true", "100"),
        '看<img src="@@PLUGINFILE@@/a%20b.png" alt="图">吧<img src="http://x/y.png">',
    )
    found = read("a.xml", text.replace("]]></text>", f"]]></text>{picture}", 1))
    one = item(found)
    assert one.stem == "看![图](a-b.png)吧"
    assert one.media["a-b.png"].content == PNG
    assert lost(found) == {"media"}


# QTI


def qti(body: str, declared: str, after: str = "", space: str = "http://www.imsglobal.org/xsd/imsqti_v2p2") -> str:
    head = f'<assessmentItem xmlns="{space}" identifier="q 1" title="t">{declared}'
    return f"{head}<itemBody>{body}</itemBody>{after}</assessmentItem>"


def declared(values: str = "", cardinality: str = "single", more: str = "") -> str:
    correct = "".join(f"<value>{value}</value>" for value in values.split())
    right = f"<correctResponse>{correct}</correctResponse>" if correct else ""
    head = f'<responseDeclaration identifier="R" cardinality="{cardinality}" baseType="identifier">'
    return f"{head}{right}{more}</responseDeclaration>"


LISTED = "".join(f'<simpleChoice identifier="c{number}">{name}</simpleChoice>' for number, name in enumerate("甲乙丙"))
CHOICES = (
    '<choiceInteraction responseIdentifier="R" shuffle="TRUE" maxChoices="{}"><prompt>选<b>哪个</b>？</prompt>'
    + LISTED
    + "</choiceInteraction>"
)
ORDER = CHOICES.replace("choiceInteraction", "orderInteraction")
MAPPED = '<mapping defaultValue="0">{}</mapping>'
ENTRY = '<mapEntry mapKey="{}" mappedValue="{}"/>'
RULE = (
    "<responseProcessing><responseCondition><responseIf><match><variable identifier='R'/>"
    "<baseValue baseType='identifier'>c2</baseValue></match><setOutcomeValue identifier='SCORE'>"
    "<baseValue baseType='float'>1</baseValue></setOutcomeValue></responseIf></responseCondition></responseProcessing>"
)
QTI: list[tuple[str, dict[str, Any], set[str]]] = [
    (qti(CHOICES.format(1), declared("c1")), {"type": "single", "key": ("B",), "stem": "选**哪个**？"}, set()),
    (qti(CHOICES.format(0), declared("c2 c0", "multiple")), {"type": "multiple", "key": ("A", "C")}, set()),
    (
        qti(CHOICES.format(1), declared("", more=MAPPED.format(ENTRY.format("c0", 1) + ENTRY.format("c1", 0.5)))),
        {"type": "single", "key": ("A",)},
        {"key"},
    ),
    (qti(CHOICES.format(1), declared(), RULE), {"key": ("C",)}, set()),
    (
        qti("<p>打<textEntryInteraction responseIdentifier='R'/>。</p>",
            declared("12315", more=MAPPED.format(ENTRY.format("12315", 1) + ENTRY.format("315", 1)))),
        {"type": "fill", "stem": "打____。", "key": ("12315 | 315",)},
        set(),
    ),
    (
        qti("<p>选<inlineChoiceInteraction responseIdentifier='R'><inlineChoice identifier='a'>甲</inlineChoice>"
            "<inlineChoice identifier='b'>乙</inlineChoice></inlineChoiceInteraction></p>", declared("b")),
        {"type": "fill", "key": ("乙",)},
        {"key"},
    ),
    (qti(ORDER.format(1), declared("c2 c0 c1", "ordered")),
     {"type": "ordering", "key": ("C", "A", "B")}, set()),
    (qti("<rubricBlock view='candidate'><p>先读材料</p></rubricBlock>" + CHOICES.format(1), declared("c1")),
     {"stem": "先读材料\n选**哪个**？"}, set()),
]  # fmt: skip


@pytest.mark.parametrize(("text", "fields", "losses"), QTI)
@pytest.mark.parametrize("space", ["http://www.imsglobal.org/xsd/imsqti_v2p1", "urn:other", ""])
def test_qti(text: str, fields: dict[str, Any], losses: set[str], space: str) -> None:
    found = read("a.xml", text.replace("http://www.imsglobal.org/xsd/imsqti_v2p2", space))
    one = item(found)
    assert {name: getattr(one, name) for name in fields} == fields
    assert lost(found) == losses
    assert one.id == "q-1"


def test_qti_with_a_prefix_and_in_the_names_of_version_3() -> None:
    three = (
        '<q:qti-assessment-item xmlns:q="urn:x" identifier="i1"><q:qti-response-declaration identifier="R" '
        'cardinality="single" base-type="identifier"><q:qti-correct-response><q:qti-value>b</q:qti-value>'
        "</q:qti-correct-response></q:qti-response-declaration><q:qti-item-body><q:qti-choice-interaction "
        'response-identifier="R" max-choices="1"><q:qti-simple-choice identifier="a">正确</q:qti-simple-choice>'
        '<q:qti-simple-choice identifier="b">错误</q:qti-simple-choice></q:qti-choice-interaction>'
        "<p>这样对吗？</p></q:qti-item-body></q:qti-assessment-item>"
    )
    one = item(read("a.xml", three))
    assert (one.type, one.key, one.stem) == ("truefalse", ("F",), "这样对吗？")


@pytest.mark.parametrize("inner", ["<hottextInteraction/>", "<p>没有题</p>", CHOICES.format(1) * 2])
def test_qti_that_is_no_item_of_ours_is_named(inner: str) -> None:
    found = read("a.xml", qti(inner, declared("c1")))
    assert found.items == ()
    assert [loss.field for loss in found.losses] == ["type"]


def test_a_package_without_a_manifest_and_with_pictures_beside() -> None:
    body = '<p><img src="../img/a.png" alt="图"/></p>' + CHOICES.format(1)
    kept = io.BytesIO()
    with zipfile.ZipFile(kept, "w") as archive:
        archive.writestr("q/one.xml", qti(body, declared("c1")))
        archive.writestr("img/a.png", PNG)
        archive.writestr("__MACOSX/q/one.xml", b"\x00")
    one = item(read("a.zip", kept.getvalue()))
    assert one.stem == "![图](a.png)\n选**哪个**？"
    assert one.media["a.png"].content == PNG

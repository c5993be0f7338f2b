"""Files as other tools write them, with what our bank has no place for."""

from __future__ import annotations

import io
import zipfile

from question_bank.formats.gift_text import blocks
from question_bank.formats.values import MOST_ITEMS
from question_bank.interchange import Defaults, missing, read_upload
from question_bank.workshop.content import content_of

PLACE = Defaults("PTS152010301-01", "junior", "六", "客户营销技巧", "X")
QTI_1 = (
    '<questestinterop xmlns="http://www.imsglobal.org/xsd/ims_qtiasiv1p2"><assessment ident="a" title="t"/>'
    "</questestinterop>"
)
ESSAY = (
    '<quiz><question type="essay"><name><text>E1</text></name>'
    "<questiontext><text>说一说。</text></questiontext></question></quiz>"
)
CHOSEN = (
    '<quiz><question type="cloze"><name><text>C1</text></name><questiontext><text>'
    "{1:MULTIRESPONSE:=Marge~Fred~=Lisa}</text></questiontext></question></quiz>"
)
TRUE_OR_FALSE = (
    '<qti-assessment-item xmlns="http://www.imsglobal.org/xsd/imsqtiasi_v3p0" identifier="TF" title="t">'
    '<qti-response-declaration identifier="R" cardinality="single" base-type="identifier"><qti-correct-response>'
    "<qti-value>true</qti-value></qti-correct-response></qti-response-declaration><qti-item-body>"
    '<qti-choice-interaction response-identifier="R"><qti-prompt>Is it so?</qti-prompt>'
    '<qti-simple-choice identifier="true">True<qti-feedback-inline identifier="true">yes</qti-feedback-inline>'
    '</qti-simple-choice><qti-simple-choice identifier="false">False'
    '<qti-feedback-inline identifier="false">no</qti-feedback-inline></qti-simple-choice>'
    "</qti-choice-interaction></qti-item-body></qti-assessment-item>"
)
UNFINISHED = "问题一\nA) 甲\nB) 乙\nC) 丙\n\n问题二\nA) 丁\nB) 戊\nC) 己\nANSWER: B\n"


def test_qti_1_is_called_by_its_name() -> None:
    kept = io.BytesIO()
    with zipfile.ZipFile(kept, "w") as archive:
        archive.writestr("imsmanifest.xml", "<manifest><resources/></manifest>")
        archive.writestr("g/g.xml", QTI_1)
    for name, content in (("a.xml", QTI_1.encode()), ("a.zip", kept.getvalue()), ("a.imscc", kept.getvalue())):
        [problem] = read_upload(name, content).problems
        assert "QTI 1" in problem.message


def test_what_only_its_type_misses_may_become_a_draft() -> None:
    found = read_upload("a.xml", ESSAY.encode(), PLACE)
    assert found.problems == ()
    [item] = found.items
    assert "criteria" in {one.field for one in missing(found.items)}
    assert content_of(item.item)["stem"] == "说一说。"


def test_several_entries_of_a_list_are_no_gap_that_takes_any() -> None:
    found = read_upload("a.xml", CHOSEN.encode(), PLACE)
    assert found.items == ()
    assert [one.field for one in found.losses] == ["type"]


def test_feedback_on_true_and_false_is_told_as_lost() -> None:
    found = read_upload("a.xml", TRUE_OR_FALSE.encode(), PLACE)
    assert found.problems == ()
    assert "feedback" in {one.field for one in found.losses}
    assert found.items[0].item.key == ("T",)


def test_an_aiken_question_without_an_answer_does_not_swallow_the_next() -> None:
    found = read_upload("a.txt", UNFINISHED.encode(), PLACE)
    assert [(one.item.stem, one.item.key) for one in found.items] == [("问题一", ()), ("问题二", ("B",))]


def test_full_width_braces_are_told() -> None:
    [loss] = read_upload("a.gift", "哪项正确｛=甲 ~乙｝\n".encode()).losses
    assert "full-width" in loss.message


def test_more_items_than_anyone_writes_are_refused() -> None:
    text = "\n\n".join(["a{T}"] * (MOST_ITEMS + 1))
    [problem] = read_upload("a.gift", text.encode()).problems
    assert problem.params == {"most": MOST_ITEMS}


def test_a_brace_left_open_over_blank_lines_goes_on() -> None:
    [one] = blocks("Q{\n=a\n\n~b\n}\n")
    assert one.text == "Q{\n=a\n~b\n}"


def test_nothing_grows_faster_than_the_file() -> None:
    """Each of these once took minutes, or for ever."""
    fields = (
        f'<quiz><question type="cloze"><questiontext><text>{"{1:SA:" * 200_000}</text></questiontext></question></quiz>'
    )
    for name, text in (
        ("a.gift", "Q{>" + "A" * 5_000 + "!\n}"),
        ("a.gift", "Q{" + "~x\n\n" * 200_000),
        ("a.xml", fields),
    ):
        read_upload(name, text.encode(), PLACE)


def test_hints_and_feedback_on_the_whole_answer_are_told_as_lost() -> None:
    said = (
        "<hint><text>想想第一步</text></hint><correctfeedback><text>很好</text></correctfeedback>"
        "<incorrectfeedback><text>Your answer is incorrect.</text></incorrectfeedback>"
    )
    found = read_upload("a.xml", ESSAY.replace("</question>", f"{said}</question>").encode(), PLACE)
    assert [one.params["text"] for one in found.losses if one.field == "feedback"] == ["想想第一步", "很好"]

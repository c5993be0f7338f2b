"""Files and packages of tasks, and what the linter marks in them."""

from __future__ import annotations

import io
import zipfile
from dataclasses import replace
from pathlib import Path

import pytest

from question_bank.tasks.body import FaultsTask, TicketTask
from question_bank.tasks.files import MOST_SOUND_BYTES, FoundTasks, pack, read_paths, read_upload
from question_bank.tasks.lint import lint
from question_bank.tasks.sounds import transcript
from tests.factories import tasks

CONTENT = Path(__file__).parents[4] / "question_bank" / "tasks" / "content"


def zipped(**files: bytes) -> bytes:
    kept = io.BytesIO()
    with zipfile.ZipFile(kept, "w") as archive:
        for name, content in files.items():
            archive.writestr(name.replace("__", "/").replace("_yaml", ".yaml").replace("_wav", ".wav"), content)
    return kept.getvalue()


def test_a_package_reads_back_the_same() -> None:
    found = tasks.found(*(tasks.task(kind) for kind in tasks.CRITERIA))
    again = read_upload("tasks.zip", pack(found.tasks))
    assert again.problems == []
    assert {one.task.code: (one.task, one.media) for one in again.tasks} == {
        one.task.code: (one.task, one.media) for one in found.tasks
    }
    assert pack(again.tasks) == pack(found.tasks)


def test_sounds_of_one_name_and_two_contents_travel_apart() -> None:
    found = tasks.found(tasks.task("ticket", code="a"), tasks.task("ticket", code="b"))
    other = dict(found.tasks[1].media)
    other["ticket.wav"] = type(other["ticket.wav"])("ticket.wav", tasks.sound(2))
    object.__setattr__(found.tasks[1], "media", other)
    again = read_upload("tasks.zip", pack(found.tasks))
    assert [one.media["ticket.wav"].sha256 for one in again.tasks] == [
        one.media["ticket.wav"].sha256 for one in found.tasks
    ]


@pytest.mark.parametrize(
    "content",
    [b"PK", zipped(readme_txt=b""), zipped(**{"..__out_yaml": b""}), b"\xff\xfe", b"PK\x05\x06" + b"\0" * 18],
)
def test_what_is_no_package_is_refused_with_words(content: bytes) -> None:
    found = read_upload("x.zip", content)
    assert found.tasks == []
    assert found.problems


@pytest.mark.parametrize("content", [b"no sound at all", b"ID3" + b"\0" * MOST_SOUND_BYTES, None])
def test_a_sound_must_be_one_and_be_there(content: bytes | None) -> None:
    files = {"a_yaml": tasks.text("ticket").encode()} | ({"media__ticket_wav": content} if content else {})
    found = read_upload("x.zip", zipped(**files))
    assert [one.field for one in found.problems] == ["ticket.audio"]


def test_one_code_in_two_files_is_a_problem() -> None:
    text = tasks.text().encode()
    found = read_upload("x.zip", zipped(a_yaml=text, b_yaml=text))
    assert [(one.file, one.field) for one in found.problems] == [("b.yaml", "code")]


def test_the_linter_marks_what_a_reviewer_would() -> None:
    one, other = tasks.task("complaint", code="one"), tasks.task("complaint", code="other")
    assert {finding.rule for finding in lint(tasks.found(one, other).tasks)} == {"alike"}
    card = {"situation": "待补充", "rules": ["致电 13987654321"], "asks": "证件 11010519491231002X 请核对,谢谢"}
    odd = tasks.task("call", card=card, role=tasks.BLOCKS["role"] | {"mood": ["急"]})
    assert {finding.rule for finding in lint(tasks.found(odd).tasks)} == {
        "placeholder", "phone", "identity", "punctuation", "thin",
    }  # fmt: skip


def test_the_shipped_tasks_are_right_and_leave_nothing_to_mend() -> None:
    found: FoundTasks = read_paths(sorted(CONTENT.glob("*.yaml")))
    assert [one.place() | {"reason": one.message % one.params} for one in found.problems] == []
    assert lint(found.tasks) == []
    trades = {one.task.trade for one in found.tasks}
    assert len(trades) == 16


def test_a_landline_may_be_somebodys_as_a_mobile_number_may() -> None:
    def rules(number: str) -> list[str]:
        ticket = tasks.BLOCKS["ticket"]
        fields = [field | {"answer": [number]} if field["id"] == "phone" else field for field in ticket["fields"]]
        return [one.rule for one in lint(tasks.found(tasks.task("ticket", ticket=ticket | {"fields": fields})).tasks)]

    assert rules("021-5500-2270") == rules("0571 5500 2270") == ["phone"]
    assert rules("021-0000-2270") == []


def test_every_recording_lasts_as_its_transcript_says_and_is_called_made() -> None:
    """They are spoken at a constant rate of 32 kbit/s, and end half a second after the last word."""
    heard = [one for one in read_paths(sorted(CONTENT.glob("*.yaml"))).tasks if one.task.media]
    assert len(heard) == 11
    for one in heard:
        [media] = one.media.values()
        lines = transcript(one.task)
        length = len(media.content) / 4_000
        assert length == pytest.approx(float(lines[-1].end or 0) + 0.5, abs=0.2), one.task.code
        assert [line.start for line in lines] == sorted(line.start for line in lines if line.start is not None)
        assert "合成语音" in one.task.card.situation
        if isinstance(one.task, FaultsTask):
            assert float(one.task.faults.seconds) == pytest.approx(length, abs=0.2)
            spans = {(line.start, line.end) for line in lines}
            edges = {edge for span in spans for edge in span}
            assert {edge for fault in one.task.faults.faults for edge in (fault.start, fault.end)} <= edges


def test_the_linter_marks_a_ticket_that_nobody_could_hear() -> None:
    """It is done alone at a computer."""
    found = read_paths([CONTENT / "ticket-health-01.yaml"])
    assert lint(found.tasks) == []
    [one] = found.tasks
    assert isinstance(one.task, TicketTask)
    silent = one.task.model_copy(update={"ticket": one.task.ticket.model_copy(update={"audio": None})})
    assert [finding.rule for finding in lint([replace(one, task=silent)])] == ["silent"]

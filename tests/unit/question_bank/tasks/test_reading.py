"""Task files: what is right reads back the same, and every fault is told with its line and field."""

from __future__ import annotations

from typing import Any

import pytest

from question_bank.tasks.body import body_of, task_of
from question_bank.tasks.checks import problems
from question_bank.tasks.problems import TaskInvalid
from question_bank.tasks.reading import look_at, read_task, write_task
from tests.factories import tasks

KINDS = tuple(tasks.CRITERIA)


@pytest.mark.parametrize("kind", KINDS)
def test_a_right_task_reads_back_the_same(kind: str) -> None:
    task = read_task(tasks.text(kind), "a.yaml")
    assert problems(task) == []
    assert read_task(write_task(task), "b.yaml") == task
    assert task_of(body_of(task)) == task


@pytest.mark.parametrize(
    "old, new, field",
    [
        ("kind: call", "kind: dance", "kind"),
        ("code: call-express-01", "code: a b", "code"),
        ("title: 任务", "titel: 任务", "titel"),
        ("told: if_asked", "told: never", "role.facts[1].told"),
        ("traps:", "title: 二\ntraps:", "title"),
        ("value: 东城", "value: [a]", "card.data[1].value"),
        ("source: own", 'source: "\\0"', "source"),
        ("source: own", "source: 7", "source"),
        ("levels: [junior]", "levels: &a [junior, *a]", "levels[2]"),
        ("levels: [junior]", "levels: []", "levels"),
    ],
)
def test_every_fault_has_its_line_and_field(old: str, new: str, field: str) -> None:
    text = tasks.text()
    assert old in text
    text = text.replace(old, new, 1)
    with pytest.raises(TaskInvalid) as refused:
        read_task(text, "a.yaml")
    told = [(one["file"], one["line"], one["field"]) for one in refused.value.details["problems"]]
    wrong = new.splitlines()[0]
    where = next(number for number, one in enumerate(text.splitlines(), 1) if wrong in one)
    assert ("a.yaml", where, field) in told


@pytest.mark.parametrize("text", ["", "- a", "a: [", "x" * 400_001, "[" * 200, "code: 1", "\ufeff{}", "kind: chat"])
def test_what_is_no_task_is_refused(text: str) -> None:
    assert look_at(text, "a.yaml").problems


def changed(kind: str, **block: Any) -> list[str]:
    """Fields with a problem after the kind's own part was changed."""
    found = tasks.data(kind)
    name = "role" if "role" in found else kind
    found[name] |= block
    return [".".join(map(str, one.path)) for one in problems(tasks.made(found))]


def line(**how: Any) -> dict[str, Any]:
    return {"id": "x", "say": "好", **how}


LINES = tasks.BLOCKS["chat"]["customers"][0]["lines"]


def customers(*more: dict[str, Any]) -> list[dict[str, Any]]:
    one, other = tasks.BLOCKS["chat"]["customers"]
    return [{**one, "lines": [*LINES, *more]}, other]


@pytest.mark.parametrize(
    "kind, block, field",
    [
        ("chat", {"customers": customers(line(reply_to="nobody"))}, "chat.customers.0.lines.2.reply_to"),
        ("chat", {"customers": customers(line(reply_to="x"))}, "chat.customers.0.lines.2.reply_to"),
        ("chat", {"customers": customers(line(after=1, if_silent=9))}, "chat.customers.0.lines.2"),
        ("chat", {"customers": customers(line())}, "chat.customers.0.lines.2"),
        ("chat", {"customers": customers(line(after=9_00 * 4 // 3))}, "chat.customers.0.lines.2.after"),
        ("chat", {"customers": customers({**line(after=3), "id": "l1"})}, "chat.customers.0.lines.2.id"),
        ("chat", {"customers": customers(line(after=3, once=False))}, "chat.customers.0.lines.2.once"),
        ("typing", {"text": "短"}, "typing.text"),
        ("typing", {"digits": "abc"}, "typing.digits"),
        ("typing", {"minutes": {"text": 9, "digits": 9}}, "typing.minutes"),
        ("faults", {"seconds": 20}, "faults.transcript.1.from"),
        ("faults", {"decoys": [{"from": 6, "to": 7, "why_not": "近"}]}, "faults.decoys.0.from"),
        ("faults", {"kinds": [{"id": "a", "name": "甲"}, {"id": "tone", "name": "语气"}]}, "faults.faults.0.kind"),
        ("roster", {"best": {"p1": "late"}}, "roster.best"),
        ("roster", {"best": {"p9": "late"}}, "roster.best.p9"),
        ("roster", {"limits": {"most_staff": 1}}, "roster.best"),
        ("coaching", {"record": None}, "role"),
        ("call", {"agenda": ["x"]}, "role.agenda"),
    ],
)
def test_parts_that_do_not_fit_together(kind: str, block: dict[str, Any], field: str) -> None:
    assert field in changed(kind, **block)


def fields(**how: Any) -> dict[str, Any]:
    return {"fields": [{"id": "a", "label": "项", "type": "text", **how}, *tasks.BLOCKS["ticket"]["fields"][1:]]}


@pytest.mark.parametrize(
    "how, fits",
    [
        ({"type": "date", "answer": ["2026-02-28"]}, True),
        ({"type": "date", "answer": ["2026-02-30"]}, False),
        ({"type": "time", "answer": ["09:30"]}, True),
        ({"type": "time", "answer": ["9:30"]}, False),
        ({"type": "number", "answer": ["12.5"]}, True),
        ({"type": "number", "answer": ["NaN"]}, False),
        ({"type": "number", "answer": ["十二"]}, False),
        ({"type": "phone", "answer": ["abc"]}, False),
        ({"type": "choice", "answer": ["x"]}, False),
        ({"type": "text", "options": ["a", "b"]}, False),
        ({"type": "text", "answer": ["周"], "near": 1}, False),
        ({"type": "number", "answer": ["1"], "near": 1}, False),
    ],
)
def test_answers_fit_their_fields(how: dict[str, Any], fits: bool) -> None:
    assert (changed("ticket", **fields(**how)) == []) == fits


def question(**how: Any) -> dict[str, Any]:
    first, *rest = tasks.BLOCKS["report"]["questions"]
    return {"questions": [{**first, **how}, *rest]}


@pytest.mark.parametrize(
    "how",
    [
        {"answer": 88}, {"formula": "T1!Z9"}, {"formula": "T2!A1"}, {"formula": "T1!A1"}, {"formula": "T1!B1:B2"},
        {"formula": "1 / 0"}, {"formula": "__import__('os')"}, {"formula": "9 ** 9 ** 9"}, {"formula": "(" * 150},
        {"formula": "open"}, {"answer": "x"}, {"answer": ["1", "2"]}, {"options": ["a", "b"]},
    ],
)  # fmt: skip
def test_a_report_whose_figures_do_not_follow(how: dict[str, Any]) -> None:
    assert changed("report", **question(**how))


def test_the_sheet_speaks_of_every_criterion_of_the_level() -> None:
    found = tasks.data("call")
    found["sheet"] = [*found["sheet"][1:], {**found["sheet"][0], "criterion": "S01"}]
    told = [(one.path[0], one.params) for one in problems(tasks.made(found))]
    assert ("sheet", {"name": "S01"}) in told
    assert any(params.get("names") == "J01" for _, params in told)


@pytest.mark.parametrize(
    "changes", [{"levels": ["senior"]}, {"levels": ["nobody"]}, {"scheme": "X"}, {"levels": ["junior", "junior"]}]
)
def test_levels_and_scheme_are_known(changes: dict[str, Any]) -> None:
    assert problems(tasks.task("call", **changes))

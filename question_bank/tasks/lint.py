"""What a careful reviewer would mark in the margin of a task: right in its shape, and yet to be looked at again."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from typing import Any

from app.core.errors import N_
from question_bank.lint.alike import alike
from question_bank.lint.findings import Finding, Mark
from question_bank.tasks.body import RoleTask, TaskFile, TicketTask, body_of
from question_bank.tasks.files import FoundTask

NEARLY_EQUAL = 80.0
LEAST_FACTS, LEAST_LINES, LEAST_MOODS = 8, 6, 2
_PLACEHOLDER = re.compile(r"TODO|TBD|FIXME|lorem ipsum|[Xx]{3,}|待补充?|占位|此处填写|……{2,}|？？+|\?\?+")
_IDENTITY = re.compile(r"(?<![0-9])[1-9][0-9]{16}[0-9Xx](?![0-9])")
_PHONE = re.compile(r"(?<![0-9])(?:1[3-9][0-9]|0[0-9]{2,3})(?:[ -]?[0-9]{4}){2}(?![0-9])")
_FICTITIOUS = re.compile(r"(?:1[3-9][0-9]|0[0-9]{2,3})[ -]?(?:0000|1234|[0-9]{4}[ -]?0000)")
_HALF = re.compile(r"(?<=[\u4e00-\u9fff])[,;?!](?=[\u4e00-\u9fff]|$)", re.MULTILINE)
_WEIGHTS = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
_SIGNS = "10X98765432"


def lint(found: Sequence[FoundTask]) -> list[Finding]:
    """Every finding, in the order of files."""
    findings = [mark.at(one.file, one.task.code) for one in found for mark in marks(one.task)]
    texts = [told(one.task) for one in found]
    for one, other, percent in alike(texts, NEARLY_EQUAL):
        message = N_("This task says nearly the same as %(other)s (%(percent)s %%). Write one of them anew.")
        here, there = found[other], found[one].task.code
        findings.append(
            Finding("alike", here.file, message, {"other": there, "percent": round(percent)}, here.task.code)
        )
    return sorted(findings, key=lambda finding: (finding.file, finding.rule))


def marks(task: TaskFile) -> Iterator[Mark]:
    for name, text in texts(task):
        if match := _PLACEHOLDER.search(text):
            message = N_("%(field)s holds a placeholder, “%(text)s”; write what belongs there.")
            yield Mark("placeholder", message, {"field": name, "text": match[0]})
        if name == "typing.digits":
            continue
        if any(_passes(match[0]) for match in _IDENTITY.finditer(text)):
            message = N_("%(field)s holds an identity number that passes as a real one; change its last sign.")
            yield Mark("identity", message, {"field": name})
        if any(not _FICTITIOUS.match(match[0]) for match in _PHONE.finditer(text)):
            message = N_("%(field)s holds a telephone number that may be somebody's; use one with 0000 in it.")
            yield Mark("phone", message, {"field": name})
        if match := _HALF.search(text):
            message = N_("%(field)s has an English punctuation mark within Chinese words: “%(text)s”.")
            yield Mark("punctuation", message, {"field": name, "text": text[max(0, match.start() - 4) : match.end()]})
    if isinstance(task, RoleTask):
        yield from _thin(task)
    if isinstance(task, TicketTask) and not task.ticket.audio:
        yield Mark("silent", N_("ticket.audio is missing: a candidate alone at a computer would hear nothing."), {})


def texts(task: TaskFile) -> Iterator[tuple[str, str]]:
    """Every text that people read, by the name of its field."""
    skipped = ("code", "scheme", "kind", "levels", "trade")
    yield from ((name, text) for name, text in _walk(body_of(task), "") if name.partition(".")[0] not in skipped)


def told(task: TaskFile) -> str:
    """What makes this task another than the rest: its situation, what is asked, and what is played or shown."""
    block = "".join(text for _, text in _walk(body_of(task)[_block(task)], ""))
    return f"{task.card.situation}{task.card.asks}{block}"[:4_000]


def _block(task: TaskFile) -> str:
    return "role" if isinstance(task, RoleTask) else task.kind


def _walk(value: Any, name: str) -> Iterator[tuple[str, str]]:
    if isinstance(value, dict):
        for key, inner in value.items():
            yield from _walk(inner, f"{name}.{key}" if name else str(key))
    elif isinstance(value, list):
        for place, inner in enumerate(value, 1):
            yield from _walk(inner, f"{name}[{place}]")
    elif isinstance(value, str):
        yield name, value


def _thin(task: RoleTask) -> Iterator[Mark]:
    """Two players shall give the same test, so the script says enough."""
    role = task.role
    held = (("facts", len(role.facts), LEAST_FACTS), ("lines", len(role.lines), LEAST_LINES),
            ("mood", len(role.mood), LEAST_MOODS))  # fmt: skip
    for name, count, least in held:
        if count < least:
            message = N_("role.%(field)s has %(count)s entries; two players give the same test only from %(least)s on.")
            yield Mark("thin", message, {"field": name, "count": count, "least": least})


def _passes(number: str) -> bool:
    total = sum(int(digit) * weight for digit, weight in zip(number[:17], _WEIGHTS, strict=True))
    return _SIGNS[total % 11] == number[17].upper()

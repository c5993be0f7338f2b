"""The tasks of the trade that make up a level's practical, as frozen values."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from app.core.errors import N_
from app.schemes.decisions import SchemeDoc
from app.schemes.reading import Path, Problem


@dataclass(frozen=True)
class TaskSlot:
    """One task of a practical; which task of that kind it is, is drawn for each candidate."""

    id: str
    kind: str
    minutes: int
    attended: bool
    """Played before both examiners; the others are done at a computer and leave a record."""
    criteria: tuple[str, ...]
    """Criteria of the sheet it gives evidence for."""
    proposes: str | None = None
    """The criterion for which the engine proposes points from what the candidate did."""


def slots_of(doc: SchemeDoc, level: str) -> tuple[TaskSlot, ...]:
    return tuple(
        TaskSlot(one.id, one.kind, one.minutes, one.attended, tuple(one.criteria), one.proposes)
        for one in doc.practical.tasks.get(level, [])
    )


def tasks(doc: SchemeDoc) -> Iterator[Problem]:
    """What must fit together: known levels, each id once, criteria of the level's sheet, minutes within the part's."""
    codes = [level.code for level in doc.levels]
    for code, slots in doc.practical.tasks.items():
        path: Path = ("practical", "tasks", code)
        if code not in codes:
            message = N_("%(file)s, line %(line)s, %(field)s: “%(level)s” is not a level of this scheme.")
            yield Problem(path, message, {"level": code})
            continue
        known = {criterion.id for criterion in doc.practical.sheets.get(code, [])}
        seen: set[str] = set()
        for index, slot in enumerate(slots):
            if slot.id in seen:
                message = N_("%(file)s, line %(line)s, %(field)s: “%(name)s” stands twice; each may stand once.")
                yield Problem((*path, index, "id"), message, {"name": slot.id})
            seen.add(slot.id)
            named = [("criteria", place, name) for place, name in enumerate(slot.criteria)]
            for field, place, name in named:
                if name not in known:
                    message = N_("%(file)s, line %(line)s, %(field)s: the level's sheet has no criterion “%(name)s”.")
                    yield Problem((*path, index, field, place), message, {"name": name})
            if slot.proposes is not None and slot.proposes not in slot.criteria:
                message = N_("%(file)s, line %(line)s, %(field)s: “%(name)s” must be one of the task's own criteria.")
                yield Problem((*path, index, "proposes"), message, {"name": slot.proposes})
        yield from _attended(doc, path, code)
        spent = sum(slot.minutes for slot in slots)
        if spent > doc.practical.minutes:
            message = N_(
                "%(file)s, line %(line)s, %(field)s: the tasks take %(sum)s minutes, the practical has %(total)s."
            )
            yield Problem(path, message, {"sum": spent, "total": doc.practical.minutes})


def _attended(doc: SchemeDoc, path: Path, level: str) -> Iterator[Problem]:
    """One candidate's tasks before examiners must fit into what an examiner attends without a rest."""
    decided, minutes = doc.body_decisions.timetable, [one.minutes for one in slots_of(doc, level) if one.attended]
    if decided is None or not minutes:
        return
    rules = decided.values
    need = sum(minutes) + rules.gap_minutes * (len(minutes) - 1)
    if need > rules.attend_minutes:
        message = N_(
            "%(file)s, line %(line)s, %(field)s: one candidate takes %(need)s minutes before the examiners, who attend"
            " %(have)s at most without a rest."
        )
        yield Problem(path, message, {"need": need, "have": rules.attend_minutes})

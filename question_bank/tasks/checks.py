"""What must hold of a task beyond its shape: it serves its levels, and its parts fit together."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from app.core.errors import N_, Refusal
from app.schemes.reading import Path, Problem
from app.schemes.scheme import Level, scheme
from question_bank.tasks import chat_checks, desk_checks, planning_checks
from question_bank.tasks.body import ChatTask, FaultsTask, ReportTask, RoleTask, RosterTask, TaskFile, TicketTask
from question_bank.tasks.body import TypingTask as Typed

RESERVED = ("new", "import", "export")
TWICE = N_("“%(name)s” stands twice; each may stand once.")


def problems(task: TaskFile) -> list[Problem]:
    """Empty for a task that can be used."""
    found, levels = [], []
    for one in _levels(task):
        if isinstance(one, Problem):
            found.append(one)
        else:
            levels.append(one)
    if not found:
        found += _serves(task, levels)
    if task.code in RESERVED:
        found.append(Problem(("code",), N_("Pages of the task bank have this name; give the task another code.")))
    found += twice((one.criterion for one in task.sheet), ("sheet",), "criterion")
    found += twice((one.id for one in task.traps), ("traps",), "id")
    return [*found, *_of_kind(task, levels)]


def twice(names: Iterable[str], path: Path, field: str) -> Iterator[Problem]:
    seen: set[str] = set()
    for place, name in enumerate(names):
        if name in seen:
            yield Problem((*path, place, field) if field else (*path, place), TWICE, {"name": name})
        seen.add(name)


def slot_minutes(task: TaskFile, levels: Iterable[Level]) -> int | None:
    """The shortest time that any level gives for it."""
    given = [slot.minutes for level in levels for slot in level.practical.tasks if slot.kind == task.kind]
    return min(given, default=None)


def _levels(task: TaskFile) -> Iterator[Level | Problem]:
    try:
        known = scheme(task.scheme)
    except Refusal as refusal:
        yield Problem(("scheme",), refusal.message, refusal.params)
        return
    codes = {level.code: level for level in known.levels}
    for place, code in enumerate(task.levels):
        if code in codes:
            yield codes[code]
        else:
            message = N_("The scheme has no level “%(level)s”. Use one of: %(known)s.")
            yield Problem(("levels", place), message, {"level": code, "known": ", ".join(codes)})
    yield from twice(task.levels, ("levels",), "")


def _serves(task: TaskFile, levels: list[Level]) -> Iterator[Problem]:
    """Every level has a task of this kind, and the sheet speaks of all criteria that it gives evidence for."""
    known = {one.id for level in levels for one in level.practical.sheet.criteria}
    told = {one.criterion for one in task.sheet}
    for place, one in enumerate(task.sheet):
        if one.criterion not in known:
            message = N_("The sheets of the task's levels have no criterion “%(name)s”.")
            yield Problem(("sheet", place, "criterion"), message, {"name": one.criterion})
    for place, level in enumerate(levels):
        slots = [slot for slot in level.practical.tasks if slot.kind == task.kind]
        if not slots:
            message = N_("The practical of the level “%(level)s” has no task of this kind.")
            yield Problem(("levels", place), message, {"level": level.code})
        missing = sorted({one for slot in slots for one in slot.criteria} - told)
        if missing:
            message = N_("At the level “%(level)s” the sheet must also say what to look for in: %(names)s.")
            yield Problem(("sheet",), message, {"level": level.code, "names": ", ".join(missing)})


def _of_kind(task: TaskFile, levels: list[Level]) -> Iterator[Problem]:
    minutes = slot_minutes(task, levels)
    match task:
        case RoleTask():
            yield from _role(task)
        case ChatTask():
            yield from chat_checks.problems(task.chat, minutes)
        case TicketTask():
            yield from desk_checks.ticket(task.ticket)
        case Typed():
            yield from desk_checks.typing(task.typing, minutes)
        case FaultsTask():
            yield from desk_checks.faults(task.faults, minutes)
        case ReportTask():
            yield from planning_checks.report(task.report)
        case RosterTask():
            yield from planning_checks.roster(task.roster)


def _role(task: RoleTask) -> Iterator[Problem]:
    role = task.role
    yield from twice((one.id for one in role.facts), ("role", "facts"), "id")
    if task.kind == "coaching" and role.record is None:
        yield Problem(("role",), N_("A clerk is coached from a recording: add “record” with transcript and findings."))
    if task.kind != "coaching" and role.record is not None:
        yield Problem(("role", "record"), N_("Only a coaching task has a record; move what it says to card or facts."))
    if task.kind == "briefing" and role.questions is None:
        yield Problem(("role",), N_("The audience of a briefing asks questions: add “questions”."))
    for name in ("agenda", "questions"):
        if task.kind != "briefing" and getattr(role, name) is not None:
            yield Problem(("role", name), N_("Only a briefing has an agenda and questions of its audience."))
    if role.record:
        yield from rising([one.at for one in role.record.transcript], ("role", "record", "transcript"), "at")


def rising(seconds: Iterable[object], path: Path, field: str) -> Iterator[Problem]:
    last = None
    for place, second in enumerate(seconds):
        if last is not None and second < last:  # type: ignore[operator]
            yield Problem((*path, place, field), N_("This begins before the line above it; put the lines in order."))
        last = second

"""Whether the keys of tickets, typing and recordings can be met at all."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from datetime import date, time
from decimal import Decimal, InvalidOperation

from app.core.errors import N_
from app.schemes.reading import Path, Problem
from question_bank.tasks.desk import Faults, Ticket, TicketField, Typing

BEFORE, BEHIND = 2, 3
"""A mark counts so many seconds before a fault begins and after it ends."""
ENOUGH = Decimal("1.5")
"""The text to be typed is so much longer than what the target asks for, so that nobody runs out of it."""
_PHONE = re.compile(r"\+?[0-9][0-9 -]{3,18}[0-9]")
_DIGITS = re.compile(r"[0-9\s.,:/+-]+")
_TWICE = N_("“%(name)s” stands twice; each may stand once.")


def ticket(one: Ticket) -> Iterator[Problem]:
    yield from _ids([field.id for field in one.fields], ("ticket", "fields"))
    if not any(field.answer for field in one.fields):
        yield Problem(("ticket", "fields"), N_("No field has an answer, so there is nothing to compare."))
    for place, field in enumerate(one.fields):
        yield from _field(field, ("ticket", "fields", place))
    for place, line in enumerate(one.transcript):
        if (line.start is None) != (line.end is None) or (line.start is not None and line.start >= (line.end or 0)):
            message = N_("Give both “from” and “to”, the first being the smaller, or neither.")
            yield Problem(("ticket", "transcript", place), message)


def _field(field: TicketField, path: Path) -> Iterator[Problem]:
    if (field.type == "choice") != (field.options is not None):
        yield Problem(path, N_("A field of type choice has options, and no other field has any."))
        return
    if field.near and field.type not in ("text", "long"):
        yield Problem((*path, "near"), N_("Only texts may be nearly right."))
    for place, answer in enumerate(field.answer):
        here = (*path, "answer", place)
        if field.options is not None and answer not in field.options:
            yield Problem(here, N_("The answer must be one of the options."))
        elif field.type in _FITS and not _FITS[field.type](answer):
            yield Problem(here, N_("This is no answer that a field of type %(type)s can hold; write it as %(like)s."),
                          {"type": field.type, "like": _LIKE[field.type]})  # fmt: skip
        elif field.near * 2 > len(answer):
            yield Problem((*path, "near"), N_("So many edits would make another word of “%(answer)s”."),
                          {"answer": answer})  # fmt: skip


def _is_date(text: str) -> bool:
    try:
        return date.fromisoformat(text).isoformat() == text
    except ValueError:
        return False


def _is_time(text: str) -> bool:
    try:
        return time.fromisoformat(text).strftime("%H:%M") == text
    except ValueError:
        return False


def _is_number(text: str) -> bool:
    try:
        return Decimal(text).is_finite()
    except InvalidOperation:
        return False


_FITS: dict[str, Callable[[str], bool]] = {
    "phone": lambda text: bool(_PHONE.fullmatch(text)), "date": _is_date, "time": _is_time, "number": _is_number,
}  # fmt: skip
_LIKE = {"phone": "138 0000 0001", "date": "2026-03-01", "time": "09:30", "number": "12.5"}


def typing(one: Typing, minutes: int | None) -> Iterator[Problem]:
    if not _DIGITS.fullmatch(one.digits):
        yield Problem(("typing", "digits"), N_("Only figures, blanks and the signs . , : / + - can stand here."))
    for name in ("text", "digits"):
        held = len("".join(getattr(one, name).split()))
        needed = getattr(one.minutes, name) * getattr(one.targets, name) * ENOUGH
        if held < needed:
            message = N_("This has %(held)s characters; with these minutes and this target it needs %(needed)s.")
            yield Problem(("typing", name), message, {"held": held, "needed": int(needed)})
    spent = one.minutes.text + one.minutes.digits
    if minutes is not None and spent > minutes:
        message = N_("Text and digits take %(spent)s minutes together; the task has %(minutes)s.")
        yield Problem(("typing", "minutes"), message, {"spent": spent, "minutes": minutes})


def faults(one: Faults, minutes: int | None) -> Iterator[Problem]:
    kinds = [kind.id for kind in one.kinds]
    yield from _ids(kinds, ("faults", "kinds"))
    yield from _ids([fault.id for fault in one.faults], ("faults", "faults"))
    for place, fault in enumerate(one.faults):
        if fault.kind not in kinds:
            message = N_("“%(kind)s” is none of the kinds named above.")
            yield Problem(("faults", "faults", place, "kind"), message, {"kind": fault.kind})
    for name in ("transcript", "faults", "decoys"):
        yield from _spans([(each.start, each.end) for each in getattr(one, name)], one.seconds, ("faults", name))
    yield from _apart(one)
    if minutes is not None and one.seconds * 2 > minutes * 60:
        message = N_("Hearing the recording twice takes longer than the task, which has %(minutes)s minutes.")
        yield Problem(("faults", "seconds"), message, {"minutes": minutes})


def _spans(spans: list[tuple[Decimal, Decimal]], whole: Decimal, path: Path) -> Iterator[Problem]:
    last = Decimal(0)
    for place, (start, end) in enumerate(spans):
        if not start < end <= whole:
            message = N_("“from” must be smaller than “to”, and both within the %(seconds)s seconds of the recording.")
            yield Problem((*path, place, "from"), message, {"seconds": whole})
        elif start < last:
            yield Problem((*path, place, "from"), N_("This overlaps with the entry above it, or stands out of order."))
        last = max(last, end)


def _apart(one: Faults) -> Iterator[Problem]:
    for place, decoy in enumerate(one.decoys):
        for fault in one.faults:
            if decoy.start < fault.end + BEHIND and fault.start - BEFORE < decoy.end:
                message = N_("Too near to the fault %(fault)s: a mark here would count for that one.")
                yield Problem(("faults", "decoys", place, "from"), message, {"fault": fault.id})


def _ids(names: list[str], path: Path) -> Iterator[Problem]:
    for place, name in enumerate(names):
        if name in names[:place]:
            yield Problem((*path, place, "id"), _TWICE, {"name": name})

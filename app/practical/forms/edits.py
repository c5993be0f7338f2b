"""The acts of building a sheet, each from one body to the next: add, remove, move, ready examples."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Sequence
from typing import TypeVar

from app.practical.forms.body import (
    ATTENDANCE,
    GRADES,
    MOST_CRITERIA,
    MOST_DEDUCTIONS,
    MOST_GROUPS,
    RATERS,
    BandBody,
    CriterionBody,
    DeductionBody,
    FormBody,
    GroupBody,
)
from app.practical.marking.rubric import EXAMINERS
from app.schemes.scheme import PracticalPart

Entry = TypeVar("Entry")


def edited(body: FormBody, act: str, place: int, part: PracticalPart) -> tuple[FormBody, str]:
    """The body after an act at a place, and the part of the page to look at; an unknown act changes nothing."""
    known = ACTS.get(act)
    return known(body, place, part) if known else (body, "")


def _add(body: FormBody, area: int, part: PracticalPart) -> tuple[FormBody, str]:
    areas = part.sheet.areas
    if len(body.criteria) >= MOST_CRITERIA or not 0 <= area < len(areas):
        return body, ""
    fresh = CriterionBody(
        id=_next(body, [one.id for one in part.sheet.criteria]), area=areas[area].name,
        bands=tuple(BandBody(grade=grade, low="0" if grade == GRADES[-1] else "") for grade in GRADES),
    )  # fmt: skip
    return _with(body, criteria=(*body.criteria, fresh)), f"criteria.{len(body.criteria)}"


def _next(body: FormBody, known: Sequence[str]) -> str:
    """A number after all that the sheet and the scheme's own have, so that none means two things."""
    found = [re.fullmatch(r"([A-Za-z-]*)(\d+)", key) for key in [*known, *(one.id for one in body.criteria)]]
    letters = next((match[1] for match in found if match), "C")
    highest = max((int(match[2]) for match in found if match and match[1] == letters), default=0)
    return f"{letters}{highest + 1:02d}"


def _remove(body: FormBody, place: int, _part: PracticalPart) -> tuple[FormBody, str]:
    return _with(body, criteria=_without(body.criteria, place)), "criteria"


def _up(body: FormBody, place: int, _part: PracticalPart) -> tuple[FormBody, str]:
    return _moved(body, place, range(place - 1, -1, -1))


def _down(body: FormBody, place: int, _part: PracticalPart) -> tuple[FormBody, str]:
    return _moved(body, place, range(place + 1, len(body.criteria)))


def _moved(body: FormBody, place: int, ways: Iterable[int]) -> tuple[FormBody, str]:
    """Past its next neighbour of the same area; at the edge it stays."""
    if not 0 <= place < len(body.criteria):
        return body, ""
    area = body.criteria[place].area
    there = next((other for other in ways if body.criteria[other].area == area), place)
    criteria = list(body.criteria)
    criteria[place], criteria[there] = criteria[there], criteria[place]
    return _with(body, criteria=tuple(criteria)), f"criteria.{there}"


def _add_deduction(body: FormBody, _place: int, _part: PracticalPart) -> tuple[FormBody, str]:
    if len(body.deductions) >= MOST_DEDUCTIONS:
        return body, ""
    taken = {one.id for one in body.deductions}
    key = next(f"D{number:02d}" for number in range(1, MOST_DEDUCTIONS + 2) if f"D{number:02d}" not in taken)
    fresh = DeductionBody(id=key, each="1", most="1")
    return _with(body, deductions=(*body.deductions, fresh)), f"deductions.{len(body.deductions)}"


def _attendance(body: FormBody, _place: int, _part: PracticalPart) -> tuple[FormBody, str]:
    taken = {one.id for one in body.deductions}
    ready = tuple(one for one in ATTENDANCE if one.id not in taken)
    return _with(body, deductions=(*body.deductions, *ready)[:MOST_DEDUCTIONS]), "deductions"


def _remove_deduction(body: FormBody, place: int, _part: PracticalPart) -> tuple[FormBody, str]:
    return _with(body, deductions=_without(body.deductions, place)), "deductions"


def _add_group(body: FormBody, _place: int, _part: PracticalPart) -> tuple[FormBody, str]:
    if len(body.groups) >= MOST_GROUPS:
        return body, ""
    taken = {one.id for one in body.groups}
    if EXAMINERS not in taken:
        fresh = GroupBody(id=EXAMINERS, name="考评员", name_en="Examiners", weight="100")
    else:
        key = next(f"group{number}" for number in range(1, MOST_GROUPS + 2) if f"group{number}" not in taken)
        fresh = GroupBody(id=key)
    return _with(body, groups=(*body.groups, fresh)), f"groups.{len(body.groups)}"


def _raters(body: FormBody, _place: int, _part: PracticalPart) -> tuple[FormBody, str]:
    return _with(body, groups=RATERS), "groups"


def _remove_group(body: FormBody, place: int, _part: PracticalPart) -> tuple[FormBody, str]:
    return _with(body, groups=_without(body.groups, place)), "groups"


ACTS: dict[str, Callable[[FormBody, int, PracticalPart], tuple[FormBody, str]]] = {
    "add": _add, "remove": _remove, "up": _up, "down": _down,
    "add-deduction": _add_deduction, "attendance": _attendance, "remove-deduction": _remove_deduction,
    "add-group": _add_group, "raters": _raters, "remove-group": _remove_group,
}  # fmt: skip


def _without(entries: tuple[Entry, ...], place: int) -> tuple[Entry, ...]:
    return tuple(entry for index, entry in enumerate(entries) if index != place)


def _with(body: FormBody, **changed: object) -> FormBody:
    return body.model_copy(update=changed)

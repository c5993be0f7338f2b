"""What must fit together in a sheet that a registrar builds. Each problem names its field and how to mend it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from app.core.errors import N_
from app.core.figures import exact_number
from app.core.texts import is_plain, said
from app.practical.forms.body import BandBody, CriterionBody, DeductionBody, FormBody, GroupBody
from app.practical.marking.rubric import EXAMINERS
from app.schemes.scheme import PracticalPart

MOST_TIMES = 99
LONGEST_NAME, LONGEST_TEXT = 80, 400


@dataclass(frozen=True)
class Problem:
    """`where` is the field as the page and the API name it: criteria.0.points."""

    where: str
    message: str
    params: dict[str, Any] = field(default_factory=dict)


def problems_of(body: FormBody, part: PracticalPart) -> tuple[Problem, ...]:
    """Everything at once, so that it can be mended at once."""
    return tuple(_problems(body, part))


def _problems(body: FormBody, part: PracticalPart) -> Iterator[Problem]:
    yield from _ids([*body.criteria, *body.deductions], "criteria", len(body.criteria))
    for index, criterion in enumerate(body.criteria):
        yield from _criterion(f"criteria.{index}", criterion, part)
    yield from _areas(body, part)
    for index, deduction in enumerate(body.deductions):
        yield from _deduction(f"deductions.{index}", deduction, part)
    yield from _groups(body.groups)


def _ids(entries: Sequence[CriterionBody | DeductionBody], kind: str, criteria: int) -> Iterator[Problem]:
    seen: set[str] = set()
    for index, one in enumerate(entries):
        where = f"{kind}.{index}.id" if index < criteria else f"deductions.{index - criteria}.id"
        if not (one.id.isascii() and one.id.replace("-", "").replace("_", "").isalnum()):
            message = N_("The number “%(id)s” is not usable. Use letters, digits, - and _, such as J17.")
            yield Problem(where, message, {"id": one.id})
        elif one.id in seen:
            yield Problem(where, N_("The number “%(id)s” stands twice. Give one of the two another."), {"id": one.id})
        seen.add(one.id)


def _criterion(where: str, one: CriterionBody, part: PracticalPart) -> Iterator[Problem]:
    yield from _name(where, one.name, one.name_en)
    areas = [area.name for area in part.sheet.areas]
    if one.area not in areas:
        message = N_("There is no area “%(area)s” in this level. Choose one of: %(known)s.")
        yield Problem(f"{where}.area", message, {"area": one.area, "known": "、".join(areas)})
    points = exact_number(one.points)
    step = part.sheet.step
    if points is None or points <= 0 or points > part.full_marks or points % step:
        message = N_("“%(given)s” is not a number of points. Enter more than 0, in steps of %(step)s.")
        yield Problem(f"{where}.points", message, {"given": one.points, "step": step})
        return
    if one.critical and one.critical_below:
        below = exact_number(one.critical_below)
        if below is None or below <= 0 or below > points:
            message = N_("“%(given)s” is no threshold. Enter more than 0 and at most %(most)s points, or nothing.")
            yield Problem(f"{where}.critical_below", message, {"given": one.critical_below, "most": points})
    yield from _bands(where, one.bands, points, step)


def _bands(where: str, bands: Sequence[BandBody], points: Decimal, step: Decimal) -> Iterator[Problem]:
    """Each begins below the one above it; the last begins at 0. Bands left empty are none."""
    filled = [(index, band) for index, band in enumerate(bands) if not band.empty()]
    if len(filled) < 2:
        message = N_("A criterion needs at least two bands. Describe the best and the poorest performance.")
        yield Problem(f"{where}.bands.0.text", message)
        return
    above = points + step
    for place, (index, band) in enumerate(filled):
        here, last = f"{where}.bands.{index}", place == len(filled) - 1
        if not said(band.text):
            yield Problem(f"{here}.text", N_("Say what a performance of this band looks like."))
        yield from _printable(f"{here}.text", band.text, LONGEST_TEXT)
        yield from _printable(f"{here}.text_en", band.text_en, LONGEST_TEXT)
        low = exact_number(band.low)
        if low is None or low % step or not 0 <= low < above:
            message = N_("“%(given)s” does not do as the lowest points of this band. Enter 0 to %(most)s in steps of %(step)s.")  # noqa: E501  # fmt: skip
            yield Problem(f"{here}.low", message, {"given": band.low, "most": above - step, "step": step})
            return
        if last and low != 0:
            yield Problem(f"{here}.low", N_("The lowest band must begin at 0 points. Enter 0."))
        if not last and low == 0:
            yield Problem(
                f"{here}.low", N_("Only the lowest band begins at 0 points. Enter more, or empty the bands below.")
            )
            return
        above = low


def _areas(body: FormBody, part: PracticalPart) -> Iterator[Problem]:
    for area in part.sheet.areas:
        found = area_sum(body, area.name)
        if found is not None and found != area.points:
            message = N_("The criteria of “%(area)s” bring %(sum)s points, the scheme gives the area %(total)s. Change their points until they agree.")  # noqa: E501  # fmt: skip
            yield Problem("criteria", message, {"area": area.name, "sum": found, "total": area.points})


def area_sum(body: FormBody, area: str) -> Decimal | None:
    """None while a figure in it cannot be read."""
    figures = [exact_number(one.points) for one in body.criteria if one.area == area]
    known = [figure for figure in figures if figure is not None]
    return sum(known, start=Decimal(0)) if len(known) == len(figures) else None


def _deduction(where: str, one: DeductionBody, part: PracticalPart) -> Iterator[Problem]:
    yield from _name(where, one.name, one.name_en)
    each, most, step = exact_number(one.each), exact_number(one.most), part.sheet.step
    if each is None or each <= 0 or each > part.full_marks or each % step:
        message = N_("“%(given)s” is not a number of points. Enter more than 0, in steps of %(step)s.")
        yield Problem(f"{where}.each", message, {"given": one.each, "step": step})
    if most is None or most % 1 or not 1 <= most <= MOST_TIMES:
        message = N_("“%(given)s” is not a number of times. Enter a whole number from 1 to %(most)s.")
        yield Problem(f"{where}.most", message, {"given": one.most, "most": MOST_TIMES})


def _groups(groups: Sequence[GroupBody]) -> Iterator[Problem]:
    if not groups:
        return
    weights, seen = [], set[str]()
    for index, one in enumerate(groups):
        where = f"groups.{index}"
        yield from _name(where, one.name, one.name_en)
        if not (one.id.isascii() and one.id.replace("-", "").replace("_", "").isalnum()) or one.id in seen:
            message = N_(
                "The short name “%(id)s” is not usable or stands twice. Use letters and digits, such as group2."
            )
            yield Problem(f"{where}.id", message, {"id": one.id})
        seen.add(one.id)
        weight = exact_number(one.weight)
        if weight is None or weight % 1 or not 1 <= weight <= 100:
            message = N_("“%(given)s” is no weight. Enter a whole number of percent from 1 to 100.")
            yield Problem(f"{where}.weight", message, {"given": one.weight})
        else:
            weights.append(weight)
    if EXAMINERS not in seen:
        message = N_("The examiners must be among the groups: without their two sheets there is no score. Add them.")
        yield Problem("groups", message)
    if len(weights) == len(groups) and sum(weights) != 100:
        message = N_("The weights add up to %(sum)s percent. Change them until they make 100.")
        yield Problem("groups", message, {"sum": sum(weights)})


def _name(where: str, name: str, name_en: str) -> Iterator[Problem]:
    if not said(name):
        yield Problem(f"{where}.name", N_("The name is missing. Enter it."))
    yield from _printable(f"{where}.name", name, LONGEST_NAME)
    yield from _printable(f"{where}.name_en", name_en, LONGEST_NAME)


def _printable(where: str, text: str, most: int) -> Iterator[Problem]:
    if len(text) > most:
        message = N_("The text has %(count)s characters, at most %(most)s fit. Shorten it.")
        yield Problem(where, message, {"count": len(text), "most": most})
    if not is_plain(text):
        yield Problem(where, N_("The text holds a character that nobody sees. Type it anew."))


def hints_of(body: FormBody, part: PracticalPart) -> tuple[Problem, ...]:
    """What is allowed but worth a second look: tasks and criteria that do not meet."""
    ids = {one.id for one in body.criteria}
    served = {criterion for slot in part.tasks for criterion in slot.criteria}
    lost = [
        Problem("criteria", N_("The task “%(task)s” gives evidence for %(criterion)s, which is not on this sheet."),
                {"task": slot.id, "criterion": criterion})
        for slot in part.tasks
        for criterion in slot.criteria
        if criterion not in ids
    ]  # fmt: skip
    unseen = [
        Problem(f"criteria.{index}.id", N_("No task of this level gives evidence for %(criterion)s; the examiners have to look for it themselves."),  # noqa: E501
                {"criterion": one.id})
        for index, one in enumerate(body.criteria)
        if part.tasks and one.id not in served
    ]  # fmt: skip
    return (*lost, *unseen)

"""Which limits of a roster a plan breaks. A plan names for each person at work the shift."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from app.core.errors import N_
from question_bank.tasks.parts import minute_of
from question_bank.tasks.planning import Roster, Shift, Staff

Plan = Mapping[str, str]


@dataclass(frozen=True)
class Breach:
    """`message` is a msgid with its params, about people and shifts by their names."""

    limit: str
    message: str
    params: Mapping[str, Any] = field(default_factory=dict)


def on_duty(roster: Roster, plan: Plan) -> list[int]:
    """How many work in each interval from its beginning to its end, breaks taken off."""
    shifts = {shift.id: shift for shift in roster.shifts}
    chosen = [shifts[name] for name in plan.values() if name in shifts]
    length = roster.interval_minutes
    starts = [minute_of(interval.start) for interval in roster.intervals]
    return [sum(_works(shift, start, start + length) for shift in chosen) for start in starts]


def _works(shift: Shift, start: int, end: int) -> bool:
    if minute_of(shift.start) > start or minute_of(shift.end) < end:
        return False
    return shift.rest is None or minute_of(shift.rest[1]) <= start or minute_of(shift.rest[0]) >= end


def breaches(roster: Roster, plan: Plan) -> list[Breach]:
    """Every limit that the plan breaks, once for each person, shift or interval."""
    staff = {one.id: one for one in roster.staff}
    shifts = {one.id: one for one in roster.shifts}
    unknown = [name for name in plan if name not in staff] + [name for name in plan.values() if name not in shifts]
    if unknown:
        message = N_("The roster knows no “%(name)s”.")
        return [Breach("unknown", message, {"name": name}) for name in unknown]
    found = [breach for person, shift in plan.items() for breach in _person(staff[person], shifts[shift])]
    return [*found, *_totals(roster, plan, shifts), *_pairs(roster, plan, staff), *_room(roster, plan)]


def _person(one: Staff, shift: Shift) -> Iterator[Breach]:
    if shift.id not in one.may:
        message = N_("%(person)s may not be given the shift %(shift)s.")
        yield Breach("may", message, {"person": one.name, "shift": shift.name})
    if one.most_hours is not None and shift.hours > one.most_hours:
        message = N_("The shift %(shift)s is longer than %(person)s may work (%(hours)s hours).")
        yield Breach("most_hours", message, {"person": one.name, "shift": shift.name, "hours": one.most_hours})


def _totals(roster: Roster, plan: Plan, shifts: Mapping[str, Shift]) -> Iterator[Breach]:
    limits, counted = roster.limits, Counter(plan.values())
    if limits.most_staff is not None and len(plan) > limits.most_staff:
        message = N_("%(count)s people work; at most %(most)s may.")
        yield Breach("most_staff", message, {"count": len(plan), "most": limits.most_staff})
    hours = sum((shifts[name].hours for name in plan.values()), Decimal(0))
    if limits.most_hours is not None and hours > limits.most_hours:
        message = N_("%(hours)s hours are worked in all; at most %(most)s may be.")
        yield Breach("total_hours", message, {"hours": hours, "most": limits.most_hours})
    for one in limits.per_shift:
        name, count = shifts[one.shift].name, counted[one.shift]
        if one.least is not None and count < one.least:
            message = N_("The shift %(shift)s has %(count)s people; it needs at least %(least)s.")
            yield Breach("per_shift", message, {"shift": name, "count": count, "least": one.least})
        if one.most is not None and count > one.most:
            message = N_("The shift %(shift)s has %(count)s people; it takes at most %(most)s.")
            yield Breach("per_shift", message, {"shift": name, "count": count, "most": one.most})


def _pairs(roster: Roster, plan: Plan, staff: Mapping[str, Staff]) -> Iterator[Breach]:
    limits = roster.limits
    for one, other in limits.together:
        if one in plan and plan.get(other) != plan[one]:
            message = N_("%(one)s works only together with %(other)s.")
            yield Breach("together", message, {"one": staff[one].name, "other": staff[other].name})
    for one, other in limits.apart:
        if one in plan and plan.get(other) == plan[one]:
            message = N_("%(one)s and %(other)s may not work the same shift.")
            yield Breach("apart", message, {"one": staff[one].name, "other": staff[other].name})
    for one in limits.must_work:
        if one not in plan:
            yield Breach("must_work", N_("%(person)s must work."), {"person": staff[one].name})


def _room(roster: Roster, plan: Plan) -> Iterator[Breach]:
    limits = roster.limits
    for interval, count in zip(roster.intervals, on_duty(roster, plan), strict=True):
        params = {"at": interval.start, "count": count}
        if limits.most_on_duty is not None and count > limits.most_on_duty:
            message = N_("At %(at)s %(count)s people are on duty; there are places for %(most)s.")
            yield Breach("most_on_duty", message, {**params, "most": limits.most_on_duty})
        if limits.least_on_duty is not None and count < limits.least_on_duty:
            message = N_("At %(at)s %(count)s people are on duty; there must be at least %(least)s.")
            yield Breach("least_on_duty", message, {**params, "least": limits.least_on_duty})

"""When too few proctors were in a room. Values in, values out."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import pairwise


@dataclass(frozen=True)
class Stay:
    """Somebody was there from `began` up to, but not including, `ended`; None means still there."""

    person: int
    name: str
    began: datetime
    ended: datetime | None


@dataclass(frozen=True)
class Breach:
    """From `began` to `ended` only `have` were there."""

    began: datetime
    ended: datetime
    have: int


def within(stays: Iterable[Stay], begin: datetime, end: datetime) -> list[Stay]:
    """What of each stay lies between the two moments; `ended` None where it lasted to the end or beyond."""
    found = []
    for one in stays:
        began, ended = max(one.began, begin), one.ended if one.ended is not None and one.ended < end else None
        if began < (ended or end):
            found.append(Stay(one.person, one.name, began, ended))
    return sorted(found, key=lambda one: (one.began, one.person))


def breaches(stays: Sequence[Stay], need: int, begin: datetime, end: datetime) -> list[Breach]:
    """Every stretch between the two moments in which fewer than `need` different people were there."""
    inside = within(stays, begin, end)
    moments = {begin, end, *(one.began for one in inside), *(one.ended for one in inside if one.ended)}
    found: list[Breach] = []
    ordered = sorted(moments)
    for began, ended in pairwise(ordered):
        have = len({one.person for one in inside if one.began <= began and (one.ended is None or began < one.ended)})
        if have >= need:
            continue
        if found and found[-1].ended == began and found[-1].have == have:
            found[-1] = Breach(found[-1].began, ended, have)
        else:
            found.append(Breach(began, ended, have))
    return found

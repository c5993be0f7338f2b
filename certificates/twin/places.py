"""Places in the lists of status: drawn by chance, many at once, and nobody gets one that another has."""

from __future__ import annotations

import secrets
from collections.abc import Collection

from sqlalchemy import text
from sqlalchemy.orm import Session

from app.core.errors import N_, Refusal

LIST_SIZE = 131_072
"""The least that the standard allows: among so many, a place tells nothing of the certificate."""
_TRIES = 8
_NEWEST = text("SELECT max(list_number) FROM certificate_credential WHERE demonstration = :demonstration")
_LOCK = text(
    "SELECT place FROM unnest(CAST(:places AS int[])) AS place"
    " WHERE pg_try_advisory_xact_lock(CAST(:list AS int), place)"
)
_TAKEN = text(
    "SELECT place FROM certificate_credential"
    " WHERE demonstration = :demonstration AND list_number = :number AND place = ANY(:places)"
)
_REMEMBERED = 10_000
_HANDED_OUT: dict[tuple[bool, int, int], None] = {}
"""By this process of late: one transaction may prepare many certificates before it stores them, and a lock that it
holds already does not keep it from taking the same place twice."""
Place = tuple[int, int]
"""Number of the list, and where in it."""


def free_places(session: Session, demonstration: bool, count: int) -> list[Place]:
    """In the newest list, and until the end of the transaction nobody else's.

    What several draws find no free one for gets its place in a new list, for the other is well filled.
    """
    found: list[Place] = []
    number = (session.scalar(_NEWEST, {"demonstration": demonstration}) or 1) if count else 1
    for tried in range(_TRIES * 4):
        if len(found) == count:
            return found
        opened = number + (tried >= _TRIES)
        drawn = dict.fromkeys(secrets.randbelow(LIST_SIZE) for _ in range(count - len(found)))
        found += [(opened, place) for place in _claimed(session, demonstration, opened, drawn)]
    raise place_taken()


def _claimed(session: Session, demonstration: bool, number: int, drawn: Collection[int]) -> list[int]:
    """Those of them that are now ours."""
    wanted = [place for place in drawn if (demonstration, number, place) not in _HANDED_OUT]
    held = session.scalars(_LOCK, {"list": number * 2 + demonstration, "places": wanted}).all()
    asked = {"demonstration": demonstration, "number": number, "places": held}
    taken = set(session.scalars(_TAKEN, asked))  # asked after the lock: whoever held it before has committed
    free = [place for place in held if place not in taken]
    _HANDED_OUT.update(((demonstration, number, place), None) for place in free)
    while len(_HANDED_OUT) > _REMEMBERED:
        _HANDED_OUT.pop(next(iter(_HANDED_OUT)), None)
    return free


def place_taken() -> Refusal:
    return Refusal(
        "credential_place_taken",
        N_("Another certificate was issued at the same moment with the same place in the list. Issue again."),
        status=503,
    )

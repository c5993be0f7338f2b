"""Keeping the signals of an attempt, and showing them to those who watch it."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import func, select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from app.core.errors import N_, NotFound, Refusal
from app.delivery import refusals
from app.models.exam import Attempt, AttemptState
from app.models.integrity import Capture, IntegritySignal
from app.models.monitoring import Incident, IncidentCategory
from app.models.registration import Application, Candidate, Seat
from proctoring import signals
from proctoring.signals import Kind, Tally
from proctoring.terms import terms_of

MOST_OF_ONE = 1000
"""Signals of one attempt that are kept."""
QUIET = timedelta(minutes=5)
"""The server repeats the same sentence about the same attempt no sooner."""


@dataclass(frozen=True)
class Noticed:
    """What a page reports; `at` is by the clock of its computer."""

    key: UUID
    kind: Kind
    at: datetime | None
    seconds: int | None = None
    length: int | None = None


@dataclass(frozen=True)
class Event:
    """One line of the time line."""

    kind: Kind
    received_at: datetime
    client_at: datetime | None = None
    seconds: int | None = None
    length: int | None = None
    data: Mapping[str, Any] | None = None

    @property
    def at(self) -> datetime:
        return self.client_at or self.received_at

    @property
    def much_later(self) -> bool:
        """It waited at the computer, or that computer's clock is wrong."""
        return self.client_at is not None and abs(self.received_at - self.client_at) > timedelta(minutes=1)


@dataclass(frozen=True)
class Standing:
    """One candidate of a session, with what was noticed."""

    seat: int
    name: str
    attempt_id: int | None
    tallies: Mapping[Kind, Tally]
    pictures: int

    @property
    def asking(self) -> list[Kind]:
        return signals.asking(self.tallies)


def keep(session: Session, user_id: int, attempt_id: int, noticed: Sequence[Noticed]) -> int:
    """Keeps what the session records and is not there yet; the number of those now known."""
    attempt = session.execute(
        select(Attempt.user_id, Attempt.state, Attempt.session_id).where(Attempt.id == attempt_id)
    ).first()
    if attempt is None or attempt.user_id != user_id:
        raise NotFound()
    if attempt.state == AttemptState.PREPARED:
        raise refusals.attempt_not_started()
    if attempt.state == AttemptState.RELEASED:
        message = N_("The result of this exam is out, so nothing more is recorded about it.")
        raise Refusal("signals_closed", message, status=409)
    recorded = terms_of(session, attempt.session_id).kinds & signals.FROM_PAGE
    wanted = [one for one in noticed if one.kind in recorded]
    room = MOST_OF_ONE - _count(session, attempt_id)
    if len(wanted) > room:
        notice(session, attempt_id, Kind.OVERFLOW, quiet=timedelta(days=1))
    rows = [
        {"attempt_id": attempt_id, "key": one.key, "kind": one.kind, "client_at": one.at, "seconds": one.seconds,
         "length": one.length}
        for one in wanted[: max(0, room)]
    ]  # fmt: skip
    if rows:
        session.execute(insert(IntegritySignal).values(rows).on_conflict_do_nothing())
    return len(rows)


def notice(
    session: Session, attempt_id: int, kind: Kind, *, quiet: timedelta = QUIET, data: Mapping[str, Any] | None = None
) -> None:
    """What the server itself noticed; the same again is left out for a while."""
    again = select(IntegritySignal.id).where(
        IntegritySignal.attempt_id == attempt_id,
        IntegritySignal.kind == kind,
        IntegritySignal.received_at > func.clock_timestamp() - quiet,
    )
    if session.scalar(again.limit(1)) is None:
        session.add(IntegritySignal(attempt_id=attempt_id, kind=kind, data=dict(data or {})))
        session.flush()


def time_line(session: Session, attempt_id: int) -> list[Event]:
    """Everything noticed about an attempt, in the order in which it happened as far as that is known."""
    rows = session.scalars(select(IntegritySignal).where(IntegritySignal.attempt_id == attempt_id)).all()
    events = [Event(Kind(one.kind), one.received_at, one.client_at, one.seconds, one.length, one.data) for one in rows]
    taken_over = select(Incident.recorded_at, Incident.description).where(
        Incident.category == IncidentCategory.TAKEOVER,
        Incident.seat_id == select(Attempt.seat_id).where(Attempt.id == attempt_id).scalar_subquery(),
    )
    events += [Event(Kind.TAKEOVER, at, data={"place": place}) for at, place in session.execute(taken_over)]
    return sorted(events, key=lambda one: one.at)


def tallied(events: Sequence[Event]) -> dict[Kind, Tally]:
    """How often each kind stands in a time line, with its seconds and characters in all."""
    found: dict[Kind, list[Event]] = defaultdict(list)
    for event in events:
        found[event.kind].append(event)
    return {
        kind: Tally(len(some), sum(one.seconds or 0 for one in some), sum(one.length or 0 for one in some))
        for kind, some in sorted(found.items(), key=lambda pair: list(Kind).index(pair[0]))
    }


def standings(session: Session, session_id: int) -> list[Standing]:
    """Every candidate of a session, those first whom to look at first."""
    newest = (
        select(Attempt.seat_id, func.max(Attempt.id).label("attempt_id"))
        .where(Attempt.session_id == session_id)
        .group_by(Attempt.seat_id)
        .subquery()
    )
    places = (
        select(Seat.number, Candidate.name, newest.c.attempt_id)
        .join(Application, Application.id == Seat.application_id)
        .join(Candidate, Candidate.id == Application.candidate_id)
        .outerjoin(newest, newest.c.seat_id == Seat.id)
        .where(Seat.session_id == session_id)
        .order_by(Seat.number)
    )
    counted, pictures = tallies(session, session_id), _pictures(session, session_id)
    found = [
        Standing(number, name, attempt_id, counted.get(attempt_id, {}), pictures.get(attempt_id, 0))
        for number, name, attempt_id in session.execute(places)
    ]
    return sorted(found, key=lambda one: signals.urgency(one.tallies), reverse=True)


def tallies(session: Session, session_id: int) -> dict[int, dict[Kind, Tally]]:
    """By attempt: what was noticed in a session. Two statements, whatever its size."""
    one = IntegritySignal
    noticed = (
        select(one.attempt_id, one.kind, func.count(), func.sum(one.seconds), func.sum(one.length))
        .join(Attempt, Attempt.id == one.attempt_id)
        .where(Attempt.session_id == session_id)
        .group_by(one.attempt_id, one.kind)
    )
    found: dict[int, dict[Kind, Tally]] = defaultdict(dict)
    for attempt_id, kind, count, seconds, length in session.execute(noticed):
        found[attempt_id][Kind(kind)] = Tally(count, int(seconds or 0), int(length or 0))
    taken_over = (
        select(func.max(Attempt.id), func.count(Incident.id.distinct()))
        .join(Incident, Incident.seat_id == Attempt.seat_id)
        .where(Incident.session_id == session_id, Incident.category == IncidentCategory.TAKEOVER)
        .group_by(Attempt.seat_id)
    )
    for attempt_id, count in session.execute(taken_over):
        found[attempt_id][Kind.TAKEOVER] = Tally(count)
    return dict(found)


def _pictures(session: Session, session_id: int) -> dict[int, int]:
    query = select(Capture.attempt_id, func.count()).join(Attempt, Attempt.id == Capture.attempt_id)
    return dict(session.execute(query.where(Attempt.session_id == session_id).group_by(Capture.attempt_id)).all())


def _count(session: Session, attempt_id: int) -> int:
    query = select(func.count()).select_from(IntegritySignal).where(IntegritySignal.attempt_id == attempt_id)
    return session.scalar(query) or 0

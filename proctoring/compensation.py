"""Time lost to a fault, proposed for each candidate with its evidence; a person decides, and it is given at once."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.core.audit import Actor
from app.core.errors import N_, Refusal
from app.delivery import acts
from app.delivery.acts import Order
from app.models.watching import Compensation
from proctoring import duty, evidence, lost_time
from proctoring.evidence import EVERY_SEAT, File
from proctoring.interventions import MOST_SECONDS
from proctoring.lost_time import Span, union, within
from proctoring.presence import Presence
from proctoring.wording import given_reason

LONGEST_WINDOW = timedelta(hours=6)


@dataclass(frozen=True)
class Piece:
    """A stretch of lost time: from where it is known, and how many changes arrived right after it."""

    span: Span
    noticed: tuple[tuple[str, Span], ...]
    """Each source with the part of it that it knows of."""
    caught_up: int

    @property
    def sources(self) -> tuple[str, ...]:
        return tuple(sorted({source for source, _ in self.noticed}))


@dataclass(frozen=True)
class Proposal:
    """What one candidate lost in the window, by what is on record."""

    attempt_id: int
    seat: int
    name: str
    seconds: int
    pieces: tuple[Piece, ...]


@dataclass(frozen=True)
class Given:
    """What became of a decision: the seconds given, or why none were."""

    proposal: Proposal
    seconds: int
    refusal: Refusal | None = None


def proposals(
    session: Session, session_id: int, window: Span, present: Presence, now: datetime,
    seats: tuple[int, int] = EVERY_SEAT,
) -> list[Proposal]:  # fmt: skip
    """Of everybody at work who lost time in the window that nobody has decided about yet."""
    _require_window(window, now)
    found = evidence.files(session, session_id, window, present, now, seats)
    return [proposal for file in found if (proposal := _proposal(file, window)).seconds]


def suggested(
    session: Session, session_id: int, present: Presence, now: datetime, seats: tuple[int, int] = EVERY_SEAT
) -> list[tuple[Span, int]]:
    """Times in which many were silent together: from the first who fell silent to the last who came back."""
    whole = Span(now - LONGEST_WINDOW, now)
    found = evidence.files(session, session_id, whole, present, now, seats)
    losses = [lost_time.lost(file.record(), whole) for file in found]
    cores = lost_time.common(losses, evidence.at_work(session, session_id, seats))
    wide = lost_time.union(one for losses_of in losses for one in losses_of if _touches(one, cores))
    return [(one, max(count for core, count in cores if _overlap(one, core))) for one in wide]


def compensate(
    session: Session, actor: Actor, session_id: int, window: Span, wanted: Mapping[int, int], reason: str,
    present: Presence, now: datetime,
) -> Sequence[Given]:  # fmt: skip
    """Gives each of the attempts the seconds decided for it. What the window held is then never proposed again."""
    duty.require_duty(session, actor, session_id)
    why = given_reason(reason)
    if any(not 1 <= seconds <= MOST_SECONDS for seconds in wanted.values()):
        message = N_("Extra time is from 1 second to %(most)s minutes at once. Give a figure between them.")
        raise Refusal("seconds_out_of_range", message, most=MOST_SECONDS // 60)
    acts.held(session, list(wanted))  # before looking, so that of two who decide the second finds nothing left
    proposed = {one.attempt_id: one for one in proposals(session, session_id, window, present, now)}
    each = {attempt_id: seconds for attempt_id, seconds in wanted.items() if attempt_id in proposed}
    if not each:
        message = N_("Nothing is left to give for this time: it was given already, or the exams are over.")
        raise Refusal("nothing_lost", message, status=409)
    results = acts.many(session, list(each), "extend", Order(actor, why, now, each=each))
    for attempt_id, refusal in results.items():
        if refusal is None:
            session.add(_row(proposed[attempt_id], window, each[attempt_id], why, actor, now))
    session.flush()
    return [Given(proposed[one], 0 if refusal else each[one], refusal) for one, refusal in results.items()]


def decided(session: Session, attempt_id: int | None) -> Sequence[Compensation]:
    """What one attempt was given, in order."""
    query = select(Compensation).where(Compensation.attempt_id == attempt_id)
    return session.scalars(query.order_by(Compensation.id)).all()


def _proposal(file: File, window: Span) -> Proposal:
    pieces = lost_time.lost(file.record(), window)
    by_source: dict[str, list[Span]] = {}
    for found in file.noticed:
        by_source.setdefault(found.source, []).append(found.span)
    shown = tuple(
        Piece(
            one,
            tuple((name, part) for name in sorted(by_source) for part in within(union(by_source[name]), one)),
            evidence.caught_up(file, one.end),
        )
        for one in pieces
    )
    return Proposal(file.attempt_id, file.seat, file.name, lost_time.seconds(pieces), shown)


def _row(proposal: Proposal, window: Span, seconds: int, reason: str, actor: Actor, now: datetime) -> Compensation:
    shown = [
        {"from": one.span.start.isoformat(), "until": one.span.end.isoformat(), "sources": list(one.sources),
         "noticed": [[source, part.start.isoformat(), part.end.isoformat()] for source, part in one.noticed],
         "caught_up": one.caught_up}
        for one in proposal.pieces
    ]  # fmt: skip
    # windows are given in whole seconds: pressed twice within one, the second press finds nothing left
    until = min(window.end, now.replace(microsecond=999_999))
    return Compensation(
        attempt_id=proposal.attempt_id, from_at=window.start, until_at=until, measured=proposal.seconds,
        seconds=seconds, evidence=shown, reason=reason, decided_by=actor.user_id, decided_at=now,
    )  # fmt: skip


def _require_window(window: Span, now: datetime) -> None:
    if not window.start < min(window.end, now) or window.length > LONGEST_WINDOW:
        message = N_("Give a time that begins before it ends, has begun already, and is %(hours)s hours long at most.")
        raise Refusal("window_wrong", message, hours=LONGEST_WINDOW // timedelta(hours=1))


def _overlap(one: Span, other: Span) -> bool:
    return one.start < other.end and other.start < one.end


def _touches(span: Span, cores: Sequence[tuple[Span, int]]) -> bool:
    return any(_overlap(span, core) for core, _ in cores)

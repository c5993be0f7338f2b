"""What a proctor on duty does to a candidate, to several, a room or a whole session, each time with a reason.

In force at once; the candidate's page learns of it by itself. To many at once it is one transaction: whoever it does
not fit is told to the proctor, and the others are not kept from it.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Select, select, update
from sqlalchemy.orm import Session

from app.core import audit
from app.core.audit import Actor
from app.core.errors import N_, NotFound, Refusal
from app.delivery import acts
from app.delivery.acts import Order
from app.models.attendance import Attendance, Comparison
from app.models.exam import Attempt
from app.models.registration import Seat
from app.registration import admission
from proctoring import duty, notices, targets
from proctoring.doors import turned_away
from proctoring.targets import Place, Targets
from proctoring.wording import given_reason

MOST_SECONDS = 7200
ACTIONS = ("let_in", "pause", "resume", "extend", "hand_over", "message", "end", "void")


@dataclass(frozen=True)
class Wish:
    """What shall be done and why; `seconds` of extra time, `text` of a message."""

    action: str
    reason: str
    seconds: int = 0
    text: str = ""


@dataclass(frozen=True)
class Outcome:
    """What became of it at one seat: done, unless a refusal says why not."""

    place: Place
    refusal: Refusal | None

    @property
    def done(self) -> bool:
        return self.refusal is None


def pause(session: Session, actor: Actor, attempt_id: int, reason: str, now: datetime) -> Attempt:
    """Stops the clock until somebody resumes."""
    return act(session, actor, attempt_id, Wish("pause", reason), now)


def resume(session: Session, actor: Actor, attempt_id: int, reason: str, now: datetime) -> Attempt:
    """Lets the clock run on with what was left."""
    return act(session, actor, attempt_id, Wish("resume", reason), now)


def extend(session: Session, actor: Actor, attempt_id: int, seconds: int, *, reason: str, now: datetime) -> Attempt:
    """Gives more time to one candidate."""
    return act(session, actor, attempt_id, Wish("extend", reason, seconds), now)


def void(session: Session, actor: Actor, attempt_id: int, reason: str, now: datetime) -> Attempt:
    """Takes the attempt out of account; it ends at once and never counts."""
    return act(session, actor, attempt_id, Wish("void", reason), now)


def act(session: Session, actor: Actor, attempt_id: int, wish: Wish, now: datetime) -> Attempt:
    """One of acts.ACTS to one attempt; refuses what does not fit it."""
    duty.require_duty(session, actor, session_of(session, attempt_id))
    order = _order(actor, wish, now)
    if wish.action == "hand_over":
        _hold(session, select(Attempt.seat_id).where(Attempt.id == attempt_id))
    attempt = acts.one(session, attempt_id, wish.action, order)
    if wish.action == "hand_over":
        admission.open_again(session, actor, attempt.seat_id, order.reason, now)
    return attempt


def act_on(
    session: Session, actor: Actor, session_id: int, wanted: Targets, wish: Wish, now: datetime
) -> Sequence[Outcome]:
    """Any of ACTIONS to everybody it is meant for; each leaves its line, and the act as a whole one more."""
    if wish.action not in ACTIONS:
        raise Refusal("action_unknown", N_("Choose what shall be done from the list."))
    duty.require_duty(session, actor, session_id)
    order = _order(actor, wish, now)
    found = targets.places(session, session_id, wanted)
    if wish.action == "message":
        outcomes = _told(session, session_id, found, order, wish.text)
    elif wish.action == "let_in":
        outcomes = _let_in(session, found, order)
    else:
        outcomes = _done(session, found, wish.action, order)
    refused = {one.place.number: one.refusal.code for one in outcomes if one.refusal is not None}
    audit.record(
        session, f"session:act:{wish.action}", actor, "session", session_id, reason=order.reason,
        seconds=order.seconds, seats=notices.runs(one.place.number for one in outcomes if one.done), refused=refused,
    )  # fmt: skip
    return outcomes


def session_of(session: Session, attempt_id: int) -> int:
    found = session.scalar(select(Attempt.session_id).where(Attempt.id == attempt_id))
    if found is None:
        raise NotFound()
    return found


def _order(actor: Actor, wish: Wish, now: datetime) -> Order:
    if wish.action == "extend" and not 1 <= wish.seconds <= MOST_SECONDS:
        raise Refusal(
            "seconds_out_of_range",
            N_("Extra time is from 1 second to %(most)s minutes at once. Give a figure between them."),
            most=MOST_SECONDS // 60,
        )
    why = wish.reason or (wish.text if wish.action == "message" else "")
    return Order(actor, given_reason(why), now, wish.seconds if wish.action == "extend" else 0)


def _done(session: Session, found: Sequence[Place], action: str, order: Order) -> list[Outcome]:
    ids = [one.attempt_id for one in found if one.attempt_id is not None]
    if action == "hand_over":
        _hold(session, [one.seat_id for one in found])
    results = acts.many(session, ids, action, order)
    outcomes = [Outcome(one, results.get(one.attempt_id or 0, _unprepared())) for one in found]
    if action == "hand_over":
        for one in outcomes:
            if one.done:
                admission.open_again(session, order.actor, one.place.seat_id, order.reason, order.now)
    return outcomes


def _let_in(session: Session, found: Sequence[Place], order: Order) -> list[Outcome]:
    """They may start without the room's gate code. Whoever was let in before stays so; nobody turned away comes in."""
    _hold(session, [one.seat_id for one in found])  # the desk may be turning somebody away just now
    differ = select(Attendance.seat_id).where(Attendance.comparison == Comparison.DIFFERENT)
    away = set(session.scalars(differ.where(Attendance.seat_id.in_([one.seat_id for one in found]))))
    ids = [one.seat_id for one in found if one.seat_id not in away]
    waiting = select(Seat.id).where(Seat.id.in_(ids), Seat.let_in_at.is_(None)).order_by(Seat.number)
    fresh = list(session.scalars(waiting))
    session.execute(
        update(Seat)
        .where(Seat.id.in_(fresh))
        .values(let_in_at=order.now)
        .execution_options(synchronize_session="fetch")
    )
    lines = [(seat_id, {"reason": order.reason}) for seat_id in fresh]
    audit.record_many(session, "seat:let_in", order.actor, "seat", lines)
    return [Outcome(one, turned_away() if one.seat_id in away else None) for one in found]


def _hold(session: Session, seats: Sequence[int] | Select[Any]) -> None:
    """Seats before attempts, as at the log-in by code; an incident about a seat may still be left."""
    query = select(Seat.id).where(Seat.id.in_(seats)).order_by(Seat.number)
    session.execute(query.with_for_update(key_share=True))


def _told(session: Session, session_id: int, found: Sequence[Place], order: Order, words: str) -> list[Outcome]:
    notices.send(session, order.actor, session_id, [one.number for one in found], words, order.now)
    return [Outcome(one, None) for one in found]


def _unprepared() -> Refusal:
    return Refusal(
        "attempt_unprepared", N_("There is no paper for this seat yet, or the attempt was voided."), status=409
    )

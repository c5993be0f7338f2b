"""What is done to an attempt from outside, one or many at once: each function changes a locked attempt or refuses.

It answers what the log shall say beside the reason. Who may do it is decided by the caller.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session, lazyload

from app.core import audit
from app.core.audit import Actor
from app.core.errors import N_, NotFound, Refusal
from app.delivery import closing, refusals, timing
from app.delivery.closing import RUNNING, overdue
from app.models.account import Login
from app.models.exam import Attempt, AttemptState

Data = dict[str, Any]


@dataclass(frozen=True)
class Order:
    """Who wants it, why, when; `seconds` of extra time for all, or of each attempt in `each`."""

    actor: Actor
    reason: str
    now: datetime
    seconds: int = 0
    each: dict[int, int] = field(default_factory=dict)

    def seconds_of(self, attempt_id: int) -> int:
        return self.each.get(attempt_id, self.seconds)


Act = Callable[[Session, Attempt, Order], Data | None]
"""What the log says about it; None when the act has left its own line."""


def one(session: Session, attempt_id: int, action: str, order: Order) -> Attempt:
    """The act done to one attempt; refuses if that does not fit its state."""
    attempt = closing.locked(session, attempt_id)
    if attempt is None:
        raise NotFound()
    tag, act = ACTS[action]
    said = act(session, attempt, order)
    session.flush()
    if said is not None:
        audit.record(session, tag, order.actor, "attempt", attempt.id, reason=order.reason, **said)
    return attempt


def many(session: Session, attempt_ids: Sequence[int], action: str, order: Order) -> dict[int, Refusal | None]:
    """The act done to all of them that it fits, locked in the order of their numbers; who it did not fit, and why."""
    tag, act = ACTS[action]
    outcome: dict[int, Refusal | None] = {}
    lines: list[tuple[int | str | None, Data]] = []
    for attempt in held(session, attempt_ids):
        try:
            said = act(session, attempt, order)
        except Refusal as refusal:
            outcome[attempt.id] = refusal
            continue
        outcome[attempt.id] = None
        if said is not None:
            lines.append((attempt.id, {"reason": order.reason, **said}))
    session.flush()
    audit.record_many(session, tag, order.actor, "attempt", lines)
    return outcome


def held(session: Session, attempt_ids: Sequence[int]) -> Sequence[Attempt]:
    """Locked one after another in the order of their numbers, so that two who hold many never wait for each other."""
    query = select(Attempt).where(Attempt.id.in_(attempt_ids)).order_by(Attempt.id).options(lazyload("*"))
    return session.scalars(query.with_for_update(of=Attempt).execution_options(populate_existing=True)).all()


def pause(session: Session, attempt: Attempt, order: Order) -> Data:
    _require_running(session, attempt, order.now)
    if attempt.state == AttemptState.PAUSED:
        raise Refusal(
            "attempt_paused", N_("This exam is paused already. Resume it when the reason is gone."), status=409
        )
    attempt.state, attempt.paused_at = AttemptState.PAUSED, order.now
    return {}


def resume(session: Session, attempt: Attempt, order: Order) -> Data:
    _require_running(session, attempt, order.now)
    if attempt.state != AttemptState.PAUSED or attempt.paused_at is None or attempt.deadline is None:
        raise Refusal("attempt_not_paused", N_("This exam is not paused, so there is nothing to resume."), status=409)
    attempt.deadline = timing.resumed(attempt.deadline, attempt.paused_at, order.now)
    attempt.state, attempt.paused_at = AttemptState.IN_PROGRESS, None
    return {"deadline": attempt.deadline.isoformat()}


def extend(session: Session, attempt: Attempt, order: Order) -> Data:
    seconds = order.seconds_of(attempt.id)
    if seconds <= 0:
        message = N_("Time can only be added, and %(seconds)s seconds is none. Give a number above 0.")
        raise Refusal("seconds_not_positive", message, seconds=seconds)
    if attempt.state != AttemptState.PREPARED:
        _require_running(session, attempt, order.now)
    attempt.extra_seconds += seconds
    if attempt.deadline is not None:
        attempt.deadline += timedelta(seconds=seconds)
    return {"seconds": seconds, "deadline": attempt.deadline.isoformat() if attempt.deadline else None}


def hand_over(session: Session, attempt: Attempt, order: Order) -> Data:
    """Ends the client at work, so that the next log-in goes on where it was; the clock does not stop for it."""
    _require_running(session, attempt, order.now)
    standing = select(Login).where(Login.id == attempt.login_id, Login.ended_at.is_(None)).options(lazyload("*"))
    # skipped where somebody else holds it: they are ending it, and want the attempt next
    login = session.scalar(standing.with_for_update(of=Login, key_share=True, skip_locked=True))
    if login is not None:
        login.ended_at = order.now
    attempt.client, attempt.login_id = None, None
    return {}


def end(session: Session, attempt: Attempt, order: Order) -> None:
    """Closes the attempt now; what was saved until then is marked like any other."""
    _require_running(session, attempt, order.now)
    at = min(order.now, attempt.deadline or order.now)
    closing.close(session, attempt, order.actor, closing.BY_PROCTOR, at=at, now=order.now, reason=order.reason)


def void(session: Session, attempt: Attempt, order: Order) -> Data:
    """Takes the attempt out of account; the seat may be given a new paper. Not once its result is out."""
    if attempt.state == AttemptState.RELEASED:
        message = N_("The result of this exam is released, so it can no longer be voided. The way is an appeal.")
        raise Refusal("attempt_released", message, status=409)
    if attempt.state == AttemptState.VOIDED:
        raise refusals.attempt_closed(attempt)
    before = attempt.state
    if attempt.submitted_at is None:
        attempt.submitted_at, attempt.closed_how = order.now, closing.VOIDED
    attempt.state, attempt.paused_at = AttemptState.VOIDED, None
    return {"state": before}


def _require_running(session: Session, attempt: Attempt, now: datetime) -> None:
    if attempt.state == AttemptState.PREPARED:
        raise refusals.attempt_not_started()
    if attempt.state not in RUNNING or overdue(session, attempt, now):
        raise refusals.attempt_closed(attempt)


ACTS: dict[str, tuple[str, Act]] = {
    "pause": ("attempt:paused", pause),
    "resume": ("attempt:resumed", resume),
    "extend": ("attempt:extended", extend),
    "hand_over": ("attempt:handed_over", hand_over),
    "end": ("attempt:expired", end),
    "void": ("attempt:voided", void),
}

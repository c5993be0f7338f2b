"""One candidate on the board, from the rows that were read. Values in, values out."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Row

from app.delivery import closing, timing
from app.models.exam import AttemptState
from proctoring import attention
from proctoring.attention import Signs
from proctoring.board_shapes import BoardPlace
from proctoring.client_words import client_words
from proctoring.presence import Sign


@dataclass(frozen=True)
class Known:
    """What was read beside the rows themselves; `signs` None when nobody can say who is there."""

    exam_open: bool
    now: datetime
    items: int
    answers: Mapping[int, tuple[int, int]]
    incidents: Mapping[int, Row[Any]]
    signals: Mapping[int, int]
    signs: Mapping[int, Sign] | None


def place_of(seat: Row[Any], attempt: Row[Any], known: Known) -> BoardPlace:
    """`attempt` may be the row of the seat itself, or that of an attempt that was voided."""
    now, running = known.now, attempt.state in closing.RUNNING
    state, sign = shown_state(attempt.state, attempt.closed_how), (known.signs or {}).get(attempt.attempt)
    last = max((one for one in (sign and sign.at, attempt.last_saved_at, attempt.started_at) if one), default=None)
    noted = known.incidents.get(seat.seat_id)
    opened, takeovers = (noted.open, noted.open_takeovers) if noted else (0, 0)
    lag = sign.lag if sign and running else 0
    signs = Signs(state, known.exam_open, last, known.signs is not None, takeovers, opened - takeovers, lag)
    left = timing.time_left(attempt.deadline, now, attempt.paused_at) if running and attempt.deadline else None
    answered, flagged = known.answers.get(attempt.attempt, (0, 0))
    return BoardPlace(
        seat=seat.number, name=seat.name, attempt=attempt.attempt, state=state, closed_how=attempt.closed_how or "",
        let_in_at=seat.let_in_at, items=known.items if attempt.attempt else 0, answered=answered, flagged=flagged,
        started_at=attempt.started_at, deadline=attempt.deadline, paused_at=attempt.paused_at,
        submitted_at=attempt.submitted_at, extra_seconds=attempt.extra_seconds,
        time_left_seconds=int(left.total_seconds()) if left is not None else None,
        last_saved_at=attempt.last_saved_at, last_sign_at=last,
        seconds_since_sign=max(0, int((now - last).total_seconds())) if running and last else None,
        waiting=sign.waiting if sign and running else 0, lag=lag, client=client_words(seat.agent or ""),
        address=seat.address or "", incidents=opened, blocking_incidents=noted.blocking if noted else 0,
        takeovers=noted.takeovers if noted else 0, signals=known.signals.get(attempt.attempt, 0),
        message_unseen=running and bool(seat.unseen), attention=attention.reasons(signs, now),
    )  # fmt: skip


def shown_state(state: str | None, closed_how: str | None) -> str | None:
    """Marking is no business of the room: an attempt was handed in, or its time was over."""
    if state != AttemptState.MARKED:
        return state
    return str(AttemptState.SUBMITTED if closed_how == closing.BY_CANDIDATE else AttemptState.EXPIRED)

"""Another paper for those who have not begun and whose paper holds an item that has become known."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy.orm import Session

from app.core.audit import Actor
from app.delivery import attempts
from app.delivery.closing import locked
from app.delivery.sessions import prepare_session
from app.models.exam import AttemptState
from question_bank.workshop.compromise import PaperUse, papers_to_redraw

REASON = "compromised items: {}"


def waiting(session: Session, session_id: int) -> list[PaperUse]:
    """The papers of a session that should be drawn again, an entry for each compromised item on them."""
    return papers_to_redraw(session, session_id)


def redraw(session: Session, actor: Actor, session_id: int, now: datetime) -> int:
    """Voids those papers and draws others under the same seal; answers how many. Whoever has begun keeps theirs."""
    held: dict[int, list[int]] = {}
    for use in waiting(session, session_id):
        held.setdefault(use.attempt, []).append(use.item_id)
    voided = 0
    for attempt_id, items in sorted(held.items()):
        attempt = locked(session, attempt_id)
        if attempt is not None and attempt.state == AttemptState.PREPARED:
            attempts.void(session, actor, attempt_id, REASON.format(", ".join(map(str, items))), now)
            voided += 1
    if voided:
        prepare_session(session, actor, session_id, now)
    return voided

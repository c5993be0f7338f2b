"""When an item is known outside: off every new paper at once, and the papers it stands on are named."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import bindparam, select, text
from sqlalchemy.dialects.postgresql import ARRAY
from sqlalchemy.orm import Session
from sqlalchemy.types import BigInteger

from app.core.audit import Actor
from app.core.errors import N_, Refusal
from app.models.bank import Item, ItemState
from app.models.exam import AttemptState
from question_bank.workshop.subject import Subject, hold, note
from question_bank.workshop.use import needed

_PAPERS = """
    SELECT v.item_id, v.number AS version, s.id AS session, s.opens_at, s.state AS session_state, seat.number AS seat,
           a.id AS attempt, a.state, a.started_at
    FROM item_version v
    JOIN paper p ON p.items @> jsonb_build_array(jsonb_build_object('version_id', v.id))
    JOIN attempt a ON a.paper_id = p.id
    JOIN exam_session s ON s.id = a.session_id
    JOIN seat ON seat.id = a.seat_id
    WHERE v.item_id = ANY(:items) AND a.state <> 'voided' {narrowed}
    ORDER BY s.opens_at DESC, s.id, seat.number, v.item_id
"""
_NOT_BEGUN = "AND a.state = 'prepared'"
_OF_SESSION = "AND p.session_id = :of_session"


@dataclass(frozen=True)
class PaperUse:
    """A candidate's paper on which some version of the item stands."""

    item_id: int
    version: int
    session: int
    opens_at: datetime
    session_state: str
    seat: int
    attempt: int
    state: AttemptState
    started_at: datetime | None

    @property
    def redraw(self) -> bool:
        """Nobody has seen it yet: the registrar should have another paper drawn for this seat."""
        return self.state == AttemptState.PREPARED


def mark_compromised(session: Session, actor: Actor, item_id: int, reason: str, now: datetime) -> list[PaperUse]:
    """Withdraws it at once and answers with the papers it stands on, those not begun among them."""
    subject = hold(session, item_id)
    check_compromise(subject, reason)
    do_compromise(session, actor, subject, reason, now)
    return papers_with(session, [item_id])


def clear_compromised(session: Session, actor: Actor, item_id: int, reason: str, now: datetime) -> Item:
    """It was a false alarm, or a revision made it another item: it may stand on papers again."""
    subject = hold(session, item_id)
    needed(reason)
    if subject.item.compromised_at is None:
        message = N_("Item %(item)s is not marked as compromised.")
        raise Refusal("not_compromised", message, status=409, item=subject.item.code)
    subject.item.compromised_at = subject.item.compromised_by = None
    subject.item.compromised_reason = ""
    session.flush()
    note(session, "compromise:cleared", actor, subject.item, reason=reason.strip())
    return subject.item


def check_compromise(subject: Subject, reason: str) -> None:
    needed(reason)
    if subject.item.compromised_at is not None:
        message = N_("Item %(item)s is marked as compromised already.")
        raise Refusal("already_compromised", message, status=409, item=subject.item.code)
    if subject.item.state == ItemState.DRAFT:
        message = N_("Item %(item)s was never in use. Give its draft up instead.")
        raise Refusal("item_never_used", message, status=409, item=subject.item.code)


def do_compromise(session: Session, actor: Actor, subject: Subject, reason: str, now: datetime) -> Item:
    item = subject.item
    item.compromised_at, item.compromised_by, item.compromised_reason = now, actor.user_id, reason.strip()
    session.flush()
    note(session, "compromised", actor, item, reason=reason.strip())
    return item


def papers_with(session: Session, item_ids: Sequence[int]) -> list[PaperUse]:
    """The papers of attempts that stand, the latest session first."""
    return _papers(session, item_ids)


def papers_to_redraw(session: Session, session_id: int | None = None) -> list[PaperUse]:
    """Every paper not begun that holds something compromised; of one session, if it is given."""
    known = session.scalars(select(Item.id).where(Item.compromised_at.is_not(None))).all()
    if session_id is None:
        return _papers(session, known, _NOT_BEGUN)
    return _papers(session, known, f"{_NOT_BEGUN} {_OF_SESSION}", of_session=session_id)


def _papers(session: Session, item_ids: Sequence[int], narrowed: str = "", **values: int) -> list[PaperUse]:
    if not item_ids:
        return []
    query = text(_PAPERS.format(narrowed=narrowed)).bindparams(bindparam("items", type_=ARRAY(BigInteger)))
    rows = session.execute(query, {"items": list(item_ids), **values}).mappings()
    return [PaperUse(**{**row, "state": AttemptState(row["state"])}) for row in rows]

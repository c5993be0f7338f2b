"""Takes a sheet out of work. What was entered and attached on it stays readable, also what its tablet sends later."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from decimal import Decimal
from hashlib import sha256
from typing import Any

from sqlalchemy import insert, literal, select
from sqlalchemy.orm import Session, undefer

from app.core import audit
from app.core.audit import Actor
from app.core.errors import NotFound
from app.core.heavy import apart
from app.models.discarded import DiscardedEvidence, DiscardedSheet
from app.models.marking import MarkEntry, SheetEvidence
from app.models.papers import TypedSheet
from app.models.practical import RubricSheet
from app.models.registration import SessionState
from app.practical.marking import versions
from app.practical.marking.evidence import Piece
from app.practical.marking.evidence_content import cleaned
from app.practical.marking.merging import Entry, plain

_COPIED = (
    "criterion", "kind", "media_type", "content", "size", "sha256", "from_second", "to_second", "caption",
    "client_key", "made_at", "late", "at",
)  # fmt: skip
NOT_YET = (SessionState.PLANNED, SessionState.PREPARED)


def discard(session: Session, actor: Actor, sheet: RubricSheet, reason: str = "") -> None:
    """Take an unsigned sheet out of work; one that nobody could have worked on yet leaves nothing behind."""
    marks = {mark.criterion: mark.points for mark in sheet.marks}
    entries = [_entry(row) for row in _entries(session, sheet.id)]
    if marks or entries or sheet.seat.session.state not in NOT_YET:
        _keep(session, actor, sheet, entries, reason)
    if marks or reason:
        audit.record(
            session, "sheet:discarded", actor, "sheet", sheet.id,
            seat=sheet.seat_id, examiner=sheet.examiner_id, marks=marks, reason=reason,
        )  # fmt: skip
    for mark in list(sheet.marks):
        session.delete(mark)
    session.delete(sheet)


def discarded_of(session: Session, seat_id: int) -> list[DiscardedSheet]:
    """Of one candidate; those on which somebody did something, in the order in which they were taken away."""
    wanted = select(DiscardedSheet).where(DiscardedSheet.seat_id == seat_id).order_by(DiscardedSheet.at)
    return [one for one in session.scalars(wanted) if one.entries or one.evidence or one.marks or one.typed]


def own_discarded(session: Session, sheet_id: int, examiner_id: int) -> DiscardedSheet | None:
    """The sheet that a tablet still knows although it was taken out of work; held until the transaction ends."""
    mine = (DiscardedSheet.sheet_id == sheet_id, DiscardedSheet.examiner_id == examiner_id)
    return session.scalar(select(DiscardedSheet).where(*mine).with_for_update(of=DiscardedSheet))


def keep_late(session: Session, actor: Actor, gone: DiscardedSheet, sent: Sequence[Entry], now: datetime) -> int:
    """What its tablet sends now, beside the rest; how many of them were new."""
    known = {(one["device"], one["seq"]) for one in gone.entries}
    fresh = {(str(one.device), one.seq): one for one in sent if (str(one.device), one.seq) not in known}
    if fresh:
        gone.entries = [*gone.entries, *(_sent(one, now) for one in fresh.values())]
        told = [{"kind": one.kind, "key": one.key, "made_at": one.made_at} for one in fresh.values()]
        audit.record(session, "sheet:late_entries", actor, "sheet", gone.sheet_id, seat=gone.seat_id, entries=told)
        session.flush()
    return len(fresh)


def keep_late_piece(
    session: Session, actor: Actor, gone: DiscardedSheet, piece: Piece, now: datetime
) -> DiscardedEvidence:
    """A piece of evidence that its tablet sends now; the same key again is the same piece."""
    for before in gone.evidence:
        if before.client_key == piece.client_key:
            return before
    media_type, content = apart(cleaned, piece.kind, piece.content)
    kept = DiscardedEvidence(
        sheet_id=gone.sheet_id, criterion=piece.criterion, kind=piece.kind, media_type=media_type, content=content,
        size=len(content), sha256=sha256(content).hexdigest(), caption=piece.caption.strip(), late=True,
        from_second=piece.from_second, to_second=piece.to_second, client_key=piece.client_key,
        made_at=piece.made_at, at=now,
    )  # fmt: skip
    gone.evidence.append(kept)
    session.flush()
    audit.record(
        session, "sheet:evidence:added", actor, "sheet", gone.sheet_id, evidence=kept.id, criterion=kept.criterion,
        kind=kept.kind, sha256=kept.sha256, late=True,
    )  # fmt: skip
    return kept


def piece_of(session: Session, seat_id: int, evidence_id: int) -> DiscardedEvidence:
    """The file itself, of a sheet of this candidate."""
    piece = session.get(DiscardedEvidence, evidence_id, options=[undefer(DiscardedEvidence.content)])
    if piece is None or session.get_one(DiscardedSheet, piece.sheet_id).seat_id != seat_id:
        raise NotFound()
    return piece


def _keep(session: Session, actor: Actor, sheet: RubricSheet, entries: list[dict[str, Any]], reason: str) -> None:
    session.add(
        DiscardedSheet(
            sheet_id=sheet.id, seat_id=sheet.seat_id, examiner_id=sheet.examiner_id, order=sheet.order,
            rubric=sheet.rubric, marks=versions.kept(versions.marks_of(sheet)), entries=entries,
            typed=_typed(session, sheet.id), reason=reason.strip(), discarded_by=actor.user_id,
        )
    )  # fmt: skip
    session.flush()
    own = [getattr(SheetEvidence, name) for name in _COPIED]
    rows = select(literal(sheet.id), *own).where(SheetEvidence.sheet_id == sheet.id).order_by(SheetEvidence.id)
    session.execute(insert(DiscardedEvidence).from_select(["sheet_id", *_COPIED], rows))


def _typed(session: Session, sheet_id: int) -> list[dict[str, Any]]:
    rows = session.scalars(select(TypedSheet).where(TypedSheet.sheet_id == sheet_id).order_by(TypedSheet.id))
    return [
        {
            "typist": row.typist.name, "number": row.number, "marks": row.marks,
            "signed_at": row.signed_at.isoformat(), "at": row.at.isoformat(),
        }
        for row in rows
    ]  # fmt: skip


def _entries(session: Session, sheet_id: int) -> Sequence[MarkEntry]:
    wanted = select(MarkEntry).where(MarkEntry.sheet_id == sheet_id)
    return session.scalars(wanted.order_by(MarkEntry.at, MarkEntry.device, MarkEntry.seq)).all()


def _entry(row: MarkEntry) -> dict[str, Any]:
    return _plain(row) | {"late": row.late, "at": row.at.isoformat()}


def _sent(one: Entry, now: datetime) -> dict[str, Any]:
    return _plain(one) | {"late": True, "at": now.isoformat()}


def _plain(one: MarkEntry | Entry) -> dict[str, Any]:
    return {
        "device": str(one.device), "seq": one.seq, "stamp": one.stamp, "kind": str(one.kind), "key": one.key,
        "points": _points(one.points), "note": one.note,
        "made_at": one.made_at.isoformat() if one.made_at else None,
    }  # fmt: skip


def _points(given: object) -> str | None:
    """A tablet's late entry may hold anything; it is kept as it was sent."""
    return None if given is None else plain(given) if isinstance(given, Decimal) else str(given)

"""Evidence beside marks: bound to a criterion by its examiner, shown to others once both have signed."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256
from uuid import UUID

from sqlalchemy import func, select
from sqlalchemy.orm import Session, undefer

from app.core import audit
from app.core.audit import Actor
from app.core.errors import N_, NotFound, Refusal
from app.core.heavy import apart
from app.models.marking import EvidenceKind, SheetEvidence
from app.models.practical import RubricSheet, SheetState
from app.models.registration import StaffAssignment, StaffRole
from app.practical.marking.evidence_content import cleaned
from app.practical.marking.holding import locked_sheet, refuse_unworkable, too_late
from app.practical.marking.rubric import Rubric
from app.practical.marking.standing import seat_standing

MOST_PIECES = 40
LONGEST_CAPTION = 200


@dataclass(frozen=True)
class Piece:
    """A photo, recording or file as it was sent."""

    client_key: UUID
    criterion: str
    kind: str
    content: bytes
    caption: str = ""
    from_second: int | None = None
    to_second: int | None = None
    made_at: datetime | None = None


def add(session: Session, actor: Actor, sheet_id: int, examiner_id: int, piece: Piece, now: datetime) -> SheetEvidence:
    """Keep a piece of evidence; the same key again is the same piece. After signing it is kept as late."""
    sheet = locked_sheet(session, sheet_id, examiner_id)
    if (before := _of_key(session, sheet, piece.client_key)) is not None:
        return before
    criterion = Rubric.kept(sheet.rubric).knows(piece.criterion)
    _refuse_cut(piece)
    late = too_late(session, sheet)
    if not late:
        refuse_unworkable(session, sheet)
    count = select(func.count()).select_from(SheetEvidence).where(SheetEvidence.sheet_id == sheet.id)
    if (session.scalar(count) or 0) >= MOST_PIECES:
        message = N_(
            "This sheet has %(most)s pieces of evidence, the most there may be. Remove one that you do not need."
        )
        raise Refusal("evidence_full", message, status=409, most=MOST_PIECES)
    media_type, content = apart(cleaned, piece.kind, piece.content)
    kept = SheetEvidence(
        sheet_id=sheet.id, criterion=criterion, kind=piece.kind, media_type=media_type, content=content,
        size=len(content), sha256=sha256(content).hexdigest(), caption=piece.caption.strip(), late=late,
        from_second=piece.from_second, to_second=piece.to_second, client_key=piece.client_key,
        made_at=piece.made_at, at=now,
    )  # fmt: skip
    session.add(kept)
    session.flush()
    audit.record(
        session, "sheet:evidence:added", actor, "sheet", sheet.id, evidence=kept.id, criterion=criterion,
        kind=piece.kind, sha256=kept.sha256, late=late,
    )  # fmt: skip
    return kept


def remove(session: Session, actor: Actor, evidence_id: int, examiner_id: int) -> None:
    """By its examiner, as long as the sheet is not signed."""
    sheet_id = session.scalar(select(SheetEvidence.sheet_id).where(SheetEvidence.id == evidence_id))
    if sheet_id is None:
        raise NotFound()
    sheet = locked_sheet(session, sheet_id, examiner_id)
    piece = session.get(SheetEvidence, evidence_id)
    if piece is None:
        raise NotFound()
    if too_late(session, sheet):
        message = N_("The sheet is signed or its session over. Its evidence stays.")
        raise Refusal("evidence_kept", message, status=409)
    audit.record(
        session, "sheet:evidence:removed", actor, "sheet", sheet.id,
        evidence=piece.id, criterion=piece.criterion, sha256=piece.sha256,
    )  # fmt: skip
    session.delete(piece)
    session.flush()


def by_criterion(session: Session, sheet_ids: Iterable[int]) -> dict[str, list[SheetEvidence]]:
    """Without the files themselves, in the order in which they were made."""
    wanted = select(SheetEvidence).where(SheetEvidence.sheet_id.in_(list(sheet_ids))).order_by(SheetEvidence.id)
    found: dict[str, list[SheetEvidence]] = {}
    for piece in session.scalars(wanted):
        found.setdefault(piece.criterion, []).append(piece)
    return found


def opened(session: Session, evidence_id: int, viewer_id: int, *, reads_all: bool) -> SheetEvidence:
    """The file, for who may see it."""
    piece = session.get(SheetEvidence, evidence_id, options=[undefer(SheetEvidence.content)])
    if piece is None:
        raise NotFound()
    refuse_unseen(session, session.get_one(RubricSheet, piece.sheet_id), viewer_id, reads_all=reads_all)
    return piece


def refuse_unseen(session: Session, sheet: RubricSheet, viewer_id: int, *, reads_all: bool) -> None:
    """Its examiner always; the panel, registrars and auditors once both have signed, but nobody who still marks."""
    if sheet.examiner_id == viewer_id:
        return
    standing = seat_standing(session, sheet.seat)
    own = [one for one in standing.sheets.values() if one.examiner_id == viewer_id]
    blind = any(one.state != SheetState.SIGNED for one in own)
    if blind or not standing.both_signed or not (reads_all or on_panel(session, sheet.seat.session_id, viewer_id)):
        raise NotFound()


def on_panel(session: Session, session_id: int, user_id: int) -> bool:
    wanted = select(StaffAssignment.id).where(
        StaffAssignment.session_id == session_id,
        StaffAssignment.user_id == user_id,
        StaffAssignment.role == StaffRole.EXAMINER,
    )
    return session.scalar(wanted) is not None


def _of_key(session: Session, sheet: RubricSheet, key: UUID) -> SheetEvidence | None:
    found = session.scalar(select(SheetEvidence).where(SheetEvidence.client_key == key))
    if found is not None and found.sheet_id != sheet.id:
        message = N_("This key already stands for another piece of evidence. Draw a new random UUID.")
        raise Refusal("evidence_key_taken", message, status=409)
    return found


def _refuse_cut(piece: Piece) -> None:
    cut = (piece.from_second, piece.to_second)
    if cut == (None, None):
        return
    if piece.kind != EvidenceKind.AUDIO or None in cut or cut[0] > cut[1]:  # type: ignore[operator]
        message = N_("A cut needs a recording and two times in it, the first not after the second.")
        raise Refusal("evidence_cut", message)

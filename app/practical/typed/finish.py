"""From two equal typings to a signed sheet: the scan beside it, the marks as entries of a device called paper."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256
from uuid import UUID, uuid4

from sqlalchemy import select
from sqlalchemy.orm import Session, undefer

from app.core import audit
from app.core.audit import Actor
from app.core.errors import N_, NotFound, Refusal
from app.core.heavy import apart
from app.models.account import User
from app.models.marking import EvidenceKind, SheetEvidence
from app.models.papers import PaperSheet, TypedSheet
from app.models.practical import RubricSheet
from app.models.registration import Seat
from app.practical.marking.entries import follow, highest_stamp, store
from app.practical.marking.evidence_content import cleaned
from app.practical.marking.merging import Entry, EntryKind
from app.practical.marking.rubric import Rubric
from app.practical.marking.sheets import lock, refuse_incomplete
from app.practical.typed.compare import Line, Typing, keys_of
from app.practical.typed.typing_in import Case, case_of, held, typing_of

PAPER = UUID(int=1)
"""The device of what came from paper."""
SCAN = ""
"""A scan belongs to the whole sheet, to no single criterion."""


@dataclass(frozen=True)
class Finished:
    """A sheet that came from paper: whose it is, and who typed it in."""

    seat: int
    order: str
    examiner: str
    typists: Sequence[str]


def attach_scan(
    session: Session, actor: Actor, sheet_id: int, user_id: int, content: bytes, now: datetime
) -> SheetEvidence:
    """The paper as picture or PDF; another one takes the place of the first, which is kept beside it."""
    sheet = held(session, sheet_id, user_id)
    paper = session.get(PaperSheet, sheet.id)
    if paper is None:
        message = N_("Nobody has typed this sheet yet. Type it first, then attach the scan.")
        raise Refusal("typing_missing", message, status=409)
    media_type, kept = apart(cleaned, EvidenceKind.FILE, content)
    scan = SheetEvidence(
        sheet_id=sheet.id, criterion=SCAN, kind=EvidenceKind.FILE, media_type=media_type, content=kept, size=len(kept),
        sha256=sha256(kept).hexdigest(), caption="", client_key=uuid4(), made_at=None, at=now,
    )  # fmt: skip
    session.add(scan)
    session.flush()
    paper.scan_id = scan.id
    session.flush()
    audit.record(session, "sheet:scan:added", actor, "sheet", sheet.id, evidence=scan.id, sha256=scan.sha256)
    return scan


def scan_of(session: Session, case: Case) -> SheetEvidence:
    """The paper itself, for those who type it in."""
    if case.paper is None or case.paper.scan_id is None:
        raise NotFound()
    return session.get_one(SheetEvidence, case.paper.scan_id, options=[undefer(SheetEvidence.content)])


def finish(session: Session, actor: Actor, sheet_id: int, user_id: int, now: datetime) -> Case:
    """Sign on paper, on behalf of the examiner: only what both typed alike, and only with the scan beside it."""
    sheet = held(session, sheet_id, user_id)
    case = case_of(session, sheet.id)
    if case.paper is None or not case.equal:
        message = N_("Two people have to type the same first. A difference is never settled by itself.")
        raise Refusal("typing_unequal", message, status=409, details={"apart": list(case.apart)})
    if case.paper.scan_id is None:
        raise Refusal("scan_missing", N_("Attach a scan or photo of the paper first; it is the proof."), status=409)
    typed = typing_of(case.typed[0])
    entries = _entries(session, sheet, typed)
    store(session, sheet, entries, now)
    follow(session, actor, sheet, entries, now)
    refuse_incomplete(sheet)
    typists = [one.typist_id for one in case.typed]
    lock(session, actor, sheet, now, typed.signed_at, paper=True, examiner=sheet.examiner_id, typists=typists)
    case.paper.finished_by, case.paper.finished_at = user_id, now
    session.flush()
    return case


def finished_of(session: Session, session_id: int) -> list[Finished]:
    """For the record of the examination, by seat."""
    query = (
        select(PaperSheet.sheet_id, Seat.number, RubricSheet.order, User.name)
        .join(RubricSheet, RubricSheet.id == PaperSheet.sheet_id)
        .join(Seat, Seat.id == RubricSheet.seat_id)
        .join(User, User.id == RubricSheet.examiner_id)
        .where(Seat.session_id == session_id, PaperSheet.finished_at.is_not(None))
        .order_by(Seat.number, RubricSheet.order)
    )
    rows = session.execute(query).all()
    names = _typists(session, [row[0] for row in rows])
    return [Finished(number, order, examiner, names.get(sheet, ())) for sheet, number, order, examiner in rows]


def _typists(session: Session, sheet_ids: Iterable[int]) -> dict[int, list[str]]:
    query = (
        select(TypedSheet.sheet_id, User.name)
        .join(User, User.id == TypedSheet.typist_id)
        .where(TypedSheet.sheet_id.in_(list(sheet_ids)), TypedSheet.number == 1)
        .order_by(TypedSheet.id)
    )
    found: dict[int, list[str]] = {}
    for sheet, name in session.execute(query):
        found.setdefault(sheet, []).append(name)
    return found


def _entries(session: Session, sheet: RubricSheet, typed: Typing) -> list[Entry]:
    """Stamped after everything a tablet had sent, since the paper is what the examiner signed."""
    stamp, notes = highest_stamp(session, sheet.id), {mark.criterion: mark.note for mark in sheet.marks}
    said: list[tuple[str, EntryKind, Line]] = []
    for key in keys_of(Rubric.kept(sheet.rubric)):
        line = typed.line(key)
        said.append((key, EntryKind.POINTS, line))
        if line.note or notes.get(key):
            said.append((key, EntryKind.NOTE, line))
    return [
        Entry(
            PAPER, number, stamp + number, kind, key, line.points if kind == EntryKind.POINTS else None,
            line.note if kind == EntryKind.NOTE else None, typed.signed_at,
        )
        for number, (key, kind, line) in enumerate(said, 1)
    ]  # fmt: skip

"""Who came: each person compared with document and photo at the desk, marked once, let in by the same press."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from app.core import audit
from app.core.audit import Actor
from app.core.errors import N_, Refusal
from app.core.texts import check_reason
from app.delivery import timing
from app.models.attendance import Arrival, Attendance, Comparison, DeskPhoto, SeenDocument
from app.models.exam import Attempt, AttemptState
from app.models.registration import Candidate, ExamSession, Seat, SessionState
from app.registration.locks import locked
from app.schemes.scheme import scheme as scheme_of
from proctoring import desk_photos, doors, duty
from proctoring.place import Place, place_of_seat
from proctoring.seats import seat_numbered

QUEUE = timedelta(minutes=5)
"""Whoever stood at the door when it opened is not late for having waited for their turn."""


@dataclass(frozen=True)
class Check:
    """What the proctor found. Without `arrival` the clock says whether the person is late."""

    comparison: str = Comparison.MATCHES
    document: str = ""
    note: str = ""
    arrival: str = ""


def check(
    session: Session,
    actor: Actor,
    session_id: int,
    number: int,
    found: Check,
    now: datetime,
    photo: bytes | None = None,
) -> Attendance:
    """Marks one person as there and lets them in, unless it is somebody else. Again: corrects, the log keeps both."""
    _refuse_unknown(found)
    kept = desk_photos.readable(photo) if photo else None
    duty.require_duty(session, actor, session_id)
    exam = _under_way(session, session_id)
    seat = locked(session, Seat, seat_numbered(session, session_id, number).id)
    arrival = found.arrival or _came_before(session, seat) or _by_clock(place_of_seat(session, exam, number), now)
    if arrival == Arrival.ABSENT:
        return _mark_absent(session, actor, seat, found.note, now)
    taken = desk_photos.keep(session, actor, seat, kept, now) if kept else None
    document = found.document or _usual(session, seat)
    values = {"arrival": arrival, "document": document, "comparison": found.comparison, "note": found.note.strip()}
    row = _written(session, actor, seat, values, now, taken)
    _door(session, actor, seat, now, somebody_else=found.comparison == Comparison.DIFFERENT)
    return row


def mark_absent(
    session: Session, actor: Actor, session_id: int, numbers: list[int], now: datetime, note: str = ""
) -> int:
    """Marks those as absent who did not come; how many. Whoever was marked or has begun meanwhile stays as they are."""
    check_reason(note)
    duty.require_duty(session, actor, session_id)
    _under_way(session, session_id)
    marked = 0
    for number in sorted(set(numbers)):
        seat = locked(session, Seat, seat_numbered(session, session_id, number).id)
        if session.get(Attendance, seat.id, populate_existing=True) is None and not _has_begun(session, seat):
            _mark_absent(session, actor, seat, note, now)
            marked += 1
    return marked


def entry_over(place: Place, now: datetime) -> bool:
    """Nobody can come any more."""
    exam = place.exam
    if exam.state in (SessionState.CLOSED, SessionState.RELEASED) or now >= exam.closes_at:
        return True
    late = scheme_of(exam.scheme).level(exam.level).theory.late_entry
    return place.opened_at is not None and now > timing.late_entry_closes(exam.opens_at, place.opened_at, late)


def _by_clock(place: Place, now: datetime) -> Arrival:
    opened = place.opened_at
    return Arrival.LATE if opened is not None and now > max(opened, place.exam.opens_at) + QUEUE else Arrival.PRESENT


def _came_before(session: Session, seat: Seat) -> str:
    """Who is corrected came when they came, however late the correction is."""
    row = session.get(Attendance, seat.id, populate_existing=True)
    return row.arrival if row is not None and row.arrival != Arrival.ABSENT else ""


def _has_begun(session: Session, seat: Seat) -> bool:
    begun = select(func.count()).select_from(Attempt).where(Attempt.seat_id == seat.id, Attempt.started_at.is_not(None))
    return bool(session.scalar(begun))


def _mark_absent(session: Session, actor: Actor, seat: Seat, note: str, now: datetime) -> Attendance:
    if _has_begun(session, seat):
        raise Refusal(
            "absent_but_started",
            N_("The exam at seat %(number)s has begun, so somebody is there. Check who it is instead."),
            status=409,
            number=seat.number,
        )
    values = {"arrival": str(Arrival.ABSENT), "document": "", "comparison": "", "note": note.strip()}
    row = _written(session, actor, seat, values, now, None)
    seat.let_in_at = None
    session.flush()
    return row


def _written(
    session: Session, actor: Actor, seat: Seat, values: dict[str, str], now: datetime, photo: DeskPhoto | None
) -> Attendance:
    row = session.get(Attendance, seat.id, populate_existing=True)
    before = {name: getattr(row, name) for name in values} if row else None
    if row is None:
        row = Attendance(seat_id=seat.id, checked_by=actor.user_id, checked_at=now, **values)
        session.add(row)
    for name, value in values.items():
        setattr(row, name, value)
    row.checked_by, row.checked_at = actor.user_id or 0, now
    session.flush()
    tag = "attendance:corrected" if before else "attendance:checked"
    data = {"session_id": seat.session_id, "seat": seat.number, **values, **({"before": before} if before else {})}
    if photo is not None:
        data["photo"] = photo.sha256
    audit.record(session, tag, actor, "seat", seat.id, **data)
    return row


def _door(session: Session, actor: Actor, seat: Seat, now: datetime, *, somebody_else: bool) -> None:
    """Whoever was compared is let in; somebody else is not, and comes out again if the exam has not begun."""
    live = select(Attempt).where(Attempt.seat_id == seat.id, Attempt.state != AttemptState.VOIDED)
    attempt = session.scalar(live)
    if attempt is None:
        return
    if not somebody_else:
        doors.let_in(session, actor, attempt.id, now)
    elif attempt.state == AttemptState.PREPARED and seat.let_in_at is not None:
        seat.let_in_at = None
        session.flush()
        audit.record(session, "seat:turned_away", actor, "seat", seat.id, attempt=attempt.id)


def _usual(session: Session, seat: Seat) -> str:
    """The document that the person applied with."""
    return session.get_one(Candidate, seat.application.candidate_id).identity_type


def _under_way(session: Session, session_id: int) -> ExamSession:
    exam = session.get_one(ExamSession, session_id)
    if exam.state == SessionState.PLANNED:
        message = N_("The session is not prepared yet. Attendance begins when the registrar has prepared it.")
        raise Refusal("session_not_prepared", message, status=409)
    return exam


def _refuse_unknown(found: Check) -> None:
    check_reason(found.note)
    if found.comparison not in set(Comparison):
        raise Refusal("comparison_unknown", N_("Say how the comparison came out: matches, doubtful or different."))
    if found.document and found.document not in set(SeenDocument):
        raise Refusal("document_unknown", N_("Choose the document that was shown from the list."))
    if found.arrival and found.arrival not in set(Arrival):
        raise Refusal("arrival_unknown", N_("Somebody is present, late or absent. Choose one of them."))
    if found.comparison != Comparison.MATCHES and found.arrival != Arrival.ABSENT and not found.note.strip():
        raise Refusal("note_missing", N_("Say in the note what did not fit, then save again."))

"""The day leaves the plan: somebody does not come, a station fails, a tie is found. One press solves again."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.core.audit import Actor
from app.core.errors import N_, NotFound, Refusal
from app.core.texts import check_reason, said
from app.models.account import User
from app.models.practical import RubricSheet
from app.models.registration import ExamSession, Seat, SessionState, StaffAssignment, StaffRole, Tie
from app.models.stations import ChangeKind, PanelChange, PracticalStation, SeatAbsence
from app.practical.marking.discarding import discard
from app.practical.panels.changes import keep_change, picture
from app.practical.panels.making import has_marks, make_again
from app.practical.panels.stations import turns_of
from app.practical.sittings import examiners_of, locked_sitting, refuse_if_over
from app.registration.conflicts import declare_conflict
from app.registration.seating import seat_of


def happened(
    session: Session, actor: Actor, session_id: int, kind: str, about: int, *, reason: str, now: datetime,
    user_id: int | None = None, tie: str = Tie.DECLARED,
) -> PanelChange:  # fmt: skip
    """Whatever it is that happened, by its name."""
    simple = {
        "candidate_absent": candidate_absent,
        "candidate_came": candidate_came,
        "examiner_absent": examiner_absent,
        "station_out": station_out,
        "station_back": station_back,
    }
    if kind in simple:
        return simple[kind](session, actor, session_id, about, reason, now)
    _held(session, session_id, reason)
    if user_id is None:
        raise Refusal("conflict_unknown_person", N_("Choose an examiner and a candidate of the lists."))
    made = conflict_found(session, actor, session_id, about, user_id, tie, reason, now)
    return made or _unsolved(session, actor, session_id, about, user_id, reason, now)


def candidate_absent(
    session: Session, actor: Actor, session_id: int, seat_id: int, reason: str, now: datetime
) -> PanelChange:
    """Frees their turns and examiners; everybody else's day stays as it is."""
    sitting, seat = _held(session, session_id, reason), seat_of(session, session_id, seat_id)
    if seat.practical_started_at is not None or any(has_marks(sheet) for sheet in _sheets(session, seat)):
        message = N_("The practical of seat %(seat)s has begun, so the candidate was there.")
        raise Refusal("candidate_was_there", message, status=409, seat=seat.number)
    if session.get(SeatAbsence, seat.id) is not None:
        raise Refusal("absent_already", N_("Seat %(seat)s is on record as absent."), status=409, seat=seat.number)
    before = picture(session, session_id)
    session.add(SeatAbsence(seat_id=seat.id, reason=reason.strip(), recorded_by=actor.user_id, at=now))
    for sheet in _sheets(session, seat):
        discard(session, actor, sheet, reason)
    for turn in turns_of(session, seat.id):
        session.delete(turn)
    session.flush()
    return _kept(session, actor, sitting, ChangeKind.CANDIDATE_ABSENT, _who(seat), reason, before, True, now)


def candidate_came(
    session: Session, actor: Actor, session_id: int, seat_id: int, reason: str, now: datetime
) -> PanelChange:
    """Found after all: gets examiners and turns where there is room."""
    sitting, seat = _held(session, session_id, reason), seat_of(session, session_id, seat_id)
    row = session.get(SeatAbsence, seat.id)
    if row is None:
        raise Refusal("not_absent", N_("Seat %(seat)s is not on record as absent."), status=409, seat=seat.number)
    before = picture(session, session_id)
    session.delete(row)
    session.flush()
    return _again(session, actor, sitting, ChangeKind.CANDIDATE_CAME, _who(seat), reason, before, now)


def examiner_absent(
    session: Session, actor: Actor, session_id: int, user_id: int, reason: str, now: datetime
) -> PanelChange:
    """Others take the candidates who have not begun; sheets that hold marks stay with whoever began them."""
    sitting = _held(session, session_id, reason)
    wanted = select(StaffAssignment).where(
        StaffAssignment.session_id == session_id,
        StaffAssignment.user_id == user_id,
        StaffAssignment.role == StaffRole.EXAMINER,
    )
    place = session.scalar(wanted)
    if place is None:
        raise NotFound
    if place.left_at is not None:
        message = N_("%(name)s is on record as having left. If they are back, say so on the session's roster.")
        raise Refusal("left_already", message, status=409, name=place.user.name)
    before = picture(session, session_id)
    place.left_at = now
    session.flush()
    return _again(session, actor, sitting, ChangeKind.EXAMINER_ABSENT, place.user.name, reason, before, now)


def station_out(
    session: Session, actor: Actor, session_id: int, station_id: int, reason: str, now: datetime
) -> PanelChange:
    return _station(session, actor, session_id, station_id, reason, now, out=now)


def station_back(
    session: Session, actor: Actor, session_id: int, station_id: int, reason: str, now: datetime
) -> PanelChange:
    return _station(session, actor, session_id, station_id, reason, now, out=None)


def conflict_found(
    session: Session, actor: Actor, session_id: int, seat_id: int, examiner_id: int, tie: str, note: str,
    now: datetime,
) -> PanelChange | None:  # fmt: skip
    """The tie goes on file in any case; None if nobody else can take the candidate yet, which the registrar sees."""
    sitting = locked_sitting(session, session_id)
    refuse_if_over(sitting)
    seat = seat_of(session, session_id, seat_id)
    declare_conflict(session, actor, examiner_id, seat.application.candidate_id, tie, note)
    examiner = session.get_one(User, examiner_id)
    before = picture(session, session_id)
    subject = f"{examiner.name} – {_who(seat)}"
    try:
        with session.begin_nested():
            return _again(session, actor, sitting, ChangeKind.CONFLICT, subject, note or tie, before, now)
    except Refusal:
        session.expire_all()
        return None


def _unsolved(
    session: Session, actor: Actor, session_id: int, seat_id: int, user_id: int, reason: str, now: datetime
) -> PanelChange:
    """The tie is on file, nobody was found: the change says so by changing nothing."""
    seat, examiner = seat_of(session, session_id, seat_id), session.get_one(User, user_id)
    before, subject = picture(session, session_id), f"{examiner.name} – {_who(seat)}"
    return keep_change(session, actor, session_id, ChangeKind.CONFLICT, subject, reason, before, fewest=False, now=now)


def _station(
    session: Session, actor: Actor, session_id: int, station_id: int, reason: str, now: datetime,
    *, out: datetime | None,
) -> PanelChange:  # fmt: skip
    sitting = _held(session, session_id, reason)
    station = session.get(PracticalStation, station_id)
    if station is None or station.session_id != session_id:
        raise NotFound
    if (station.out_of_order_at is None) == (out is None):
        was_out = N_("Station “%(name)s” is out of order already.")
        message = was_out if out else N_("Station “%(name)s” works; it was not out of order.")
        raise Refusal("station_unchanged", message, status=409, name=station.name)
    before = picture(session, session_id)
    station.out_of_order_at = out
    session.flush()
    kind = ChangeKind.STATION_OUT if out else ChangeKind.STATION_BACK
    return _again(session, actor, sitting, kind, station.name, reason, before, now)


def _again(
    session: Session, actor: Actor, sitting: ExamSession, kind: ChangeKind, subject: str, reason: str,
    before: dict[tuple[int, str], dict[str, str]], now: datetime,
) -> PanelChange:  # fmt: skip
    """Solve once more for what stands, if anything was solved before."""
    fewest = True
    if before:
        panel = examiners_of(session, sitting)
        at = now if sitting.state == SessionState.OPEN else None
        fewest = make_again(session, actor, sitting, panel, at)
    return _kept(session, actor, sitting, kind, subject, reason, before, fewest, now)


def _kept(
    session: Session, actor: Actor, sitting: ExamSession, kind: ChangeKind, subject: str, reason: str,
    before: dict[tuple[int, str], dict[str, str]], fewest: bool, now: datetime,
) -> PanelChange:  # fmt: skip
    return keep_change(session, actor, sitting.id, kind, subject, reason, before, fewest=fewest, now=now)


def _held(session: Session, session_id: int, reason: str) -> ExamSession:
    sitting = locked_sitting(session, session_id)
    refuse_if_over(sitting)
    check_reason(reason)
    if not said(reason):
        raise Refusal("reason_missing", N_("Say why: changes on the day are kept with their reason."))
    return sitting


def _sheets(session: Session, seat: Seat) -> list[RubricSheet]:
    wanted = select(RubricSheet).where(RubricSheet.seat_id == seat.id)
    return list(session.scalars(wanted.execution_options(populate_existing=True)))


def _who(seat: Seat) -> str:
    return f"{seat.number} {seat.application.candidate.name}"

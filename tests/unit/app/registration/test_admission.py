"""Logging in with a ticket: once, on the day, and nobody learns which numbers exist."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from datetime import datetime, timedelta

import pytest
import sqlalchemy as sa
from flask import Flask, current_app
from sqlalchemy.orm import Session

from app.accounts.users import Visit
from app.core.clock import now
from app.core.db import db
from app.core.errors import NotFound, Refusal
from app.delivery import direct
from app.models.account import Login, LoginKind, User
from app.models.audit import AuditLine
from app.models.registration import ExamSession, Seat, SessionState
from app.registration import admission, admission_code, tickets
from tests.factories import rooms_of_session
from tests.factories.rooms_of_session import Divided, Holder
from tests.factories.theory import REGISTRAR


@pytest.fixture
def here(session: Session) -> Divided:
    return rooms_of_session.divided(session, candidates=2)


def key() -> bytes:
    return admission.key_of(current_app.config["SECRET_KEY"])


def enter(session: Session, holder: Holder, *, code: str = "", at: datetime | None = None) -> tuple[object, int]:
    visit = Visit(LoginKind.ADMISSION, at or now(), "192.0.2.7", "a browser")
    found = admission.log_in(session, key(), holder.number, code or holder.code, visit)
    session.commit()
    return found


def refused(session: Session, holder: Holder, **how: object) -> str:
    with pytest.raises(Refusal) as caught:
        enter(session, holder, **how)  # type: ignore[arg-type]
    session.rollback()
    return caught.value.code


def test_a_ticket_leads_to_its_attempt_and_is_used_up(session: Session, here: Divided) -> None:
    login_id, attempt = enter(session, here.holders[0])
    login = session.get_one(Login, login_id)
    assert (attempt, login.attempt_id, login.user_id) == (
        here.holders[0].attempt_id, here.holders[0].attempt_id, here.holders[0].user_id,
    )  # fmt: skip
    assert login.kind == LoginKind.ADMISSION
    assert refused(session, here.holders[0]) == "admission_used"
    assert enter(session, here.holders[1])[1] == here.holders[1].attempt_id


def test_an_unknown_number_and_a_wrong_code_are_refused_alike(session: Session, here: Divided) -> None:
    unknown = Holder(0, 0, 0, admission_code.number_of(10**6), here.holders[0].code)
    with pytest.raises(Refusal) as one:
        enter(session, unknown)
    with pytest.raises(Refusal) as other:
        enter(session, here.holders[0], code=here.holders[1].code)
    assert (one.value.code, one.value.message, one.value.status, one.value.details) == (
        other.value.code, other.value.message, other.value.status, other.value.details,
    )  # fmt: skip
    assert one.value.code == "admission_failed"


def test_a_wrong_code_learns_nothing_about_a_used_one(session: Session, here: Divided) -> None:
    enter(session, here.holders[0])
    assert refused(session, here.holders[0], code=here.holders[1].code) == "admission_failed"


def test_two_at_the_same_instant_are_one(app: Flask, session: Session, here: Divided) -> None:
    def run(_: int) -> str:
        with app.app_context():
            try:
                enter(db.session(), here.holders[0])
            except Refusal as refusal:
                return refusal.code
            return "in"

    with ThreadPoolExecutor(6) as pool:
        found = list(pool.map(run, range(6)))
    assert sorted(found) == ["admission_used"] * 5 + ["in"]
    assert session.scalar(sa.select(sa.func.count()).select_from(Login)) == 1


def test_opened_again_it_lets_in_once_more_within_its_minutes(session: Session, here: Divided) -> None:
    holder = here.holders[0]
    enter(session, holder)
    until = admission.open_again(session, here.actor, holder.seat_id, "the computer failed", now())
    session.commit()
    assert refused(session, holder, at=until) == "admission_used"
    enter(session, holder, at=until - timedelta(seconds=1))
    assert refused(session, holder) == "admission_used"


def test_a_new_code_kills_the_old_one_and_a_ticket_prints_the_same_again(session: Session, here: Divided) -> None:
    holder = here.holders[0]
    printed = tickets.of_seat(session, key(), holder.seat_id)
    assert (printed.number, printed.code) == (holder.number, holder.code)
    assert tickets.of_seat(session, key(), holder.seat_id) == printed
    admission.renew(session, REGISTRAR, here.session_id, holder.seat_id, "lost")
    session.commit()
    assert refused(session, holder) == "admission_failed"
    fresh = tickets.of_seat(session, key(), holder.seat_id)
    assert fresh.number == holder.number
    assert fresh.code != holder.code
    enter(session, holder, code=fresh.code)


def test_nothing_readable_is_stored(session: Session, here: Divided) -> None:
    enter(session, here.holders[0])
    seat = session.get_one(Seat, here.holders[0].seat_id)
    kept = " ".join(str(getattr(seat, column.key)) for column in Seat.__table__.columns)
    lines = " ".join(str(row) for row in session.execute(sa.text("SELECT * FROM audit_line")))
    for code in (here.holders[0].code, here.holders[0].code.replace("-", "")):
        assert code not in kept
        assert code not in lines


def test_only_on_the_day(session: Session, here: Divided) -> None:
    exam = session.get_one(ExamSession, here.session_id)
    assert refused(session, here.holders[0], at=exam.opens_at - timedelta(hours=2, seconds=1)) == "admission_early"
    assert refused(session, here.holders[0], at=exam.closes_at) == "admission_over"
    exam.state = SessionState.CLOSED
    session.commit()
    assert refused(session, here.holders[0]) == "admission_over"


def test_a_closed_account_stays_out(session: Session, here: Divided) -> None:
    session.get_one(User, here.holders[0].user_id).active = False
    session.commit()
    assert refused(session, here.holders[0]) == "admission_over"


def test_anothers_ticket_is_nobodys_to_print(session: Session, here: Divided) -> None:
    with pytest.raises(NotFound):
        tickets.of_seat(session, key(), here.holders[0].seat_id, here.holders[1].user_id)


@pytest.mark.parametrize("reason", ["", "  ", "x" * 501])
def test_a_code_is_renewed_and_opened_with_a_reason_only(session: Session, here: Divided, reason: str) -> None:
    seat = here.holders[0].seat_id
    with pytest.raises(Refusal):
        admission.renew(session, REGISTRAR, here.session_id, seat, reason)
    with pytest.raises(Refusal):
        admission.open_again(session, here.actor, seat, reason, now())


def test_at_once_leaves_what_the_ordinary_way_leaves(session: Session, here: Divided) -> None:
    one, other = here.holders

    def at_once(holder: Holder, code: str) -> tuple[object, int] | None:
        return admission.log_in_at_once(direct.line().run, key(), holder.number, code, "192.0.2.7", "a browser")

    logins = [session.get_one(Login, enter(session, one)[0])]
    assert at_once(other, one.code) is None
    found = at_once(other, other.code)
    assert found is not None
    logins.append(session.get_one(Login, found[0]))
    assert at_once(other, other.code) is None
    assert refused(session, other) == "admission_used"
    told = [(one.kind, one.address, one.agent, one.expires_at - one.created_at) for one in logins]
    assert told[0] == told[1]
    lines = session.scalars(sa.select(AuditLine).where(AuditLine.tag == "login:begun").order_by(AuditLine.id)).all()
    assert [(line.actor_id, line.subject_id, line.data) for line in lines] == [
        (one.user_id, str(one.user_id), {"address": "192.0.2.7", "attempt": one.attempt_id}) for one in here.holders
    ]
    assert len({(line.via, line.subject) for line in lines}) == 1


def test_at_once_keeps_to_the_hours_and_the_session(session: Session, here: Divided) -> None:
    exam = session.get_one(ExamSession, here.session_id)
    holder = here.holders[0]
    before, planned = exam.state, exam.opens_at
    for state, opens_at in ((SessionState.CLOSED, planned), (before, now() + timedelta(hours=3))):
        exam.state, exam.opens_at = state, opens_at
        session.commit()
        line = direct.line().run
        assert admission.log_in_at_once(line, key(), holder.number, holder.code, "", "") is None

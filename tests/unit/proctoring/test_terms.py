"""The terms of integrity of a session."""

from __future__ import annotations

from typing import Any

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.core.clock import now as clock_now
from app.core.errors import Refusal
from app.models.audit import AuditLine
from app.models.integrity import SessionIntegrity
from app.models.registration import SessionState
from proctoring import seb_file, terms
from proctoring.signals import CHOSEN
from proctoring.terms import Terms, Wish
from tests.factories import integrity, rooms, theory


def change(session: Session, session_id: int, wish: Wish) -> Terms:
    return terms.change(session, integrity.REGISTRAR, session_id, wish, integrity.START, clock_now())


def test_a_session_that_nobody_touched_has_the_usual_terms(session: Session) -> None:
    exam = theory.theory_session(session)
    found = terms.terms_of(session, exam.id)
    assert found == Terms()
    assert (found.lockdown, found.pictures, found.full_screen) == ("off", (), False)


def test_terms_stand_and_leave_a_line(session: Session) -> None:
    exam = theory.theory_session(session)
    made = change(session, exam.id, Wish(Terms(signals=("paste", "focus"), lockdown="required"), "open sesame"))
    assert terms.terms_of(session, exam.id) == made
    assert made.signals == ("focus", "paste")
    assert made.quit_hash == seb_file.hashed_password("open sesame")
    assert seb_file.key_of_file(terms.config_file(session, exam.id)) == made.config_key
    line = session.scalars(select(AuditLine).where(AuditLine.tag == "session:integrity")).one()
    assert (line.data["config_key"], line.data["quit_password"]) == (made.config_key, True)
    assert "quit_hash" not in line.data


def test_a_password_stays_until_it_is_changed_or_taken_away(session: Session) -> None:
    exam = theory.theory_session(session)
    first = change(session, exam.id, Wish(Terms(lockdown="allowed"), "one"))
    assert change(session, exam.id, Wish(first)).config_key == first.config_key
    other = change(session, exam.id, Wish(first, "two"))
    assert other.quit_hash != first.quit_hash
    assert other.config_key != first.config_key
    assert change(session, exam.id, Wish(other, "")).quit_hash == ""


def test_without_lockdown_there_is_no_file(session: Session) -> None:
    exam = theory.theory_session(session)
    on = change(session, exam.id, Wish(Terms(lockdown="allowed")))
    off = change(session, exam.id, Wish(Terms(**{**vars(on), "lockdown": "off"})))
    assert off.config_key == ""
    with pytest.raises(Refusal, match="nothing here"):
        terms.config_file(session, exam.id)


def test_keys_of_ones_own_and_of_files(session: Session) -> None:
    exam = theory.theory_session(session)
    key, file = "AB" * 32, seb_file.written({"startURL": "https://elsewhere.example"})
    wanted = Terms(lockdown="required", extra_keys=(key, f" {key.lower()} "))
    made = change(session, exam.id, Wish(wanted, files=[file]))
    assert made.extra_keys == (key.lower(), seb_file.key_of_file(file))
    assert made.keys == (made.config_key, *made.extra_keys)


@pytest.mark.parametrize(
    "chosen, code",
    [
        ({"signals": ("takeover",)}, "terms_unknown"),
        ({"lockdown": "maybe"}, "terms_unknown"),
        ({"extra_keys": ("abc",)}, "key_malformed"),
        ({"extra_keys": tuple(f"{n:064x}" for n in range(21))}, "key_malformed"),
        ({"capture_seconds": 19}, "capture_terms"),
        ({"keep_days": 0}, "capture_terms"),
        ({"camera": True}, "purpose_missing"),
        ({"screen": True, "purpose": "  "}, "purpose_missing"),
        ({"purpose": "x" * 501}, "purpose_missing"),
    ],
)
def test_terms_that_cannot_be(session: Session, chosen: dict[str, Any], code: str) -> None:
    exam = theory.theory_session(session)
    with pytest.raises(Refusal) as refused:
        change(session, exam.id, Wish(Terms(**chosen)))
    assert refused.value.code == code
    assert session.get(SessionIntegrity, exam.id) is None


def test_what_candidates_were_told_stands_once_the_doors_are_open(session: Session) -> None:
    room = rooms.room(session)
    assert change(session, room.session_id, Wish(Terms(lockdown="allowed"))).lockdown == "allowed"
    for chosen in ({"signals": ()}, {"full_screen": True}, {"camera": True, "purpose": "x"}):
        with pytest.raises(Refusal) as refused:
            change(session, room.session_id, Wish(Terms(**chosen)))
        assert refused.value.code == "terms_told"


def test_nothing_changes_once_the_session_is_over(session: Session) -> None:
    exam = theory.theory_session(session)
    exam.state = SessionState.CLOSED
    session.flush()
    with pytest.raises(Refusal) as refused:
        change(session, exam.id, Wish(Terms(signals=tuple(CHOSEN))))
    assert refused.value.code == "session_state"

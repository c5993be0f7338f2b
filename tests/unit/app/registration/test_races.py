"""Two registrars at the same moment."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor

from flask import Flask
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from app.core.clock import now
from app.core.db import db
from app.core.errors import Refusal
from app.models.registration import Seat
from app.registration import decisions, seating
from tests.factories import applicants
from tests.factories.applicants import REGISTRAR
from tests.unit.app.registration.test_planning import planned


def outcome(app: Flask, call: object, *args: object) -> str:
    with app.app_context():
        try:
            call(db.session(), *args)  # type: ignore[operator]
            db.session.commit()
        except Refusal as refusal:
            db.session.rollback()
            return refusal.code
        return "done"


def both(app: Flask, call: object, first: tuple[object, ...], second: tuple[object, ...]) -> list[str]:
    with ThreadPoolExecutor(2) as pool:
        return sorted(pool.map(lambda args: outcome(app, call, *args), (first, second)))


def test_the_last_place_is_given_once(store: Flask, session: Session) -> None:
    row = planned(session, capacity=1)
    one, other = applicants.admitted(session), applicants.admitted(session)
    session.commit()
    add = seating.add_candidates
    found = both(store, add, (REGISTRAR, row.id, [one.id], now()), (REGISTRAR, row.id, [other.id], now()))
    assert found == ["done", "site_full"]
    assert session.scalar(select(func.count()).select_from(Seat)) == 1


def test_one_person_gets_one_of_two_overlapping_seats(store: Flask, session: Session) -> None:
    one, other, application = planned(session), planned(session), applicants.admitted(session)
    session.commit()
    add, mine = seating.add_candidates, [application.id]
    found = both(store, add, (REGISTRAR, one.id, mine, now()), (REGISTRAR, other.id, mine, now()))
    assert found == ["candidates_unfit", "done"]


def test_an_application_is_decided_once(store: Flask, session: Session) -> None:
    application = applicants.submitted(session)
    session.commit()
    args = (REGISTRAR, application.id, now())
    assert both(store, decisions.admit, args, args) == ["application_not_waiting", "done"]

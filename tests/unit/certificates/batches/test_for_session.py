from __future__ import annotations

import threading
from datetime import timedelta

import pytest
from flask import Flask, current_app
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.cli import worker
from app.core.audit import Actor
from app.core.clock import now
from app.core.db import db
from app.models.account import Role
from app.models.certificate import Certificate, CertificateOrder
from certificates.batches import progress, working
from certificates.batches.for_session import issue_for_session, order_for_session
from certificates.batches.taking import take_and_work
from certificates.register import making, orders
from certificates.signing.seals import issuers
from tests.factories import batches, people
from tests.factories import certificates as factory
from tests.factories.batches import holdings

pytestmark = pytest.mark.usefixtures("session")
WHOLE = {"certificates", "people", "events", "lines", "credentials", "logged", "done"}


def complete(session: Session, count: int) -> bool:
    held = holdings(session)
    return {held[what] for what in WHOLE} == {count} and held["waiting"] == 0


def outcomes(session: Session, exam: int) -> list[str]:
    told = []
    for one in issue_for_session(session, factory.REGISTRAR, exam, now(), factory.choice()):
        session.commit()
        told.append(one.status)
    return told


def test_everybody_gets_one_however_often_it_is_asked(session: Session) -> None:
    exam = batches.seated(session, 3).id
    assert outcomes(session, exam) == ["issued"] * 3
    assert complete(session, 3)
    assert outcomes(session, exam) == ["already"] * 3
    assert complete(session, 3)


def test_the_worker_does_what_was_ordered_in_the_name_of_who_decided(session: Session) -> None:
    exam = batches.seated(session, 3).id
    registrar = people.user(session, Role.REGISTRAR)
    session.commit()
    actor = Actor(registrar.id, registrar.name)
    assert len(order_for_session(session, actor, exam, now(), factory.choice())) == 3
    session.commit()
    assert progress.of_session(session, exam, now()).due == 3
    assert worker.work_on_orders() == 1
    assert complete(session, 3)
    lines = session.execute(
        batches.text("SELECT actor_id, actor_name, via FROM audit_line WHERE tag = 'certificate:issued'")
    )
    assert {tuple(row) for row in lines} == {(registrar.id, registrar.name, "worker")}
    assert progress.of_session(session, exam, now()) == progress.Progress()


def test_orders_that_were_committed_before_stand_when_the_rest_breaks(session: Session) -> None:
    """As page, API and command line do it: whoever is killed in the first handful has still ordered for everybody."""
    exam = batches.seated(session, 3).id
    ordered = order_for_session(session, factory.REGISTRAR, exam, now(), factory.choice())
    session.commit()
    told = issue_for_session(session, factory.REGISTRAR, exam, now(), factory.choice(), ordered)
    assert next(told).status == "issued"
    session.rollback()
    assert holdings(session)["waiting"] == 3
    assert take_and_work(session, now(), factory.choice())
    assert complete(session, 3)
    lines = session.scalar(batches.text("SELECT count(*) FROM audit_line WHERE tag = 'certificate:ordered'"))
    assert lines == 1


def test_an_outage_delays_and_heals_by_itself(session: Session, monkeypatch: pytest.MonkeyPatch) -> None:
    exam = batches.seated(session, 4).id
    with monkeypatch.context() as patched:
        batches.outage(patched, after=1)
        assert outcomes(session, exam) == ["issued", "waiting", "waiting", "waiting"]
        held = holdings(session)
        assert (held["certificates"], held["events"], held["credentials"], held["waiting"]) == (1, 1, 1, 3)
        assert worker.work_on_orders() == 0  # the next try is not due yet
        found = progress.of_session(session, exam, now())
        assert (found.delayed, found.due, found.done, found.total) == (3, 0, 1, 4)
        assert [reason.code for reason in found.reasons] == ["timestamp_unavailable"]
        assert found.next_try
        assert found.next_try > now()
    later = now() + timedelta(minutes=1)
    assert take_and_work(session, later, factory.choice())
    assert complete(session, 4)


def test_each_further_try_comes_later(session: Session, monkeypatch: pytest.MonkeyPatch) -> None:
    exam = batches.seated(session, 1).id
    batches.outage(monkeypatch)
    order_for_session(session, factory.REGISTRAR, exam, now(), factory.choice())
    session.commit()
    waits = []
    for _ in range(8):
        at = session.scalars(select(CertificateOrder.not_before)).one()
        assert take_and_work(session, at, factory.choice())
        waits.append((session.scalars(select(CertificateOrder.not_before)).one() - at).total_seconds())
    assert waits == [15, 30, 60, 120, 240, 480, 600, 600]
    assert orders.sooner(session, factory.REGISTRAR, exam, now()) == 1
    assert session.scalars(select(CertificateOrder.state)).one() == "waiting"


def test_one_that_breaks_holds_up_no_other_and_is_given_up(session: Session, monkeypatch: pytest.MonkeyPatch) -> None:
    exam = batches.seated(session, 3).id
    pressed = making.pressed

    def fails(face: making.CertificateFace, *given: object) -> object:
        if face.holder_name == "王乙":
            raise ValueError("a picture that cannot be drawn")
        return pressed(face, *given)  # type: ignore[arg-type]

    monkeypatch.setattr(working, "pressed", fails)
    order_for_session(session, factory.REGISTRAR, exam, now(), factory.choice())
    session.commit()
    for day in range(orders.MOST_TRIES):
        assert take_and_work(session, now() + timedelta(days=day), factory.choice())
    assert not take_and_work(session, now() + timedelta(days=30), factory.choice())
    rows = session.scalars(select(CertificateOrder).order_by(CertificateOrder.id)).all()
    assert [one.state for one in rows] == ["done", "failed", "done"]
    assert rows[1].reasons[0]["code"] == "fault"


def test_what_cannot_be_stored_together_is_stored_one_by_one(session: Session, monkeypatch: pytest.MonkeyPatch) -> None:
    exam = batches.seated(session, 3).id
    together = working.stored_together

    def fails(session: Session, actor: object, many: list[object]) -> None:
        if len(many) > 1:
            raise RuntimeError("together it does not go")
        together(session, actor, many)  # type: ignore[arg-type]

    monkeypatch.setattr(working, "stored_together", fails)
    order_for_session(session, factory.REGISTRAR, exam, now(), factory.choice())
    session.commit()
    assert take_and_work(session, now(), factory.choice())
    assert complete(session, 3)


def test_many_at_once_share_the_work_and_none_is_done_twice(session: Session, app: Flask) -> None:
    exam = batches.seated(session, 12).id
    order_for_session(session, factory.REGISTRAR, exam, now(), factory.choice())
    session.commit()
    together = threading.Barrier(4)
    problems: list[BaseException] = []

    def run(press: bool) -> None:
        with app.app_context():
            together.wait()
            try:
                if press:
                    outcomes(db.session(), exam)
                else:
                    while take_and_work(db.session(), now(), issuers(current_app.extensions["settings"]), most=2):
                        pass
            except BaseException as problem:
                problems.append(problem)
            db.session.remove()

    threads = [threading.Thread(target=run, args=(press,)) for press in (True, True, False, False)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert problems == []
    assert complete(session, 12)


def test_a_waiting_order_is_done_when_the_certificate_is_issued_otherwise(session: Session) -> None:
    exam = batches.seated(session, 1).id
    order_for_session(session, factory.REGISTRAR, exam, now(), factory.choice())
    applied = session.scalars(select(CertificateOrder.application_id)).one()
    made = factory.issuing.issue(session, factory.REGISTRAR, applied, now(), factory.choice())
    session.commit()
    assert session.scalars(select(CertificateOrder.certificate_id)).one() == made.id
    assert not take_and_work(session, now(), factory.choice())
    assert session.scalars(select(Certificate.id)).one() == made.id


def test_one_by_one_waits_as_well(session: Session, monkeypatch: pytest.MonkeyPatch) -> None:
    applied = factory.passed(session).id
    with monkeypatch.context() as patched:
        batches.outage(patched)
        told = factory.issuing.issue_or_wait(session, factory.REGISTRAR, applied, now(), factory.choice())
        session.commit()
        assert getattr(told, "code", "") == "timestamp_unavailable"
    assert holdings(session)["certificates"] == 0
    assert take_and_work(session, now() + timedelta(minutes=1), factory.choice())
    assert complete(session, 1)

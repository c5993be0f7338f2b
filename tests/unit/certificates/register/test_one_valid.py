"""At most one certificate of a person, scheme and level stands, whatever two registrars do at the same time."""

from __future__ import annotations

import random
import threading
from collections.abc import Callable
from contextlib import ExitStack
from datetime import datetime, timedelta

import pytest
from flask import Flask
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import func, select, text
from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm import Session, sessionmaker

from app.core.clock import now
from app.core.db import db
from app.core.errors import Refusal
from app.models.certificate import Certificate, CertificateEvent
from app.schemes.scheme import Renewal
from certificates.register import naming, replacing, revocation
from certificates.register.entries import worth
from certificates.register.grounds import Ground
from certificates.register.issue import issue
from certificates.signing.seals import IssuerChoice
from tests.factories import certificate_life as life
from tests.factories import certificates as factory

BY = factory.REGISTRAR
NAMES = ("王小明", "王晓明", "王大明")
STANDING = select(func.count()).select_from(Certificate).where(Certificate.status.in_(("valid", "suspended")))


class Desk:
    """One registrar's open transaction, and every decision there is."""

    def __init__(self, session: Session, application_id: int, choose: IssuerChoice) -> None:
        self.session, self.application_id, self.choose = session, application_id, choose

    def decide(self, what: str, chance: random.Random, at: datetime) -> None:
        self.session.execute(text("SET LOCAL lock_timeout = '40ms'"))  # whoever waits for the other one gives up
        with self.session.begin_nested():
            getattr(self, what)(chance, at)

    def issue(self, _chance: random.Random, at: datetime) -> None:
        issue(self.session, BY, self.application_id, at, self.choose)

    def suspend(self, chance: random.Random, at: datetime) -> None:
        revocation.suspend(self.session, BY, self._any(chance), "x", at)

    def reinstate(self, chance: random.Random, at: datetime) -> None:
        revocation.reinstate(self.session, BY, self._any(chance), "x", at)

    def revoke(self, chance: random.Random, at: datetime) -> None:
        ground = chance.choice((Ground.HOLDER_REQUEST, Ground.ISSUED_IN_ERROR))  # after these another may follow
        revocation.revoke(self.session, BY, self._any(chance), "x", at, ground=ground)

    def replace(self, chance: random.Random, at: datetime) -> None:
        name = f"王{chr(0x4E00 + chance.randrange(900))}"
        naming.correct_name(self.session, BY, self.application_id, name, "x", "y", at)
        replacing.replace(self.session, BY, self._any(chance), "x", at, self.choose)

    def renew(self, chance: random.Random, at: datetime) -> None:
        replacing.renew(self.session, BY, self._any(chance), "x", at, self.choose, training_hours=20)

    def rename(self, chance: random.Random, at: datetime) -> None:
        naming.correct_name(self.session, BY, self.application_id, chance.choice(NAMES), "x", "y", at)

    def _any(self, chance: random.Random) -> str:
        serials = list(self.session.scalars(select(Certificate.serial).order_by(Certificate.id)))
        return chance.choice([*serials[-2:], *serials[-1:], *serials[-1:]] or ["none"])


DECISIONS = ("issue", "suspend", "reinstate", "revoke", "replace", "renew", "rename")


def holds(session: Session) -> None:
    """For whoever looks now, and of all that ever happened."""
    rows = session.scalars(select(Certificate).order_by(Certificate.id)).all()
    assert sum(one.status in ("valid", "suspended") for one in rows) <= 1
    for one in rows:
        follower = next((other for other in rows if other.replaces_id == one.id), None)
        assert (one.status == "replaced") == (follower is not None), "marked as replaced, and by one that is there"
        events = session.scalars(
            select(CertificateEvent).where(CertificateEvent.certificate_id == one.id).order_by(CertificateEvent.id)
        ).all()
        assert (events[0].status, events[-1].status) == ("valid", one.status)
        assert all(event.status in ("valid", "suspended") for event in events[:-1]), "nothing follows an end"


@pytest.fixture
def quick(monkeypatch: pytest.MonkeyPatch) -> None:
    life.with_terms(monkeypatch, rule=Renewal(months_before=36, months_after=2, training_hours=20))
    life.without_documents(monkeypatch)


@pytest.fixture
def applied(session: Session, quick: None) -> int:
    found = factory.passed(session)
    session.commit()
    return found.id


MOVES = st.lists(
    st.tuples(
        st.integers(0, 1),
        st.sampled_from(DECISIONS),
        st.integers(0, 99),
        st.sampled_from(("stay", "commit", "commit", "rollback")),
        st.sampled_from((0, 0, 0, 1, 6, 38)),
    ),
    min_size=8,
    max_size=25,
)


@settings(max_examples=20, deadline=None, suppress_health_check=list(HealthCheck))
@given(moves=MOVES)
def test_any_interleaving_of_two_transactions(
    session: Session, applied: int, moves: list[tuple[int, str, int, str, int]]
) -> None:
    """Each move: which of the two decides what, how their transaction goes on, and how many months pass after it."""
    fresh, at = sessionmaker(db.engine), now()
    with ExitStack() as open_ones:
        look, *sessions = [open_ones.enter_context(fresh()) for _ in range(3)]
        look.execute(text("TRUNCATE certificate, name_correction CASCADE"))
        look.commit()
        desks = [Desk(one, applied, factory.choice()) for one in sessions]
        for who, what, seed, end, months in [(0, "issue", 0, "commit", 0), *moves]:
            one = sessions[who]
            try:
                desks[who].decide(what, random.Random(seed), at)  # noqa: S311
            except Refusal:
                pass
            except DBAPIError:
                one.rollback()
            else:
                assert (one.scalar(STANDING) or 0) <= 1
            if end != "stay":
                (one.commit if end == "commit" else one.rollback)()
            holds(look)
            look.rollback()
            at += timedelta(days=30 * months)
        for one in sessions:
            one.commit()
        holds(look)


def test_two_registrars_at_once(session: Session, app: Flask, applied: int) -> None:
    choose, start = factory.choice(), now()
    together, faults = threading.Barrier(2), list[BaseException]()

    def work(seed: int) -> None:
        chance = random.Random(seed)  # noqa: S311
        with app.app_context():
            together.wait()
            for step in range(60):
                desk = Desk(db.session(), applied, choose)
                decide: Callable[..., None] = getattr(desk, chance.choice(DECISIONS))
                try:
                    decide(chance, start + timedelta(minutes=step))
                    db.session.commit()
                except Refusal:
                    db.session.rollback()
                except BaseException as fault:
                    faults.append(fault)
                    db.session.rollback()
            db.session.remove()

    threads = [threading.Thread(target=work, args=(seed,)) for seed in (1, 2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert faults == []
    session.rollback()
    holds(session)
    assert (session.scalar(select(func.count()).select_from(Certificate)) or 0) > 1


def test_worth_is_never_more_than_what_was_decided(session: Session, applied: int) -> None:
    made = issue(session, BY, applied, now(), factory.choice())
    assert made.expires_on
    ends = made.expires_on
    assert [worth(made, day) for day in (ends, ends + timedelta(days=1))] == ["valid", "expired"]
    revocation.suspend(session, BY, made.serial, "x", now())
    assert worth(made, ends + timedelta(days=1)) == "suspended"

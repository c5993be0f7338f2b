from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import select, text, update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from app.core.clock import now
from app.core.errors import Refusal
from app.models.audit import AuditLine
from app.models.certificate import Certificate, CertificateEvent
from app.models.registration import Candidate
from app.registration.facts import day_of, standings_of
from certificates.register import entries as register
from certificates.register import replacing, revocation
from certificates.register.issue import CertificateRefused, issue
from certificates.register.renewal import months_later
from certificates.register.succession import predecessor, successor
from tests.factories import certificate_life as life
from tests.factories import certificates as factory
from tests.factories import theory

BY = factory.REGISTRAR


def replaced(session: Session, one: Certificate) -> Certificate:
    return replacing.replace(session, BY, one.serial, "姓名误录", now(), factory.choice())


def test_after_a_correction_the_new_one_stands_and_both_refer_to_each_other(session: Session) -> None:
    old = factory.issued(session, name="王小名")
    kept = (old.pdf, old.sha256)
    life.rename(session, old, "王小明")
    new = replaced(session, old)
    session.commit()
    assert (old.status, old.status_reason, old.holder) == ("replaced", "name_corrected", "王小名")
    assert (new.status, new.holder, new.replaces_id) == ("valid", "王小明", old.id)
    assert (successor(session, old), predecessor(session, new)) == (new, old)
    assert (old.pdf, old.sha256) == kept
    assert new.serial != old.serial
    events = [(one.event.certificate_id, one.event.status, one.event.ground) for c in (old, new)
              for one in register.history(session, c)]  # fmt: skip
    assert events == [(old.id, "valid", ""), (old.id, "replaced", "name_corrected"), (new.id, "valid", "")]
    line = session.scalars(select(AuditLine).where(AuditLine.tag == "certificate:replaced")).one()
    assert (line.subject_id, line.data["successor"]) == (old.serial, new.serial)


def test_the_replaced_one_counts_for_nothing_and_its_successor_for_everything(session: Session) -> None:
    old = factory.issued(session, name="王小名")
    life.rename(session, old, "王小明")
    replaced(session, old)
    person = session.scalars(select(Candidate)).one()
    held = standings_of(session, [person.id], theory.SCHEME, day_of(now()), demonstration=True)
    assert held == {person.id: {"junior": "valid"}}
    assert register.worth(old, day_of(now())) == "replaced"


def test_only_what_has_another_name(session: Session) -> None:
    made = factory.issued(session)
    with pytest.raises(Refusal) as refused:
        replaced(session, made)
    assert refused.value.code == "nothing_to_replace"


@pytest.mark.parametrize("change", [revocation.suspend, revocation.revoke])
def test_only_a_valid_one(session: Session, change) -> None:  # type: ignore[no-untyped-def]
    made = factory.issued(session)
    life.rename(session, made, "王大明")
    change(session, BY, made.serial, "x", now())
    with pytest.raises(Refusal) as refused:
        replaced(session, made)
    assert refused.value.code == "status_conflict"


def test_a_replaced_one_is_never_anything_else_again(session: Session) -> None:
    old = factory.issued(session)
    life.rename(session, old, "王大明")
    replaced(session, old)
    session.commit()
    for change in (revocation.suspend, revocation.reinstate, revocation.revoke):
        with pytest.raises(Refusal) as refused:
            change(session, BY, old.serial, "x", now())
        assert refused.value.code == "status_conflict"
    for statement in (
        update(Certificate).where(Certificate.id == old.id).values(status="valid"),
        update(Certificate).where(Certificate.replaces_id == old.id).values(replaces_id=None),
        update(CertificateEvent).values(ground="unstated"),
        text("UPDATE name_correction SET after = before || 'x'"),
    ):
        with pytest.raises(IntegrityError):
            session.execute(statement)
        session.rollback()


def test_nothing_happens_when_it_cannot_be_signed(session: Session, monkeypatch: pytest.MonkeyPatch) -> None:
    from certificates.register import making
    from certificates.signing.unavailable import timestamp_unavailable

    old = factory.issued(session)
    life.rename(session, old, "王大明")
    session.commit()

    def refused(*_: object) -> None:
        raise timestamp_unavailable("down")

    monkeypatch.setattr(making, "pressed", refused)
    with pytest.raises(Refusal) as problem:
        replaced(session, old)
    session.commit()  # whoever catches it may go on: nothing was half done
    assert problem.value.code == "timestamp_unavailable"
    assert (old.status, successor(session, old)) == ("valid", None)


def test_a_new_name_keeps_the_term(session: Session, monkeypatch: pytest.MonkeyPatch) -> None:
    life.with_terms(monkeypatch)
    old = factory.issued(session)
    assert old.expires_on == months_later(day_of(now()), life.MONTHS)
    life.rename(session, old, "王大明")
    later = now() + timedelta(days=100)
    new = replacing.replace(session, BY, old.serial, "x", later, factory.choice())
    assert (new.expires_on, new.issued_on) == (old.expires_on, day_of(later))


def test_a_renewal_loses_nothing_of_the_old_term(session: Session, monkeypatch: pytest.MonkeyPatch) -> None:
    life.with_terms(monkeypatch)
    life.without_documents(monkeypatch)
    old = factory.issued(session)
    assert old.expires_on
    with pytest.raises(CertificateRefused) as refused:
        replacing.renew(session, BY, old.serial, "x", now(), factory.choice())
    assert [one.code for one in refused.value.reasons] == ["renewal_too_early", "training_hours_short"]
    in_time = now() + timedelta(days=365 * 3 - 30)
    new = replacing.renew(session, BY, old.serial, "继续教育合格", in_time, factory.choice(), training_hours=20)
    assert (old.status, old.status_reason) == ("replaced", "renewed")
    assert new.expires_on == months_later(old.expires_on, life.MONTHS)


def test_a_late_renewal_begins_on_its_day(session: Session, monkeypatch: pytest.MonkeyPatch) -> None:
    life.with_terms(monkeypatch)
    life.without_documents(monkeypatch)
    old = factory.issued(session)
    assert old.expires_on
    late = now() + timedelta(days=365 * 3 + 40)
    assert register.worth(old, day_of(late)) == "expired"
    with pytest.raises(Refusal) as refused:
        replacing.replace(session, BY, old.serial, "x", late, factory.choice())
    assert refused.value.code in ("certificate_ended", "nothing_to_replace")
    new = replacing.renew(session, BY, old.serial, "x", late, factory.choice(), training_hours=25)
    assert new.expires_on == months_later(day_of(late), life.MONTHS)


def test_who_passes_again_after_the_end_gets_one_that_follows_the_old(
    session: Session, monkeypatch: pytest.MonkeyPatch
) -> None:
    life.with_terms(monkeypatch, rule=None)
    life.without_documents(monkeypatch)
    user = factory.candidate(session)
    old = factory.issued(session, user=user)
    session.execute(text("UPDATE application SET status = 'withdrawn'"))
    years_on = now() + timedelta(days=365 * 4)
    again = factory.application(session, user=user)
    for part in ("theory", "practical"):
        factory.result(session, again, part, "70", years_on)  # type: ignore[arg-type]
    new = issue(session, BY, again.id, years_on, factory.choice())
    session.commit()
    assert (new.replaces_id, new.expires_on) == (old.id, months_later(day_of(years_on), life.MONTHS))
    assert (old.status, old.status_reason) == ("replaced", "earned_anew")


def test_what_waits_to_be_replaced(session: Session) -> None:
    made = factory.issued(session)
    person = session.scalars(select(Candidate)).one()
    assert replacing.awaiting_replacement(session, person.id) == []
    life.rename(session, made, "王大明")
    assert replacing.awaiting_replacement(session, person.id) == [made]
    replaced(session, made)
    assert replacing.awaiting_replacement(session, person.id) == []

"""Renewing the proof in the register's files: once each, in good time, and never a half of it."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from hashlib import sha256
from threading import Barrier, Thread

import pytest
from flask import Flask
from sqlalchemy import func, select, text
from sqlalchemy.orm import Session

from app.core.audit import SYSTEM
from app.core.db import db
from app.models.archive import ArchiveTrouble
from app.models.certificate import Certificate, CertificateArchive
from app.schemes.scheme import scheme
from certificates.archive import renewal, troubles
from certificates.archive.outlook import outlook
from certificates.register.document import certificate_of, newest_sha256, unchanged, whole
from certificates.register.serials import new_serial
from certificates.signing.issuer import Issuer
from certificates.signing.levels import Level
from certificates.signing.seals import IssuerChoice
from certificates.verifying import inquiry
from tests.factories import certificates as factory
from tests.factories.bare_pdf import bare_pdf
from tests.factories.houses import Lists, Stamps, house
from tests.factories.pki import Pki

NOW = datetime.now(UTC)
STARTED = (NOW - timedelta(days=245)).replace(day=1, hour=0, minute=0, second=0, microsecond=0)


@pytest.fixture(scope="module")
def old() -> Pki:
    """Whose time stamps end in 120 days or so."""
    return Pki(starts=STARTED, tsa_years=1)


@pytest.fixture(scope="module")
def young() -> Pki:
    return Pki(name="第二代 SECOND", starts=STARTED, tsa_years=10)


def choice(issuer: Issuer) -> IssuerChoice:
    return lambda _demonstration: issuer


def signed(session: Session, pki: Pki, level: Level = Level.B_LTA, *, broken: bool = False) -> Certificate:
    """In the register, with a file signed by the house of this Pki and stamped by it."""
    applied = factory.application(session)
    serial = new_serial(scheme(applied.scheme), applied.level, NOW.year)
    done = house(pki, NOW, level=level).sign(bare_pdf(serial), reason="Issue", at=NOW)
    pdf = done.pdf.replace(b"/Contents", b"/Cantents") if broken else done.pdf
    made = Certificate(
        serial=serial, application_id=applied.id, person=serial, holder=applied.candidate.name, scheme=applied.scheme,
        level=applied.level, issued_on=NOW.date(), issued_at=NOW, demonstration=False, pdf=pdf,
        sha256=sha256(pdf).hexdigest(), status="valid", status_at=NOW, signature_level=done.level,
        weakens_at=done.weakens_at,
    )  # fmt: skip
    session.add(made)
    session.commit()
    return made


def work(session: Session, issuer: Issuer, at: datetime, **more: bool) -> list[renewal.Renewed]:
    done = []
    for one in renewal.renew_due(session, SYSTEM, choice(issuer), at, **more):
        session.commit()
        done.append(one)
    return done


def soon(certificate: Certificate) -> datetime:
    assert certificate.weakens_at is not None
    return certificate.weakens_at - timedelta(days=60)


def test_a_file_that_is_due_gets_a_fresh_time_stamp_and_stays_ours(session: Session, old: Pki, young: Pki) -> None:
    made = signed(session, old)
    issued, before, at = made.pdf, made.sha256, soon(made)
    issuer = house(old, NOW, stamps=young)
    (done,) = work(session, issuer, at)
    assert done.refusal is None
    kept = session.scalars(select(CertificateArchive)).one()
    made = session.get_one(Certificate, made.id, populate_existing=True)
    document = whole(session, made)
    assert (made.pdf, made.sha256) == (issued, before)
    assert document == issued + kept.suffix
    assert kept.sha256 == sha256(document).hexdigest() == newest_sha256(session, made)
    assert made.weakens_at == kept.weakens_at == young.certificate("tsa").not_valid_after_utc
    assert unchanged(session, made)
    for file in (issued, document):
        assert certificate_of(session, sha256(file).hexdigest()) == made
        found = inquiry.by_file(session, file, list(issuer.roots), at)
        assert (found.valid, found.reasons) == (True, ())
    assert work(session, issuer, at) == []


def test_none_is_due_long_before(session: Session, old: Pki, young: Pki) -> None:
    made = signed(session, old)
    assert made.weakens_at is not None
    assert work(session, house(old, NOW, stamps=young), made.weakens_at - timedelta(days=181)) == []


def test_one_signed_without_a_time_stamp_gets_one_when_asked(session: Session, old: Pki, young: Pki) -> None:
    made = signed(session, old, Level.B_B)
    assert made.weakens_at is None
    issuer = house(old, NOW, stamps=young)
    assert work(session, issuer, NOW) == []
    (done,) = work(session, issuer, NOW, unstamped=True)
    assert done.refusal is None
    found = inquiry.by_file(session, whole(session, made), list(issuer.roots), NOW)
    assert found.valid
    assert found.inspection is not None
    assert len(found.inspection.stamps) == 1
    assert outlook(session, NOW).unstamped == 0


def test_a_silent_authority_delays_all_and_shows(session: Session, old: Pki, young: Pki) -> None:
    first, second = signed(session, old), signed(session, old)
    issuer, at = house(old, NOW, stamps=young), soon(first)
    assert isinstance(issuer.timestamps, Stamps)
    issuer.timestamps.silent = True
    (only,) = work(session, issuer, at)
    assert only.refusal is not None
    assert only.refusal.code == "timestamp_unavailable"
    assert troubles.stands_in_the_way(session, at)
    assert session.scalar(select(func.count()).select_from(CertificateArchive)) == 0
    seen = outlook(session, at)
    assert (seen.due, seen.failed) == (2, 1)
    assert (seen.troubles[0].serial, seen.troubles[0].tries, seen.troubles[0].about) == ("*", 1, "silent")
    work(session, issuer, at + timedelta(minutes=10))
    assert session.get_one(ArchiveTrouble, "*", populate_existing=True).tries == 2
    issuer.timestamps.silent = False
    assert [one.refusal for one in work(session, issuer, at + timedelta(hours=1))] == [None, None]
    assert outlook(session, at).quiet
    assert {first.serial, second.serial} == {one.serial for one in session.scalars(select(Certificate))}


def test_lists_that_cannot_be_fetched_delay_that_file_alone(session: Session, old: Pki, young: Pki) -> None:
    made = signed(session, old)
    issuer, at = house(old, NOW, stamps=young), soon(made)
    assert issuer.proofs is not None
    assert isinstance(issuer.proofs._ask, Lists)
    issuer.proofs._ask.silent = True
    (done,) = work(session, issuer, at)
    assert done.refusal is not None
    assert done.refusal.code == "revocation_unavailable"
    assert not troubles.stands_in_the_way(session, at)
    assert session.get_one(ArchiveTrouble, made.serial).not_before == at + timedelta(minutes=5)
    assert work(session, issuer, at + timedelta(minutes=4)) == []  # not yet again


def test_a_stamp_that_would_last_no_longer_is_not_taken(session: Session, old: Pki) -> None:
    made = signed(session, old)
    issuer, at = house(old, NOW), soon(made)
    (done,) = work(session, issuer, at)
    assert done.refusal is not None
    assert done.refusal.code == "archive_gains_nothing"
    assert whole(session, made) == made.pdf


def test_a_damaged_file_is_left_as_it_is_and_holds_up_no_other(session: Session, old: Pki, young: Pki) -> None:
    broken, well = signed(session, old, broken=True), signed(session, old)
    done = {one.serial: one for one in work(session, house(old, NOW, stamps=young), soon(well))}
    refused = done[broken.serial].refusal
    assert refused is not None
    assert refused.code in ("archive_failed", "not_signed")
    assert done[well.serial].refusal is None
    kept = session.scalars(select(CertificateArchive)).one()
    assert kept.certificate_id == well.id


def test_several_at_once_renew_each_file_once(session: Session, app: Flask, old: Pki, young: Pki) -> None:
    made = [signed(session, old) for _ in range(3)]
    at, issuer, start = soon(made[0]), house(old, NOW, stamps=young), Barrier(3)

    def worker() -> None:
        with app.app_context():
            start.wait()
            work(db.session(), issuer, at)
            db.session.remove()

    threads = [Thread(target=worker) for _ in range(3)]
    for one in threads:
        one.start()
    for one in threads:
        one.join()
    work(session, issuer, at)  # what the others had hold of when each looked
    rows = session.execute(
        select(CertificateArchive.certificate_id, func.count()).group_by(CertificateArchive.certificate_id)
    ).all()
    assert sorted(rows) == sorted((one.id, 1) for one in made)


def test_what_was_added_cannot_be_changed_or_removed(session: Session, old: Pki, young: Pki) -> None:
    made = signed(session, old)
    work(session, house(old, NOW, stamps=young), soon(made))
    for change in ("UPDATE certificate_archive SET suffix = ''", "DELETE FROM certificate_archive"):
        with pytest.raises(Exception, match="never changed"), session.begin_nested():
            session.execute(text(change))


def test_thirty_years_on_the_register_finds_each_file_valid(session: Session) -> None:
    """Every certificate of today has ended by then, the roots as well; the file was renewed once in each generation."""
    pkis = [
        Pki(name=f"第{number}代", starts=STARTED.replace(year=STARTED.year + years), tsa_years=12)
        for number, years in enumerate((0, 10, 20))
    ]
    made = signed(session, pkis[0])
    issued = made.pdf
    wholes = [issued]
    for pki in pkis[1:]:
        made = session.get_one(Certificate, made.id, populate_existing=True)
        (done,) = work(session, house(pki, pki.certificate("tsa").not_valid_before_utc + timedelta(days=1),
                                      others=pkis), soon(made))  # fmt: skip
        assert done.refusal is None
        wholes.append(whole(session, session.get_one(Certificate, made.id, populate_existing=True)))
    later = NOW + timedelta(days=30 * 365 + 8)
    roots = [pki.certificate("root") for pki in pkis]
    assert roots[0].not_valid_after_utc < later
    for file in wholes:
        found = inquiry.by_file(session, file, roots, later)
        assert (found.valid, found.reasons) == (True, ())
    assert inquiry.by_serial(session, made.serial, roots, later).valid

"""Credentials in the transaction of their certificates, their places in the lists, and the published keys."""

from __future__ import annotations

import gzip
from base64 import urlsafe_b64decode
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import jwt
import pytest
from flask import current_app
from sqlalchemy import func, select, text
from sqlalchemy.orm import Session

from app.core.clock import now
from app.core.errors import NotFound, Refusal
from app.models.certificate import Certificate
from app.models.register import CertificateCredential, PublishedKey
from certificates.register import revocation
from certificates.register.facts import facts_of
from certificates.register.keys import CODE, CREDENTIAL, RegisterKeys, register_keys
from certificates.twin import badge, credentials, published, status
from tests.factories import certificates as factory
from tests.factories import codes

HOUSE = ("http://127.0.0.1:8000", "示例评价中心")


def kept_of(session: Session, certificate: Certificate) -> CertificateCredential:
    return session.scalars(
        select(CertificateCredential).where(CertificateCredential.certificate_id == certificate.id)
    ).one()


def bit_of(session: Session, kept: CertificateCredential, purpose: str) -> int:
    """Read as a stranger reads it: unpacked by our own few lines, not by the library that packed it."""
    name = credentials.list_name(kept.list_number, demonstration=kept.demonstration)
    encoded = status.list_credential(session, name, purpose, HOUSE, now())["credentialSubject"]["encodedList"]
    assert encoded[0] == "u"
    packed = urlsafe_b64decode(encoded[1:] + "=" * (-(len(encoded) - 1) % 4))
    bits = gzip.decompress(packed)
    assert len(bits) * 8 == 131_072
    return bits[kept.place // 8] >> (7 - kept.place % 8) & 1


def test_a_certificate_comes_with_its_credential(session: Session) -> None:
    made = factory.issued(session)
    kept = kept_of(session, made)
    key = published.key_of(session, kept.kid)
    assert key is not None
    said = jwt.decode(kept.token, jwt.PyJWK(key.jwk), algorithms=["ES256"])
    assert said["credentialSubject"]["licenseNumber"] == made.serial
    assert said["credentialSubject"]["identifier"][0]["identityHash"] == made.holder
    assert said["description"].startswith("DEMONSTRATION")
    entries = {one["statusPurpose"]: one for one in said["credentialStatus"]}
    assert set(entries) == {"revocation", "suspension"}
    assert {one["statusListIndex"] for one in entries.values()} == {str(kept.place)}


def test_what_is_not_issued_has_no_credential(session: Session) -> None:
    applied = factory.passed(session)
    issuer = factory.choice()(True)
    made = credentials.credential_of(session, codes.facts(), issuer)
    assert made is not None
    assert made.file.count(b".") == 2
    session.rollback()
    assert session.scalar(select(func.count()).select_from(CertificateCredential)) == 0
    assert applied is not None


def test_the_lists_follow_each_decision_at_once(session: Session) -> None:
    made, other = factory.issued(session), factory.issued(session, name="李红")
    kept, quiet = kept_of(session, made), kept_of(session, other)
    seen = []
    for act in (None, revocation.suspend, revocation.reinstate, revocation.revoke):
        if act:
            act(session, factory.REGISTRAR, made.serial, "look into it", now())
            session.commit()
        seen.append((bit_of(session, kept, badge.REVOCATION), bit_of(session, kept, badge.SUSPENSION)))
    assert seen == [(0, 0), (0, 1), (0, 0), (1, 0)]
    assert bit_of(session, quiet, badge.REVOCATION) == 0


def test_a_reader_whose_clock_is_late_takes_the_list_too(session: Session) -> None:
    factory.issued(session)
    at = now()
    said = status.list_credential(session, "demo-1", badge.REVOCATION, HOUSE, at)
    begins = datetime.fromisoformat(said["validFrom"])
    assert timedelta(minutes=4) < at - begins < timedelta(minutes=6)


@pytest.mark.parametrize("name", ["1", "demo-2", "demo-0", "x", "demo-", "99999999999999999999", "-1", "demo-1 "])
def test_lists_that_do_not_exist(session: Session, name: str) -> None:
    factory.issued(session)
    with pytest.raises(NotFound):
        status.list_credential(session, name, badge.REVOCATION, HOUSE, now())


def test_no_purpose_of_another_kind(session: Session) -> None:
    factory.issued(session)
    with pytest.raises(NotFound):
        status.list_credential(session, "demo-1", "message", HOUSE, now())


def test_an_older_certificate_gets_its_credential_when_asked(session: Session) -> None:
    made = factory.issued(session)
    session.execute(text("DELETE FROM certificate_credential"))
    issuer = factory.choice()(True)
    first = credentials.of(session, made, issuer, now())
    session.commit()
    again = credentials.of(session, made, issuer, now())
    assert (first.token, first.uuid) == (again.token, again.uuid)


def test_where_the_key_was_given_up_the_credential_is_signed_anew(session: Session) -> None:
    from dataclasses import replace

    made = factory.issued(session)
    before = kept_of(session, made)
    place, uuid, old = before.place, before.uuid, before.kid
    published.withdraw(session, factory.REGISTRAR, old, "stolen", now())
    issuer = replace(factory.choice()(True), keys=RegisterKeys(None, key := codes.credential_key("ES256")))
    after = credentials.of(session, made, issuer, now())
    assert (after.place, after.uuid, after.kid) == (place, uuid, key.kid)
    said = jwt.decode(after.token, jwt.PyJWK(key.as_jwk()), algorithms=["ES256"])
    assert said["credentialStatus"][0]["statusListIndex"] == str(place)


def test_without_a_key_there_is_no_credential(session: Session) -> None:
    from dataclasses import replace

    issuer = replace(factory.choice()(True), keys=RegisterKeys(None, None))
    assert credentials.credential_of(session, codes.facts(), issuer) is None
    made = factory.issued(session)
    session.execute(text("DELETE FROM certificate_credential"))
    with pytest.raises(Refusal, match="CREDENTIAL_KEY"):
        credentials.of(session, made, issuer, now())


def test_no_place_is_handed_out_twice(session: Session, monkeypatch: pytest.MonkeyPatch) -> None:
    """Also within one transaction, where the database has not seen the first yet."""
    drawn = iter([7, 7, 7, 8, 8, 9])
    monkeypatch.setattr("certificates.twin.places._HANDED_OUT", {})
    monkeypatch.setattr("certificates.twin.places.secrets.randbelow", lambda _: next(drawn))
    issuer = factory.choice()(True)
    facts = codes.facts(demonstration=True)
    places = [credentials.credential_of(session, facts, issuer) for _ in range(3)]
    assert [one.place for one in places if one] == [7, 8, 9]


def test_a_full_list_opens_the_next(session: Session, monkeypatch: pytest.MonkeyPatch) -> None:
    made = factory.issued(session)
    place = kept_of(session, made).place
    drawn = iter([place] * 8 + [5])
    monkeypatch.setattr("certificates.twin.places._HANDED_OUT", {})
    monkeypatch.setattr("certificates.twin.places.secrets.randbelow", lambda _: next(drawn))
    following = credentials.credential_of(session, facts_of(made, HOUSE[0]), factory.choice()(True))
    assert following is not None
    assert (following.list_number, following.place) == (2, 5)
    assert "/register/status/demo-2/revocation" in str(jwt.decode(following.token, options=_UNCHECKED))


_UNCHECKED: Any = {"verify_signature": False}


def test_a_key_that_follows_another_ends_its_time(session: Session) -> None:
    first, second, other = codes.code_key(), codes.code_key(), codes.credential_key()
    at = now()
    published.note(session, RegisterKeys(first, other), at)
    published.note(session, RegisterKeys(first, other), at + timedelta(days=1))
    published.note(session, RegisterKeys(second, other), at + timedelta(days=2))
    times = {key.kid: (key.since, key.until) for key in published.all_keys(session)}
    assert times[first.kid] == (at, at + timedelta(days=2))
    assert times[second.kid] == (at + timedelta(days=2), None)
    assert times[other.kid] == (at, None)


def test_a_key_given_up_stays_in_the_list_with_its_mark(session: Session) -> None:
    key = codes.code_key()
    published.note(session, RegisterKeys(key, None), now())
    published.withdraw(session, factory.REGISTRAR, key.kid, "The machine was stolen.", now())
    told = next(one for one in published.jwks(session, current_app.extensions["settings"])["keys"]
                if one["kid"] == key.kid)  # fmt: skip
    assert told["withdrawn_for"] == "The machine was stolen."
    assert "d" not in told
    assert session.scalar(text("SELECT count(*) FROM audit_line WHERE tag = 'register:key:withdrawn'")) == 1
    for kid, reason in (("unknown", "x"), (key.kid, " ")):
        with pytest.raises(Refusal):
            published.withdraw(session, factory.REGISTRAR, kid, reason, now())


def test_a_demonstration_has_keys_of_its_own_and_keeps_them(session: Session, tmp_path: Path) -> None:
    from dataclasses import replace

    settings = replace(current_app.extensions["settings"], data_dir=tmp_path)
    first, again = (register_keys(settings, demonstration=True) for _ in range(2))
    assert [key.kid for key in first.all()] == [key.kid for key in again.all()]
    assert {(key.purpose, key.alg) for key in first.all()} == {(CODE, "EdDSA"), (CREDENTIAL, "ES256")}
    assert register_keys(settings, demonstration=False).all() == []


@pytest.mark.parametrize("content", [b"", b"no key", b"-----BEGIN PRIVATE KEY-----\nAAAA\n-----END PRIVATE KEY-----\n"])
def test_a_key_that_cannot_be_used_is_named(session: Session, tmp_path: Path, content: bytes) -> None:
    from dataclasses import replace

    path = tmp_path / "key.pem"
    path.write_bytes(content)
    settings = replace(current_app.extensions["settings"], code_key=path)
    with pytest.raises(Refusal, match=str(path)):
        register_keys(settings, demonstration=False)


def test_every_published_key_is_public(session: Session) -> None:
    factory.issued(session)
    assert session.scalar(select(func.count()).select_from(PublishedKey)) == 2
    for key in published.all_keys(session):
        assert not {"d", "p", "q", "k"} & set(key.jwk)

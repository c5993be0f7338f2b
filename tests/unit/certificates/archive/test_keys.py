"""Which key signs, how one follows another, and what is told before anything ends."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from unittest.mock import patch

import pytest
from sqlalchemy.orm import Session

from app.config import Settings
from app.core import clock
from app.core.errors import Refusal
from certificates.archive import keys
from certificates.signing import seals
from certificates.verifying.house import trust_of
from certificates.verifying.verification import inspect_pdf
from tests.factories.bare_pdf import bare_pdf
from tests.factories.pki import Pki

BEGIN = datetime(2026, 1, 1, tzinfo=UTC)
CHANGE = datetime(2028, 7, 1, tzinfo=UTC)
PASSPHRASE = "tests only"


@pytest.fixture(scope="module")
def first() -> Pki:
    return Pki()


@pytest.fixture(scope="module")
def second() -> Pki:
    """Another root, another authority, another key: valid from the day of the change on."""
    return Pki(name="第二代 SECOND", starts=CHANGE)


@pytest.fixture
def settings(app_settings: Settings, tmp_path: Path, first: Pki) -> Settings:
    (tmp_path / "first.p12").write_bytes(first.pkcs12())
    (tmp_path / "roots.pem").write_bytes(first.root_pem)
    return replace(
        app_settings, data_dir=tmp_path, demonstration=False, signing_pkcs12=tmp_path / "first.p12",
        signing_passphrase=PASSPHRASE, trust_roots=tmp_path / "roots.pem", signature_level="B-B",
    )  # fmt: skip


@pytest.fixture
def changing(settings: Settings, tmp_path: Path, first: Pki, second: Pki) -> Settings:
    (tmp_path / "second.p12").write_bytes(second.pkcs12())
    (tmp_path / "roots.pem").write_bytes(first.root_pem + second.root_pem)
    return replace(settings, signing_next_pkcs12=tmp_path / "second.p12", signing_next_passphrase=PASSPHRASE)


def signed(settings: Settings, at: datetime) -> bytes:
    with patch.object(clock, "now", return_value=at):
        return seals.issuer(settings, False).sign(bare_pdf(), reason="Issue", at=at).pdf


def test_the_next_key_takes_over_with_its_first_second_and_the_old_files_stay_good(changing: Settings) -> None:
    before, after = signed(changing, CHANGE - timedelta(seconds=1)), signed(changing, CHANGE)
    trust = trust_of(changing)
    found = [inspect_pdf(one, trust) for one in (before, after)]
    assert [one.genuine for one in found] == [True, True]
    assert [one.signer_name for one in found] == ["测试 TEST signer", "第二代 SECOND signer"]


def test_without_named_roots_those_of_both_keys_are_trusted(changing: Settings) -> None:
    unnamed = replace(changing, trust_roots=None)
    assert all(inspect_pdf(signed(unnamed, at), trust_of(unnamed)).genuine for at in (BEGIN, CHANGE))


def test_the_end_of_the_key_ends_the_signing_and_not_what_it_signed(settings: Settings) -> None:
    unnamed = replace(settings, trust_roots=None)
    before = signed(unnamed, BEGIN)
    seals._kept_seal.cache_clear()
    seals._body.cache_clear()
    ended = datetime(2040, 1, 1, tzinfo=UTC)
    with pytest.raises(Refusal) as caught:
        signed(unnamed, ended)
    assert caught.value.code == "seal_unusable"
    with patch.object(clock, "now", return_value=ended):
        assert inspect_pdf(before, trust_of(unnamed)).genuine


def test_a_root_given_up_counts_for_what_was_signed_before(changing: Settings, first: Pki, second: Pki) -> None:
    assert changing.trust_roots is not None
    said = b"counts-until: 2027-01-01\n"
    given_up = changing.trust_roots.with_name("given-up.pem")
    given_up.write_bytes(said + first.root_pem + second.root_pem)
    trust = trust_of(replace(changing, trust_roots=given_up))
    assert inspect_pdf(signed(changing, BEGIN + timedelta(days=90)), trust).genuine
    assert not inspect_pdf(signed(changing, BEGIN + timedelta(days=400)), trust).genuine


def test_a_next_key_that_cannot_be_opened_is_told_of_today(changing: Settings) -> None:
    with pytest.raises(Refusal) as caught:
        signed(replace(changing, signing_next_passphrase="wrong"), BEGIN)
    assert (caught.value.code, caught.value.status) == ("next_seal_unusable", 503)


def test_what_is_at_work_and_what_was_before(
    session: Session, settings: Settings, changing: Settings, first: Pki, second: Pki
) -> None:
    for given, at in ((settings, BEGIN + timedelta(days=1)), (changing, CHANGE)):
        with patch.object(clock, "now", return_value=at):
            assert keys.observe(session, given, at) >= 2
    with patch.object(clock, "now", return_value=CHANGE):
        found = keys.keys(session, changing, CHANGE)
    named = [(one.use, one.subject.split(",")[0], one.now) for one in found]
    assert named == [
        ("signing", "CN=第二代 SECOND signer", True),
        ("root", "CN=第二代 SECOND root", True),
        ("root", "CN=测试 TEST root", True),
        ("signing", "CN=测试 TEST signer", False),
    ]


def test_a_warning_ninety_days_before_the_end_and_for_a_root_that_went_missing(
    session: Session, settings: Settings, changing: Settings, second: Pki
) -> None:
    late = datetime(2028, 10, 10, tzinfo=UTC)  # the first key ends on the first day of 2029
    with patch.object(clock, "now", return_value=late):
        found = keys.keys(session, settings, late)
        assert [one.code for one in keys.warnings(found, late)] == ["signing_ends_soon"]
        assert keys.warnings(found, BEGIN) == []
        keys.observe(session, changing, late)
        assert changing.trust_roots is not None
        lonely = changing.trust_roots.with_name("lonely.pem")
        lonely.write_bytes(second.root_pem)
        found = keys.keys(session, replace(changing, trust_roots=lonely), late)
    (missing,) = keys.warnings(found, late)
    assert missing.code == "root_missing"
    assert "测试 TEST root" in missing.params["subject"]

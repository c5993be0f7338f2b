"""The settings say whose key signs and how much proof goes with it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest

from app.config import Settings
from app.core import clock
from app.core.errors import Refusal
from certificates.signing.authorities import InTurn
from certificates.signing.levels import Level
from certificates.signing.seals import issuer, trusted_roots, trusted_tsa_roots
from certificates.signing.unavailable import Unavailable
from tests.factories.pki import Pki, served
from tests.unit.certificates.conftest import NOW


@pytest.fixture(autouse=True)
def at_now(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(clock, "now", lambda: NOW)


@pytest.fixture(scope="module")
def pki() -> Iterator[Pki]:
    with served() as made:
        made.at = NOW
        yield made


@pytest.fixture
def demonstration(tmp_path: Path) -> Settings:
    return Settings("", "", "", tmp_path, True)


@pytest.fixture
def body(tmp_path: Path, pki: Pki) -> Settings:
    (tmp_path / "signer.p12").write_bytes(pki.pkcs12())
    (tmp_path / "root.pem").write_bytes(pki.root_pem)
    return Settings(
        "", "", "", tmp_path, False, signing_pkcs12=tmp_path / "signer.p12", signing_passphrase="tests only",
        trust_roots=tmp_path / "root.pem",
    )  # fmt: skip


@pytest.mark.parametrize(("asked", "level"), [("", Level.B_LTA), ("B-B", Level.B_B), ("B-LT", Level.B_LT)])
def test_a_demonstration_is_its_own_authority(
    asked: str, level: Level, demonstration: Settings, unsigned: bytes
) -> None:
    house = issuer(replace(demonstration, signature_level=asked), True)
    assert house.level == level
    assert house.demonstration
    assert house.sign(unsigned, reason="签发", at=NOW).level == level
    assert list(house.roots) == list(trusted_roots(demonstration)) == list(trusted_tsa_roots(demonstration))


def test_a_demonstration_with_an_authority_of_the_world_outside(
    demonstration: Settings, pki: Pki, unsigned: bytes, tmp_path: Path
) -> None:
    """Whoever names one sees what becomes of it: it stamps, or the certificate waits."""
    (tmp_path / "tsa.pem").write_bytes(pki.root_pem)
    named = replace(demonstration, tsa_roots=tmp_path / "tsa.pem")
    signed = issuer(replace(named, tsa_urls=(pki.address("tsa"),)), True).sign(unsigned, reason="签发", at=NOW)
    assert signed.weakens_at == pki.certificate("tsa").not_valid_after_utc
    with pytest.raises(Unavailable):
        issuer(replace(named, tsa_urls=("http://127.0.0.1:1/tsa",)), True).sign(unsigned, reason="签发", at=NOW)


def test_it_is_opened_once(demonstration: Settings) -> None:
    assert issuer(demonstration, True) is issuer(demonstration, True)


def test_the_body_without_a_time_stamp_authority(body: Settings, unsigned: bytes) -> None:
    house = issuer(body, False)
    assert (house.level, house.timestamps) == (Level.B_B, None)
    assert house.sign(unsigned, reason="签发", at=NOW).weakens_at is None


def test_the_body_with_time_stamp_authorities(body: Settings, pki: Pki, unsigned: bytes) -> None:
    addresses = ("http://127.0.0.1:1/tsa", pki.address("tsa"))
    house = issuer(replace(body, tsa_urls=addresses), False)
    assert house.level == Level.B_LTA
    assert isinstance(house.timestamps, InTurn)
    assert house.sign(unsigned, reason="签发", at=NOW).weakens_at == pki.certificate("tsa").not_valid_after_utc


def test_a_level_that_needs_an_authority_and_has_none(body: Settings, unsigned: bytes) -> None:
    with pytest.raises(Refusal, match="TSA_URL") as refused:
        issuer(replace(body, signature_level="B-LTA"), False).sign(unsigned, reason="签发", at=NOW)
    assert (refused.value.code, refused.value.status) == ("timestamps_missing", 503)


def test_roots_of_time_stamps_are_kept_apart(body: Settings, pki: Pki, tmp_path: Path) -> None:
    other = Pki()
    (tmp_path / "tsa.pem").write_bytes(other.root_pem)
    settings = replace(body, tsa_roots=tmp_path / "tsa.pem")
    assert list(trusted_tsa_roots(settings)) == [other.certificate("root")]
    assert list(trusted_roots(settings)) == [pki.certificate("root")]
    assert issuer(settings, False).tsa_roots == (other.certificate("root"),)


def test_without_roots_the_top_of_the_chain_counts(body: Settings, pki: Pki) -> None:
    assert list(trusted_roots(replace(body, trust_roots=None))) == [pki.certificate("root")]


def test_a_real_store_without_a_key_signs_nothing(tmp_path: Path) -> None:
    with pytest.raises(Refusal, match="SIGNING_PKCS11_MODULE") as refused:
        issuer(Settings("", "", "", tmp_path, False), False)
    assert refused.value.code == "seal_missing"


def test_a_key_whose_certificate_has_ended(body: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(clock, "now", lambda: datetime(2031, 1, 1, tzinfo=UTC))
    with pytest.raises(Refusal) as refused:
        issuer(body, False)
    assert refused.value.code == "seal_unusable"

"""The demonstration authority is made once, is nobody else's to read, and says what it is."""

from __future__ import annotations

import stat
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives.serialization import pkcs12

from app.core.errors import Refusal
from certificates.signing.demo_ca import DemoCA, ensure_demo_ca
from tests.unit.certificates.conftest import NOW


def test_it_is_made_once(tmp_path: Path) -> None:
    assert ensure_demo_ca(tmp_path / "a" / "ca", NOW) == ensure_demo_ca(tmp_path / "a" / "ca")


def test_only_the_owner_may_read_it(tmp_path: Path) -> None:
    ensure_demo_ca(tmp_path / "ca", NOW)
    assert stat.S_IMODE((tmp_path / "ca").stat().st_mode) == 0o700
    assert {stat.S_IMODE(file.stat().st_mode) for file in (tmp_path / "ca").iterdir()} == {0o600}
    assert [file.name for file in tmp_path.iterdir()] == ["ca"]


def test_who_starts_at_the_same_moment_gets_the_same_one(tmp_path: Path) -> None:
    with ThreadPoolExecutor(4) as pool:
        made = list(pool.map(lambda _: ensure_demo_ca(tmp_path / "ca", NOW), range(4)))
    assert all(one == made[0] for one in made)


def test_every_name_says_demonstration(ca: DemoCA) -> None:
    _, certificate, chain = pkcs12.load_key_and_certificates(ca.pkcs12, ca.passphrase.encode())
    assert certificate is not None
    held = [certificate, *chain, x509.load_pem_x509_certificate(ca.root_pem)]
    assert len(held) == 4
    assert all("DEMONSTRATION" in one.subject.rfc4514_string() for one in held)


def test_a_folder_that_lost_a_file_is_named(tmp_path: Path) -> None:
    ensure_demo_ca(tmp_path / "ca", NOW)
    (tmp_path / "ca" / "signer.p12").unlink()
    with pytest.raises(Refusal, match="lacks a file") as refused:
        ensure_demo_ca(tmp_path / "ca", NOW)
    assert refused.value.code == "demo_ca_incomplete"

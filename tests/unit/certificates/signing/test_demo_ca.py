"""The demonstration authority is made once, is nobody else's to read, and says what it is."""

from __future__ import annotations

import fcntl
import os
import stat
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives.serialization import pkcs12

from app.core.errors import Refusal
from certificates.signing.demo_ca import AUTHORITY, PKCS12, ROOT_KEY, STAMPS, DemoCA, ensure_demo_ca
from certificates.signing.sign import Seal, sign
from certificates.verifying.verification import inspect_pdf, load_roots
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
    _, stamps, _ = pkcs12.load_key_and_certificates(ca.stamps_pkcs12, ca.passphrase.encode())
    assert stamps is not None
    held = [certificate, *chain, stamps, x509.load_pem_x509_certificate(ca.root_pem)]
    assert len(held) == 5
    assert all("DEMONSTRATION" in one.subject.rfc4514_string() for one in held)


def test_a_folder_that_lost_a_file_is_named(tmp_path: Path) -> None:
    ensure_demo_ca(tmp_path / "ca", NOW)
    (tmp_path / "ca" / "signer.p12").unlink()
    with pytest.raises(Refusal, match="lacks a file") as refused:
        ensure_demo_ca(tmp_path / "ca", NOW)
    assert refused.value.code == "demo_ca_incomplete"


def test_an_older_folder_gets_what_it_lacks_and_its_root_goes_on_being_trusted(tmp_path: Path, unsigned: bytes) -> None:
    """As it was before the demonstration had time stamps: three files, and no key above the signer's."""
    folder = tmp_path / "ca"
    older = ensure_demo_ca(folder, NOW)
    signed = sign(unsigned, Seal.from_pkcs12(older.pkcs12, older.passphrase, at=NOW), reason="签发", at=NOW)
    for name in (ROOT_KEY, AUTHORITY, STAMPS):
        (folder / name).unlink()
    completed = ensure_demo_ca(folder, NOW)
    assert completed == ensure_demo_ca(folder)
    assert completed.passphrase == older.passphrase
    assert completed.pkcs12 != older.pkcs12
    assert (folder / f"before-{PKCS12}").read_bytes() == older.pkcs12
    roots = load_roots(completed.root_pem)
    assert roots[:1] == load_roots(older.root_pem)
    assert len(roots) == 2
    assert inspect_pdf(signed, roots).genuine
    again = sign(unsigned, Seal.from_pkcs12(completed.pkcs12, completed.passphrase, at=NOW), reason="签发", at=NOW)
    assert inspect_pdf(again, roots).genuine
    assert not inspect_pdf(again, roots[:1]).genuine


def test_a_folder_left_half_completed_is_completed(tmp_path: Path) -> None:
    older = ensure_demo_ca(tmp_path / "ca", NOW)
    (tmp_path / "ca" / STAMPS).unlink()
    roots = load_roots(ensure_demo_ca(tmp_path / "ca", NOW).root_pem)
    assert load_roots(older.root_pem)[0] in roots


def test_who_finds_it_whole_waits_for_nobody(tmp_path: Path) -> None:
    """A request that holds the folder must not stand still behind another one of the same process."""
    made = ensure_demo_ca(tmp_path / "ca", NOW)
    held = os.open(tmp_path, os.O_RDONLY)
    try:
        fcntl.flock(held, fcntl.LOCK_EX)
        assert ensure_demo_ca(tmp_path / "ca") == made
    finally:
        os.close(held)

"""The log's key: a demonstration's own, made once; a real one from the settings; nothing else will do."""

from __future__ import annotations

import stat
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.asymmetric import ec, ed25519
from cryptography.hazmat.primitives.serialization import (
    BestAvailableEncryption,
    Encoding,
    KeySerializationEncryption,
    NoEncryption,
    PrivateFormat,
)

from app.config import Settings
from app.core.errors import Refusal
from certificates.log import key as log_key
from certificates.log import merkle
from certificates.log.heads import Head

NOW = datetime(2026, 11, 22, 4, 30, tzinfo=UTC)


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    return Settings("", "", "a secret of the tests only", tmp_path, True, public_url="https://exam.example.org")


def pem(key: ed25519.Ed25519PrivateKey | ec.EllipticCurvePrivateKey, lock: KeySerializationEncryption) -> bytes:
    return key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, lock)


def test_a_demonstration_makes_its_own_and_says_so(settings: Settings) -> None:
    key = log_key.required_key(settings)
    assert key.name == "DEMONSTRATION.exam.example.org/register/log"
    path = settings.data_dir / log_key.DEMONSTRATION_KEY
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert [one.name for one in settings.data_dir.iterdir()] == [path.name]


def test_two_that_start_together_use_the_same(settings: Settings) -> None:
    path = settings.data_dir / "key.pem"
    with ThreadPoolExecutor(8) as pool:
        found = {log_key.made_once(path).read_bytes() for _ in pool.map(log_key.made_once, [path] * 8)}
    assert len(found) == 1


def test_the_key_of_the_settings(settings: Settings, tmp_path: Path) -> None:
    private = ed25519.Ed25519PrivateKey.generate()
    (tmp_path / "log.pem").write_bytes(pem(private, NoEncryption()))
    key = log_key.required_key(replace(settings, log_key=tmp_path / "log.pem", demonstration=False))
    assert key.name == "exam.example.org/register/log"
    assert key.public == private.public_key().public_bytes_raw()


@pytest.mark.parametrize("kind", ["missing", "text", "another kind", "locked"])
def test_what_is_no_key_is_refused(settings: Settings, tmp_path: Path, kind: str) -> None:
    path, private = tmp_path / f"{kind}.pem", ed25519.Ed25519PrivateKey.generate()
    if kind != "missing":
        path.write_bytes({"text": b"x", "another kind": pem(ec.generate_private_key(ec.SECP256R1()), NoEncryption()),
                          "locked": pem(private, BestAvailableEncryption(b"x"))}[kind])  # fmt: skip
    with pytest.raises(Refusal) as refused:
        log_key.required_key(replace(settings, log_key=path))
    assert (refused.value.code, refused.value.status) == ("log_key_unreadable", 503)


def test_without_one_a_real_store_signs_nothing(settings: Settings) -> None:
    bare = replace(settings, demonstration=False)
    assert log_key.log_key(bare) is None
    with pytest.raises(Refusal, match="LOG_KEY"):
        log_key.required_key(bare)


def test_every_part_of_a_head_is_signed(settings: Settings) -> None:
    head = log_key.required_key(settings).head(1, 0, merkle.EMPTY_ROOT, NOW)
    assert head.holds()
    others: list[Head] = [
        replace(head, size=1),
        replace(head, root=bytes(32)),
        replace(head, at=datetime(2026, 11, 22, 4, 30, 0, 1, tzinfo=UTC)),
        replace(head, origin="other"),
        replace(head, public_key=bytes(32)),
        replace(head, public_key=b""),
        replace(head, signature=bytes(64)),
    ]
    assert not any(other.holds() for other in others)

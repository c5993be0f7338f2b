from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from functools import partial
from pathlib import Path

import pytest
from flask import Flask

from app.cli import withdrawn
from app.core.clock import now
from certificates.signing.unavailable import Unavailable
from certificates.verifying.house import lists_at, trust_of
from tests.factories.pki import Pki, served


def test_the_demonstration_asks_nobody(app: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(withdrawn, "_again", [0.0])
    with app.app_context():
        assert withdrawn.fetch_lists() == 0
    assert withdrawn._again == [0.0]


def test_lists_above_the_signing_key_are_fetched_now_and_then(
    app: Flask, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(withdrawn, "_again", [0.0])
    with app.app_context(), served(partial(Pki, starts=now() - timedelta(days=2))) as pki:
        (tmp_path / "signer.p12").write_bytes(pki.pkcs12(passphrase="tests only"))
        (tmp_path / "roots.pem").write_bytes(pki.root_pem)
        settings = replace(
            app.extensions["settings"], data_dir=tmp_path, signing_pkcs12=tmp_path / "signer.p12",
            signing_passphrase="tests only", trust_roots=tmp_path / "roots.pem",
        )  # fmt: skip
        monkeypatch.setitem(app.extensions, "settings", settings)
        pki.out_of_order.add("crls")
        with pytest.raises(Unavailable):
            withdrawn.fetch_lists()
        assert withdrawn.fetch_lists() == 0  # not at once again
        pki.out_of_order.clear()
        withdrawn._again[0] = 0.0
        assert withdrawn.fetch_lists() == 2
        assert lists_at(settings).parent == tmp_path
        assert len(trust_of(settings).withdrawn) == 2

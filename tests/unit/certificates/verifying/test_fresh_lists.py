"""A signing key that its authority withdraws is known here after the next fetch, and stays known."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives.serialization import Encoding
from flask import Flask

from app.core.errors import Refusal
from certificates.signing.revocation import Evidence
from certificates.signing.unavailable import Unavailable
from certificates.verifying.fresh_lists import refresh, upwards
from certificates.verifying.house import lists_at, trust_of, withdrawn
from certificates.verifying.verification import Trust, inspect_pdf
from tests.factories.pki import Pki, served
from tests.factories.signed_files import signed_at_level

AT = datetime(2026, 6, 1, 8, tzinfo=UTC)
DAY = AT + timedelta(days=30)
LATER = AT + timedelta(days=90)


def test_what_an_authority_withdraws_is_fetched_and_noticed(unsigned: bytes, tmp_path: Path) -> None:
    with served() as pki:
        file, root = signed_at_level(unsigned, pki, "B-B", AT), pki.certificate("root")
        chain = [pki.certificate("signer"), *pki.chain()]
        pki.at = AT
        assert refresh(tmp_path / "lists", chain, AT) == 2
        assert inspect_pdf(file, Trust([root], withdrawn=withdrawn(tmp_path / "lists"))).genuine
        pki.revoke("signer", DAY)
        pki.at = LATER
        refresh(tmp_path / "lists", chain, LATER)
        found = inspect_pdf(file, Trust([root], withdrawn=withdrawn(tmp_path / "lists")))
        assert [one.code for one in found.reasons] == ["signer_revoked"]
        pki.out_of_order.add("crls")
        with pytest.raises(Unavailable):
            refresh(tmp_path / "lists", chain, LATER)
        assert len(withdrawn(tmp_path / "lists")) >= 2


def test_what_a_newer_list_leaves_out_stays_known(tmp_path: Path) -> None:
    pki = Pki()
    pki.revoke("signer", DAY)
    telling = pki.crl("issuing", LATER)
    chain = [pki.certificate("signer"), pki.certificate("issuing")]
    silent = Pki().crl("issuing", LATER + timedelta(days=200))
    for der in (telling, silent):
        said = Evidence(LATER, LATER, crl=der)
        assert refresh(tmp_path, chain, LATER, lambda *_, said=said: said) == 1
        assert refresh(tmp_path, chain, LATER, lambda *_, said=said: said) == 0
    assert set(withdrawn(tmp_path)) == {telling, silent}


def test_the_chain_above_a_certificate() -> None:
    pki = Pki()
    signer, issuing, root = (pki.certificate(label) for label in ("signer", "issuing", "root"))
    assert upwards(signer, [root, issuing]) == [signer, issuing, root]
    assert upwards(signer, [root]) == [signer]
    assert upwards(root, []) == [root]


def test_lists_of_the_settings(app: Flask, tmp_path: Path) -> None:
    settings = replace(app.extensions["settings"], revocation_lists=tmp_path)
    (tmp_path / "a.crl").write_bytes(x509.load_der_x509_crl(Pki().crl("issuing", AT)).public_bytes(Encoding.PEM))
    assert len(trust_of(settings).withdrawn) == len(trust_of(replace(settings, revocation_lists=None)).withdrawn) + 1
    assert lists_at(settings).parent == settings.data_dir
    (tmp_path / "b.crl").write_text("no list")
    with pytest.raises(Refusal) as refused:
        trust_of(settings)
    assert (refused.value.code, refused.value.status) == ("revocation_lists_unreadable", 503)

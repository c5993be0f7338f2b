"""Proof is fetched once, serves until it grows old, is never older than it says, and shows a revocation."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.serialization import Encoding

from app.core.errors import Refusal
from certificates.signing.proofs import KEPT, Network, Proofs
from certificates.signing.revocation import crl_about, ocsp_about, read_crl
from certificates.signing.unavailable import Unavailable
from tests.factories.pki import Pki, served
from tests.unit.certificates.conftest import NOW

LATER = NOW + timedelta(minutes=5)


@pytest.fixture
def pki() -> Iterator[Pki]:
    with served() as made:
        made.at = NOW
        yield made


def all_of(pki: Pki) -> list[x509.Certificate]:
    return [pki.certificate(label) for label in ("signer", "issuing", "tsa", "tsa-ca")]


def proofs(pki: Pki) -> Proofs:
    return Proofs([pki.certificate("root")], Network())


def test_each_authority_is_asked_once_for_all(pki: Pki) -> None:
    """Of who signs and stamps for an answer, of the authorities for the list of those above them."""
    made = proofs(pki)
    proof = made.of(all_of(pki), at=NOW)
    assert made.of(all_of(pki), at=LATER) is proof
    assert pki.asked == {"crls": 1, "ocsp": 2}
    assert [x509.load_der_x509_crl(one).issuer for one in proof.crls] == [pki.certificate("root").subject]
    held = {x509.load_der_x509_certificate(one) for one in proof.certificates}
    assert held == {*all_of(pki), *(pki.certificate(label) for label in ("root", "ocsp", "tsa-ocsp"))}
    assert proof.good_until == NOW + KEPT
    assert len(proof.ocsps) == 2


def test_a_list_where_there_is_no_answer(pki: Pki) -> None:
    pki.out_of_order.add("ocsp")
    proof = proofs(pki).of(all_of(pki), at=NOW)
    issuers = {x509.load_der_x509_crl(one).issuer for one in proof.crls}
    assert issuers == {pki.certificate(label).subject for label in ("root", "issuing", "tsa-ca")}
    assert not proof.ocsps


def test_those_above_are_found_among_others(pki: Pki) -> None:
    made = proofs(pki).of([pki.certificate("signer")], at=NOW, others=[pki.certificate("issuing")])
    assert (len(made.ocsps), len(made.crls)) == (1, 1)


def test_where_the_chain_breaks_off(pki: Pki) -> None:
    with pytest.raises(Refusal, match="is missing") as refused:
        proofs(pki).of([pki.certificate("signer")], at=NOW)
    assert refused.value.code == "chain_incomplete"


def test_old_proof_is_fetched_again_and_serves_to_its_end_if_nobody_answers(pki: Pki) -> None:
    made = proofs(pki)
    first = made.of(all_of(pki), at=NOW)
    ends = min(x509.load_der_x509_crl(one).next_update_utc or NOW for one in first.crls)
    pki.out_of_order |= {"crls", "ocsp"}
    assert made.of(all_of(pki), at=NOW + KEPT).crls == first.crls
    with pytest.raises(Unavailable) as refused:
        made.of(all_of(pki), at=ends)
    assert refused.value.code == "revocation_unavailable"
    pki.out_of_order.clear()
    pki.at = ends + timedelta(hours=1)
    assert made.of(all_of(pki), at=ends + timedelta(hours=1)).crls != first.crls


def test_nobody_answers(pki: Pki) -> None:
    pki.out_of_order |= {"crls", "ocsp"}
    with pytest.raises(Unavailable) as refused:
        proofs(pki).of(all_of(pki), at=NOW)
    assert "503" in refused.value.about


def test_an_answer_where_there_is_no_list(pki: Pki) -> None:
    """The responder needs no proof of its own: its certificate says so."""
    pki.out_of_order.add("crls")
    issuing, signer = pki.certificate("issuing"), pki.certificate("signer")
    proof = Proofs([issuing], Network()).of([signer], at=NOW)
    assert (len(proof.ocsps), len(proof.crls)) == (1, 0)
    assert pki.certificate("ocsp").public_bytes(Encoding.DER) in proof.certificates


@pytest.mark.parametrize("silent", ["crls", "ocsp"])
def test_a_revoked_signer_does_not_sign(silent: str, pki: Pki) -> None:
    at = NOW + timedelta(days=40)
    pki.revoke("signer", NOW + timedelta(days=1))
    pki.at = at
    pki.out_of_order.add(silent)
    with pytest.raises(Refusal, match="was revoked") as refused:
        Proofs([pki.certificate("issuing")], Network()).of([pki.certificate("signer")], at=at)
    assert (refused.value.code, refused.value.status) == ("seal_revoked", 503)
    assert not isinstance(refused.value, Unavailable)


def a_list(pki: Pki, by: str = "issuing", *extensions: tuple[x509.ExtensionType, bool], days: int = 7) -> bytes:
    issuer = pki.certificate("issuing").subject
    builder = x509.CertificateRevocationListBuilder(issuer, NOW - timedelta(days=30), NOW + timedelta(days=days - 7))
    for value, critical in extensions:
        builder = builder.add_extension(value, critical=critical)
    return builder.sign(pki.key(by), hashes.SHA256()).public_bytes(Encoding.DER)


def part(**only: bool) -> x509.IssuingDistributionPoint:
    given = {
        "full_name": [x509.UniformResourceIdentifier("http://pki.invalid/list")], "relative_name": None,
        "only_contains_user_certs": False, "only_contains_ca_certs": False, "only_some_reasons": None,
        "indirect_crl": False, "only_contains_attribute_certs": False,
    } | only  # fmt: skip
    return x509.IssuingDistributionPoint(**given)  # type: ignore[arg-type]


def read(pki: Pki, data: bytes, at: datetime = NOW) -> bool:
    said = read_crl(data, "here", pki.certificate("signer"), pki.certificate("issuing"), at, at + KEPT)
    return said.revoked


def test_a_list_of_the_users_certificates_will_do(pki: Pki) -> None:
    assert not read(pki, a_list(pki, "issuing", (part(only_contains_user_certs=True), True), days=14))


@pytest.mark.parametrize(
    ("extensions", "by", "days", "says"),
    [
        ([], "signer-2", 14, "not signed by"),
        ([], "issuing", 7, "ended"),
        ([(part(only_contains_ca_certs=True), True)], "issuing", 14, "part of the certificates"),
        ([(part(indirect_crl=True), True)], "issuing", 14, "part of the certificates"),
        ([(x509.DeltaCRLIndicator(1), True)], "issuing", 14, "part of the certificates"),
    ],
    ids=["another key", "ended", "authorities only", "indirect", "changes only"],
)
def test_lists_that_prove_nothing(
    extensions: list[tuple[x509.ExtensionType, bool]], by: str, days: int, says: str, pki: Pki
) -> None:
    with pytest.raises(Unavailable) as refused:
        read(pki, a_list(pki, by, *extensions, days=days))
    assert says in refused.value.about


@pytest.mark.parametrize("data", [b"", b"0", b"<html>", b"-----BEGIN X509 CRL-----\nAAAA\n-----END X509 CRL-----\n"])
def test_what_is_no_list(data: bytes, pki: Pki) -> None:
    with pytest.raises(Unavailable):
        read(pki, data)


def test_the_answer_of_another_authority(pki: Pki) -> None:
    """One with the same names and another key."""
    other = Pki().certificate("issuing")
    with pytest.raises(Unavailable):
        ocsp_about(pki.certificate("signer"), other, NOW, LATER)
    with pytest.raises(Unavailable):
        crl_about(pki.certificate("signer"), other, NOW, LATER, {})

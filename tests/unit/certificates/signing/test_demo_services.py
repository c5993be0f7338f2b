"""The demonstration's own answers are such as a real authority gives, and good for nothing else."""

from __future__ import annotations

from datetime import timedelta

import pytest
from asn1crypto import cms
from cryptography import x509
from hypothesis import given, settings
from hypothesis import strategies as st
from pyhanko.sign.validation.generic_cms import validate_tst_signed_data
from pyhanko.sign.validation.status import TimestampSignatureStatus
from pyhanko_certvalidator import ValidationContext

from certificates.signing.awaiting import completed
from certificates.signing.demo_ca import DemoCA
from certificates.signing.demo_services import DemoLists, DemoTimestamps
from certificates.signing.issuer import Issuer
from certificates.signing.key_holder import asn1
from certificates.signing.levels import Level
from certificates.signing.proofs import Proofs
from certificates.signing.seal import Seal
from certificates.signing.unavailable import Unavailable
from certificates.verifying.verification import inspect_pdf
from tests.factories.pki import Pki
from tests.unit.certificates.conftest import NOW


def test_time_stamps_hold(ca: DemoCA, roots: list[x509.Certificate]) -> None:
    timestamps = DemoTimestamps(ca)

    @given(digest=st.binary(min_size=32, max_size=32), later=st.timedeltas(timedelta(), timedelta(days=3000)))
    @settings(max_examples=25, deadline=None)
    def each(digest: bytes, later: timedelta) -> None:
        moment = NOW + later
        token = timestamps.token(digest, at=moment)
        data = cms.ContentInfo.load(token.der, strict=True)["content"]
        context = ValidationContext(trust_roots=list(map(asn1, roots)), moment=moment, allow_fetching=False)
        found = TimestampSignatureStatus(**completed(validate_tst_signed_data(data, context, lambda _: digest)))
        assert found.intact
        assert found.valid
        assert found.trusted
        assert found.timestamp == token.at == moment.replace(microsecond=0)
        assert len(token.der) <= timestamps.room

    each()


def test_lists_serve_for_a_day(ca: DemoCA, roots: list[x509.Certificate], seal: Seal) -> None:
    proofs = Proofs(roots, DemoLists(ca))
    chain = [seal.certificate, *seal.chain]
    first = proofs.of(chain, at=NOW)
    assert len(first.crls) == 2
    assert proofs.of(chain, at=NOW + timedelta(hours=2)) is first
    next_day = proofs.of(chain, at=NOW + timedelta(days=1))
    assert not set(next_day.crls) & set(first.crls)
    for one in map(x509.load_der_x509_crl, first.crls):
        assert one.last_update_utc <= NOW < (one.next_update_utc or NOW)
        assert not list(one)


def test_of_strangers_it_says_nothing(ca: DemoCA) -> None:
    pki = Pki()
    with pytest.raises(Unavailable):
        DemoLists(ca)(pki.certificate("signer"), pki.certificate("issuing"), NOW)


def test_a_demonstration_signs_as_the_real_thing_does(
    ca: DemoCA, roots: list[x509.Certificate], seal: Seal, unsigned: bytes
) -> None:
    lists = Proofs(roots, DemoLists(ca))
    house = Issuer("d", "http://127.0.0.1", seal, tuple(roots), True, Level.B_LTA, DemoTimestamps(ca), lists)
    for at in (NOW, NOW + timedelta(days=30)):
        signed = house.sign(unsigned, reason="签发", at=at)
        assert inspect_pdf(signed.pdf, roots).genuine
        assert signed.weakens_at is not None
        assert signed.weakens_at > seal.certificate.not_valid_after_utc

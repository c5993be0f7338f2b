"""What is put together by hand is what a strict decoder reads, of any length."""

from __future__ import annotations

from asn1crypto import cms, core
from hypothesis import given, settings
from hypothesis import strategies as st

from certificates.signing.awaiting import completed
from certificates.signing.cms_form import OCTETS, SEQUENCE, Form, der
from certificates.signing.seal import Seal


@given(body=st.one_of(st.binary(max_size=300), st.integers(0, 70_000).map(bytes)))
@settings(deadline=None)
def test_values_of_any_length(body: bytes) -> None:
    assert der(OCTETS, body) == core.OctetString(body).dump()
    assert core.Sequence.load(der(SEQUENCE, der(OCTETS, body)), strict=True).dump()


@given(digest=st.binary(min_size=32, max_size=32), token=st.none() | st.binary(min_size=1, max_size=5000))
@settings(deadline=None, max_examples=40)
def test_a_form_filled_again_reads_as_if_built(digest: bytes, token: bytes | None, seal: Seal) -> None:
    first = completed(seal.signer.async_sign(bytes(32), "sha256", use_pades=True))
    stamp = None if token is None else (lambda _signature: der(SEQUENCE, der(OCTETS, token)))
    filled = Form.of(first, bytes(32)).filled(digest, seal.key.sign, stamp)
    read = cms.ContentInfo.load(filled, strict=True)["content"]
    info = read["signer_infos"][0]
    digests = [one["values"][0].native for one in info["signed_attrs"] if one["type"].native == "message_digest"]
    assert digests == [digest]
    assert read["certificates"].dump() == first["content"]["certificates"].dump()
    stamps = [one["type"].native for one in info["unsigned_attrs"]] if token is not None else []
    assert stamps == ([] if token is None else ["signature_time_stamp_token"])

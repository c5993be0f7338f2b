"""Each known way to make a false certificate gets a verdict of its own, and none is ever valid."""

from __future__ import annotations

from pathlib import Path

import pytest
from cryptography import x509
from hypothesis import given, settings
from hypothesis import strategies as st

from certificates.drawing.pdf import draw
from certificates.signing.demo_ca import DemoCA, ensure_demo_ca
from certificates.signing.sign import Seal, sign, signed_revision
from certificates.verifying.verification import inspect_pdf
from tests.factories import attacks
from tests.unit.certificates.conftest import NOW, a_face

Roots = list[x509.Certificate]


@pytest.mark.parametrize("name", attacks.FORGERIES)
def test_each_forgery_gets_its_own_verdict(name: str, signed: bytes, roots: Roots) -> None:
    attack, code = attacks.FORGERIES[name]
    forged = attack(signed)
    assert forged != signed
    found = inspect_pdf(forged, roots)
    assert found.reasons[0].code == code
    assert not found.genuine
    assert not found.intact


@pytest.mark.parametrize("name", attacks.FORGERIES)
def test_forgeries_of_forgeries_are_none_the_better(name: str, signed: bytes, roots: Roots) -> None:
    """A genuine file appended to a forged one, and the other way round."""
    forged = attacks.FORGERIES[name][0](signed)
    for file in (forged + signed, signed + forged):
        assert not inspect_pdf(file, roots).genuine


def test_a_signature_copied_onto_another_document(signed: bytes, seal: Seal, roots: Roots) -> None:
    """It is by our key, but over something else."""
    other = sign(draw(a_face(holder_name="李四")), seal, reason="颁发证书", at=NOW)
    found = inspect_pdf(attacks.copied_onto(signed, other), roots)
    assert [reason.code for reason in found.reasons] == ["altered"]
    assert (found.intact, found.genuine) == (False, False)


def test_a_second_signature_by_our_own_key_does_not_help(signed: bytes, seal: Seal, roots: Roots) -> None:
    """Even who has the key cannot add to what was issued: the first signature speaks for the file."""
    changed = attacks.other_content(signed)
    forged = changed + signed_revision(changed, seal, reason="颁发证书", at=NOW).added
    found = inspect_pdf(forged, roots)
    assert found.reasons[0].code == "shadow_content"
    assert not found.intact


def test_another_authority_with_the_same_names(unsigned: bytes, tmp_path: Path, roots: Roots) -> None:
    other = ensure_demo_ca(tmp_path / "other", NOW)
    forged = sign(unsigned, Seal.from_pkcs12(other.pkcs12, other.passphrase, at=NOW), reason="x", at=NOW)
    assert [one.code for one in inspect_pdf(forged, roots).reasons] == ["imitated_signature"]


def test_a_signature_out_of_the_term_of_its_key(unsigned: bytes, ca: DemoCA, roots: Roots) -> None:
    """Dated back to before the key was allowed to sign."""
    key = Seal.from_pkcs12(ca.pkcs12, ca.passphrase, at=NOW)
    signed = sign(unsigned, key, reason="x", at=NOW)
    forged = signed.replace(NOW.strftime("%Y%m%d").encode(), b"19990101")
    assert not inspect_pdf(forged, roots).genuine


def test_shadow_content_prepared_before_the_signature(unsigned: bytes, seal: Seal, roots: Roots) -> None:
    """Even where our own key was brought to sign it, what is shown later is not what was signed."""
    signed = sign(attacks.prepared(unsigned), seal, reason="颁发证书", at=NOW)
    found = inspect_pdf(attacks.prepared_shown(signed), roots)
    assert [one.code for one in found.reasons] == ["shadow_content"]
    assert not found.intact


def test_scripts_and_forms_are_named_even_where_they_are_packed_away(roots: Roots) -> None:
    found = inspect_pdf(attacks.with_xfa(), roots)
    assert [one.code for one in found.reasons] == ["unsigned", "active_content"]


def test_a_scan_is_not_taken_for_a_certificate(photo: bytes, roots: Roots) -> None:
    assert [one.code for one in inspect_pdf(attacks.scan(photo), roots).reasons] == ["scan"]


@pytest.mark.parametrize("data", [attacks.bomb(), attacks.deep()], ids=["bomb", "deep"])
def test_hostile_files_cost_little(data: bytes, roots: Roots) -> None:
    """They end, in bounded memory: what is unpacked has a budget, and nothing recurses."""
    import tracemalloc

    tracemalloc.start()
    try:
        assert not inspect_pdf(data, roots).genuine
        assert tracemalloc.get_traced_memory()[1] < 64 * 1024 * 1024
    finally:
        tracemalloc.stop()


def test_a_bomb_behind_a_genuine_file(signed: bytes, roots: Roots) -> None:
    assert not inspect_pdf(signed + attacks.bomb(), roots).genuine


@given(start=st.floats(0, 1), length=st.integers(0, 400), junk=st.binary(max_size=400))
@settings(max_examples=150, deadline=None)
def test_whatever_is_cut_out_and_put_in(start: float, length: int, junk: bytes, signed: bytes, roots: Roots) -> None:
    place = int(start * len(signed))
    forged = signed[:place] + junk + signed[place + length :]
    found = inspect_pdf(forged, roots)
    hole = attacks.place_of(signed)
    if forged != signed and not hole.hole < place < hole.after:
        assert not found.genuine
        assert found.reasons


@given(tail=st.lists(st.sampled_from(
    [b"xref\n0 1\n", b"trailer\n", b"<< /Root 1 0 R >>", b"1 0 obj\n", b"endobj\n", b"stream\n", b"\nendstream\n",
     b"startxref\n9\n%%EOF\n", b"/ByteRange [0 1 2 3]", b"/Type /Page", b"/Type /Catalog /Pages 9 0 R", b"/DSS",
     b"/Filter /FlateDecode", b"<<", b">>", b"0000000000 65535 f \n", b"/Annots [", b"%PDF-", b"#41", b"/ObjStm"]
), max_size=12))  # fmt: skip
@settings(max_examples=200, deadline=None)
def test_whatever_is_appended(tail: list[bytes], signed: bytes, roots: Roots) -> None:
    found = inspect_pdf(signed + b"".join(tail), roots)
    assert found.genuine == (not tail)
    assert found.genuine or found.reasons

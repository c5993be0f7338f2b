"""Each kind of file gets its own finding, and no file, however hostile, gets more than a finding."""

from __future__ import annotations

import subprocess
import sys
import time
from io import BytesIO
from pathlib import Path

import pytest
from cryptography import x509
from hypothesis import example, given, settings
from hypothesis import strategies as st
from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter
from pyhanko.sign import PdfSignatureMetadata, PdfSigner, SimpleSigner
from pypdf import PdfWriter

from app.core.errors import Refusal
from certificates.drawing.pdf import draw
from certificates.signing.demo_ca import DemoCA, ensure_demo_ca
from certificates.signing.sign import Seal, sign
from certificates.verifying.signature_places import places
from certificates.verifying.verification import Inspection, inspect_pdf, load_roots
from tests.unit.certificates.conftest import NOW, a_face
from tests.unit.certificates.signing.test_sign import PASSPHRASE, a_key, packed

Roots = list[x509.Certificate]


LOOKS_THEN_SIGNS = """
import sys
from datetime import datetime
from pathlib import Path
from certificates.verifying.verification import inspect_pdf, load_roots
folder, at = Path(sys.argv[1]), datetime.fromisoformat(sys.argv[2])
signed, page = ((folder / name).read_bytes() for name in ("signed.pdf", "page.pdf"))
assert inspect_pdf(signed, load_roots((folder / "root.pem").read_bytes())).genuine
from certificates.signing.sign import Seal, sign
seal = Seal.from_pkcs12((folder / "seal.p12").read_bytes(), sys.argv[3], at=at)
assert sign(page, seal, reason="Issue", at=at).startswith(page)
"""


def test_a_process_that_judged_a_file_first_can_sign_afterwards(ca: DemoCA, signed: bytes, tmp_path: Path) -> None:
    """As a server does that was asked about a certificate before it issued one."""
    files = {"signed.pdf": signed, "page.pdf": draw(a_face()), "root.pem": ca.root_pem, "seal.p12": ca.pkcs12}
    for name, content in files.items():
        (tmp_path / name).write_bytes(content)
    command = [sys.executable, "-c", LOOKS_THEN_SIGNS, str(tmp_path), NOW.isoformat(), ca.passphrase]
    done = subprocess.run(command, capture_output=True, check=False, text=True)
    assert done.returncode == 0, done.stderr


def codes(found: Inspection) -> tuple[str, ...]:
    return tuple(reason.code for reason in found.reasons)


def test_a_certificate_as_issued_is_genuine(signed: bytes, roots: Roots) -> None:
    assert inspect_pdf(signed, roots) == Inspection(
        is_pdf=True,
        signed=True,
        intact=True,
        whole_file_covered=True,
        trusted=True,
        signer_name="演示签发机构 DEMONSTRATION Issuer",
        signed_at=NOW,
    )


@pytest.mark.parametrize(
    ("data", "code"),
    [
        (b"", "empty_file"),
        (b" \r\n", "empty_file"),
        (b"\0" * 5000, "not_a_pdf"),
        ("一封信".encode(), "not_a_pdf"),
        (b"GIF89a", "picture"),
        (b"\x89PNG" * 1000, "picture"),
        (b"\xff\xd8\xff\xe0 a photo", "picture"),
        (b"\0\0\0\x18ftypheic", "picture"),
        (b"PK\x03\x04 zip or docx", "packed"),
        (b"\xd0\xcf\x11\xe0 doc", "packed"),
    ],
)
def test_what_is_no_pdf(data: bytes, code: str, roots: Roots) -> None:
    found = inspect_pdf(data, roots)
    assert codes(found) == (code,)
    assert found == Inspection(reasons=found.reasons)


def test_an_unsigned_pdf(unsigned: bytes, roots: Roots) -> None:
    found = inspect_pdf(unsigned, roots)
    assert codes(found) == ("unsigned",)
    assert found.is_pdf
    assert not found.signed


def test_an_encrypted_pdf(unsigned: bytes, roots: Roots) -> None:
    writer = PdfWriter(clone_from=BytesIO(unsigned))
    writer.encrypt("geheim", algorithm="AES-256")
    file = BytesIO()
    writer.write(file)
    found = inspect_pdf(file.getvalue(), roots)
    assert codes(found) == ("encrypted",)
    assert found.encrypted


def test_one_changed_character_of_the_page(signed: bytes, roots: Roots) -> None:
    found = inspect_pdf(signed.replace(b"/Lang (zh-CN)", b"/Lang (zh-TW)"), roots)
    assert codes(found) == ("altered",)
    assert not found.intact
    assert found.signed


@pytest.mark.parametrize(
    ("added", "code"),
    [
        (b"\n", "bytes_appended"),
        (b"%", "bytes_appended"),
        (b"\n1 0 obj\n<<>>\nendobj\nstartxref\n0\n%%EOF\n", "shadow_content"),
        (b"\n900 0 obj\n<< /Type /Annot >>\nendobj\nstartxref\n0\n%%EOF\n", "changed_after_signing"),
    ],
)
def test_bytes_added_after_the_signature(added: bytes, code: str, signed: bytes, roots: Roots) -> None:
    found = inspect_pdf(signed + added, roots)
    assert codes(found) == (code,)
    assert (found.intact, found.whole_file_covered, found.later_changes, found.trusted) == (False, False, True, True)


def test_an_incremental_update_that_shows_another_page(signed: bytes, roots: Roots) -> None:
    update = IncrementalPdfFileWriter(BytesIO(signed))
    page = update.root["/Pages"]["/Kids"][0]
    page["/Rotate"] = update.root["/Pages"]["/Count"]
    update.update_container(page)
    file = BytesIO()
    update.write(file)
    assert codes(inspect_pdf(file.getvalue(), roots)) == ("shadow_content",)


def test_another_authority_with_the_same_names(unsigned: bytes, tmp_path: Path, roots: Roots) -> None:
    other = ensure_demo_ca(tmp_path / "other", NOW)
    file = sign(unsigned, Seal.from_pkcs12(other.pkcs12, other.passphrase, at=NOW), reason="颁发证书", at=NOW)
    found = inspect_pdf(file, roots)
    assert codes(found) == ("imitated_signature",)
    assert (found.intact, found.trusted) == (True, False)
    assert found.signer_name == "演示签发机构 DEMONSTRATION Issuer"


def test_a_self_signed_certificate(unsigned: bytes, roots: Roots) -> None:
    file = sign(unsigned, Seal.from_pkcs12(packed(a_key()), PASSPHRASE, at=NOW), reason="颁发证书", at=NOW)
    assert codes(inspect_pdf(file, roots)) == ("foreign_signature",)


def test_no_roots_means_no_trust(signed: bytes) -> None:
    assert codes(inspect_pdf(signed, [])) == ("foreign_signature",)


@pytest.mark.parametrize("pem", [b"", b"nonsense", b"-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n"])
def test_roots_that_cannot_be_read_are_refused(pem: bytes) -> None:
    with pytest.raises(Refusal) as refused:
        load_roots(pem)
    assert refused.value.code == "trust_roots_unusable"


def test_several_signatures(unsigned: bytes, ca: DemoCA, roots: Roots) -> None:
    """Ours stands first and a second one was added: the file is not as issued."""
    file, signer = unsigned, SimpleSigner.load_pkcs12_data(ca.pkcs12, [], ca.passphrase.encode())
    for field in ("First", "Second"):
        output = PdfSigner(PdfSignatureMetadata(field_name=field), signer=signer).sign_pdf(
            IncrementalPdfFileWriter(BytesIO(file))
        )
        file = output.getvalue()
    found = inspect_pdf(file, roots)
    assert codes(found) == ("signed_again", "several_signatures")
    assert found.reasons[1].params == {"count": 2}
    assert not found.intact


def test_the_name_of_a_holder_cannot_pass_for_a_signature(seal: Seal, roots: Roots) -> None:
    face = a_face(holder_name="/ByteRange [0 1 2 3]", issuer_name="/ByteRange [0 1 2 3]")
    assert inspect_pdf(sign(draw(face), seal, reason="颁发证书", at=NOW), roots).genuine


def test_a_file_above_the_limit_is_refused(roots: Roots) -> None:
    with pytest.raises(Refusal) as refused:
        inspect_pdf(b"%PDF-" + bytes(2 * 1024 * 1024), roots, most_bytes=1024 * 1024)
    assert (refused.value.code, refused.value.status) == ("upload_too_large", 413)


@given(place=st.floats(0, 1, exclude_max=True), bit=st.integers(0, 7))
@settings(max_examples=150, deadline=None)
def test_one_flipped_bit_is_noticed(place: float, bit: int, signed: bytes, roots: Roots) -> None:
    """Outside the signature's own digits the file is never genuine. Within them the envelope has a few unsigned
    bytes; the comparison with the stored file notices those."""
    position = int(place * len(signed))
    changed = bytearray(signed)
    changed[position] ^= 1 << bit
    (signature,) = places(signed)
    found = inspect_pdf(bytes(changed), roots)
    assert not found.genuine or signature.hole < position < signature.after


@given(cut=st.integers(0, 200_000))
@settings(max_examples=40, deadline=None)
def test_a_truncated_file_is_never_genuine(cut: int, signed: bytes, roots: Roots) -> None:
    assert not inspect_pdf(signed[: cut % len(signed)], roots).genuine


@given(data=st.binary(max_size=3000))
@settings(max_examples=200, deadline=None)
@example(data=b"/ByteRange [0 9999999999 9999999999 9999999999]")
@example(data=b"/ByteRange [0 5 5 0]")
@example(data=b"/Encrypt <<")
@example(data=b"[" * 200_000 + b"/ByteRange")
@example(data=b"xref\n0 999999999\n0000000000 65535 f \ntrailer<</Size 999999999/Root 1 0 R>>startxref\n9\n%%EOF")
def test_random_bytes_get_a_finding(data: bytes, roots: Roots) -> None:
    found = inspect_pdf(b"%PDF-1.7\n" + data, roots)
    assert found.reasons
    assert not found.genuine


@given(contents=st.binary(max_size=400))
@settings(max_examples=200, deadline=None)
@example(contents=b"\x30\x80" * 200)
def test_random_signatures_get_a_finding(contents: bytes, roots: Roots) -> None:
    head = b"%PDF-1.7\n/ByteRange [0 0000000060 0000000000 0000000003]"
    hole = len(head)
    after = hole + 2 + 2 * len(contents)
    file = head.replace(b"0000000060 0000000000", b"%010d %010d" % (hole, after)) + b"<%s>end" % contents.hex().encode()
    found = inspect_pdf(file, roots)
    assert found.signed
    assert not found.genuine


def test_many_decoys_do_not_hold_the_server(signed: bytes, roots: Roots) -> None:
    (signature,) = places(signed)
    decoys = b"".join(b"/ByteRange [0 %d %d %d]" % (signature.hole, signature.after, end) for end in range(60_000))
    digits = b"<" + b"ab" * 60_000 + b">"
    began = time.process_time()
    assert not inspect_pdf(signed + decoys + digits, roots).genuine
    assert time.process_time() - began < 10

"""What stood in the file stays byte for byte; every revision can be read by others, whatever shape the file has."""

from __future__ import annotations

from functools import cache
from hashlib import sha256
from io import BytesIO

import pikepdf
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pikepdf import Array, Dictionary, Name, ObjectStreamMode
from pyhanko.pdf_utils.reader import PdfFileReader

from certificates.signing.holes import NoRoom
from certificates.signing.object_tables import in_lines, in_stream
from certificates.signing.revisions import Growing, UnfitForSigning
from certificates.verifying.signature_places import places

ENTRIES = b"/Type /Sig /Filter /Adobe.PPKLite /SubFilter /ETSI.CAdES.detached"


def saved(pdf: bytes, streams: ObjectStreamMode = ObjectStreamMode.disable, **options: bool) -> bytes:
    with pikepdf.open(BytesIO(pdf)) as document:
        file = BytesIO()
        document.save(file, object_stream_mode=streams, **options)
        return file.getvalue()


@pytest.fixture(scope="session", params=["lines", "streams", "linear"])
def shaped(request: pytest.FixtureRequest, unsigned: bytes) -> bytes:
    """The drawn page with its table in lines, in a stream, or arranged for the web."""
    if request.param == "streams":
        return saved(unsigned, ObjectStreamMode.generate)
    return saved(unsigned, linearize=request.param == "linear")


def test_several_revisions_of_any_shape(shaped: bytes) -> None:
    grown = Growing(shaped)
    for number in range(3):
        grown.store([b"certificate %d" % number, b"the same"], [b"list"], [])
        grown.append(grown.sign(f"Field{number}", ENTRIES, 40, said="", certifies=number == 0).filled(b"\x01" * 40))
    whole = shaped + grown.added
    with pikepdf.open(BytesIO(whole)) as document:
        assert not document.check_pdf_syntax()
        assert len(document.Root.AcroForm.Fields) == len(document.pages[0].Annots) == 3
        assert document.Root.Perms.DocMDP.objgen == document.Root.AcroForm.Fields[0].V.objgen
        held = [one.read_bytes() for one in document.Root.DSS.Certs]
        assert held == [b"certificate 0", b"the same", b"certificate 1", b"certificate 2"]
        assert [one.read_bytes() for one in document.Root.DSS.CRLs] == [b"list"]
        assert document.Root.Pages.Count == 1
    assert PdfFileReader(BytesIO(whole)).total_revisions == PdfFileReader(BytesIO(shaped)).total_revisions + 3


def test_a_file_goes_on_growing_after_it_was_closed(shaped: bytes) -> None:
    first = Growing(shaped)
    first.store([b"one"], [], [b"answer"])
    first.append(first.sign("First", ENTRIES, 40, said="", certifies=True).filled(b"\x01" * 40))
    second = Growing(shaped + first.added)
    assert (second.signatures, second.stored_certificates) == (1, [b"one"])
    second.store([b"one", b"two"], [], [])
    second.close()
    with pikepdf.open(BytesIO(shaped + first.added + second.added)) as document:
        assert [one.read_bytes() for one in document.Root.DSS.Certs] == [b"one", b"two"]
        assert [one.read_bytes() for one in document.Root.DSS.OCSPs] == [b"answer"]
        assert "/DocMDP" in document.Root.Perms


def test_what_was_there_is_kept(unsigned: bytes) -> None:
    with pikepdf.open(BytesIO(unsigned)) as document:
        note = document.make_indirect(Dictionary(Type=Name.Annot, Subtype=Name.Link, Rect=Array([0, 0, 1, 1])))
        document.pages[0].Annots = Array([note])
        document.Root.Extensions = Dictionary(ADBE=Dictionary(BaseVersion=Name("/1.7"), ExtensionLevel=8))
        document.Root.Version = Name("/1.7")
        file = BytesIO()
        document.save(file)
    grown = Growing(file.getvalue())
    grown.append(grown.sign("Field", ENTRIES, 40, said="").filled(b"\x01"))
    with pikepdf.open(BytesIO(file.getvalue() + grown.added)) as document:
        assert [one.Subtype for one in document.pages[0].Annots] == ["/Link", "/Widget"]
        assert document.Root.Extensions.ADBE.ExtensionLevel == 8
        assert document.Root.Version == "/1.7"
        assert document.Root.Lang == "zh-CN"


@cache
def a_page() -> bytes:
    """Small, so that a failure can be read."""
    with pikepdf.new() as document:
        document.add_blank_page()
        file = BytesIO()
        document.save(file)
        return file.getvalue()


@given(room=st.integers(1, 600), fill=st.binary(min_size=1, max_size=600).filter(any))
@settings(max_examples=60, deadline=None)
def test_the_digest_is_of_all_but_the_hole(room: int, fill: bytes) -> None:
    page = a_page()
    grown = Growing(page)
    hole = grown.sign("Field", ENTRIES, room, said="")
    if len(fill) > room:
        with pytest.raises(NoRoom) as refused:
            hole.filled(fill)
        assert refused.value.needed == len(fill)
        return
    grown.append(hole.filled(fill))
    whole = page + grown.added
    (place,) = places(whole)
    assert place.end == len(whole)
    assert place.contents(whole).rstrip(b"\0") == fill.rstrip(b"\0")
    assert hole.digest == sha256(place.covered(whole)).digest()


@pytest.mark.parametrize("data", [b"", b"%PDF-1.7\n%%EOF", b"startxref\n5\n%%EOF trailing words"])
def test_what_is_no_drawn_file_is_unfit(data: bytes) -> None:
    with pytest.raises(UnfitForSigning):
        Growing(data)


def test_an_encrypted_file_is_unfit(unsigned: bytes) -> None:
    with pikepdf.open(BytesIO(unsigned)) as document:
        file = BytesIO()
        document.save(file, encryption=pikepdf.Encryption(owner="x", user=""))
    with pytest.raises(UnfitForSigning):
        Growing(file.getvalue())


@given(numbers=st.sets(st.integers(0, 400), min_size=1, max_size=30))
def test_tables_name_every_object_once(numbers: set[int]) -> None:
    offsets = {number: 10_000 + number for number in numbers}
    lines = in_lines(offsets, b"/Size 1").split(b"trailer")[0].splitlines()[1:]
    entries = [line for line in lines if line.endswith(b"n ")]
    assert [int(line.split()[0]) for line in entries] == [10_000 + number for number in sorted(numbers)]
    assert sum(int(line.split()[1]) for line in lines if line not in entries) == len(numbers)
    rows = in_stream(7, offsets, b"/Size 1").split(b"stream\n")[1].removesuffix(b"\nend")
    assert len(rows) == 7 * len(numbers)

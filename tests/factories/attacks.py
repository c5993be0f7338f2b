"""Files that want to pass for a certificate: each made from a genuine one in a way that is known from real attacks.

`FORGERIES` maps a name to (how it is made from a genuine file, the code it must get). All are bytes → bytes.
"""

from __future__ import annotations

import re
import subprocess
import tempfile
import zipfile
import zlib
from collections.abc import Callable
from io import BytesIO
from pathlib import Path
from typing import Any

import pikepdf
from pyhanko.pdf_utils import generic
from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter
from pypdf import PdfWriter

from certificates.verifying.signature_places import Place, places

Attack = Callable[[bytes], bytes]


def place_of(pdf: bytes) -> Place:
    return next(places(pdf))


def one_byte_changed(pdf: bytes) -> bytes:
    """In the middle of a stream: the file opens everywhere."""
    changed = bytearray(pdf)
    changed[len(pdf) // 3] ^= 1
    return bytes(changed)


def other_words(pdf: bytes) -> bytes:
    """In plain text: as many letters as before."""
    return pdf.replace(b"/Lang (zh-CN)", b"/Lang (zh-TW)", 1)


def bytes_behind(pdf: bytes) -> bytes:
    return pdf + b"\n% and something else\n"


def _updated(pdf: bytes, change: Callable[[Any], None]) -> bytes:
    update = IncrementalPdfFileWriter(BytesIO(pdf))
    change(update)
    file = BytesIO()
    update.write(file)
    return file.getvalue()


def note_added(pdf: bytes) -> bytes:
    """A note by a reader's own tools, laid over the page."""

    def change(update: Any) -> None:
        page = update.root["/Pages"]["/Kids"][0]
        note = generic.DictionaryObject(
            {
                generic.pdf_name("/Type"): generic.pdf_name("/Annot"),
                generic.pdf_name("/Subtype"): generic.pdf_name("/FreeText"),
                generic.pdf_name("/Rect"): generic.ArrayObject(map(generic.NumberObject, (100, 500, 300, 540))),
                generic.pdf_name("/Contents"): generic.pdf_string("甲级"),
            }
        )
        page["/Annots"].append(update.add_object(note))
        update.update_container(page)

    return _updated(pdf, change)


def other_content(pdf: bytes) -> bytes:
    """Replace: the page gets a content stream of the attacker's."""

    def change(update: Any) -> None:
        page = update.root["/Pages"]["/Kids"][0]
        page["/Contents"] = update.add_object(generic.StreamObject(stream_data=b"BT ET"))
        update.update_container(page)

    return _updated(pdf, change)


def same_object_again(pdf: bytes) -> bytes:
    """Replace: the number of the content stream stays, what stands under it is new."""

    def change(update: Any) -> None:
        reference = update.root["/Pages"]["/Kids"][0].raw_get("/Contents")
        if isinstance(reference, generic.ArrayObject):
            reference = reference.raw_get(-1)
        update.objects[(reference.generation, reference.idnum)] = generic.StreamObject(stream_data=b"BT ET")

    return _updated(pdf, change)


def other_pages(pdf: bytes) -> bytes:
    """Hide and replace: the catalogue leads to another tree of pages."""

    def change(update: Any) -> None:
        update.root["/Pages"] = update.add_object(_pages())
        update.update_root()

    return _updated(pdf, change)


def prepared(pdf: bytes) -> bytes:
    """An unsigned page with a second tree of pages that nothing leads to yet, for whoever can have it signed."""
    return _updated(pdf, lambda update: update.add_object(_pages()))


def prepared_shown(signed: bytes) -> bytes:
    """Hide and replace: after the signature the catalogue leads to what was prepared."""
    numbers = re.findall(rb"(\d+) 0 obj\s*<<\s*/Type /Pages\s*/Kids \[\s*\]", signed)

    def change(update: Any) -> None:
        update.root["/Pages"] = generic.IndirectObject(int(numbers[-1]), 0, update)
        update.update_root()

    return _updated(signed, change)


def _pages() -> generic.DictionaryObject:
    return generic.DictionaryObject(
        {
            generic.pdf_name("/Type"): generic.pdf_name("/Pages"),
            generic.pdf_name("/Kids"): generic.ArrayObject(),
            generic.pdf_name("/Count"): generic.NumberObject(0),
        }
    )


def object_hidden(pdf: bytes) -> bytes:
    """Hide: an update of the cross-reference table alone calls an object free, and what lay under it shows."""
    number = re.search(rb"/Contents \[?\s?(\d+) 0 R", pdf)
    assert number
    size = max(int(one) for one in re.findall(rb"/Size (\d+)", pdf))
    root = re.findall(rb"/Root (\d+ \d+ R)", pdf)[-1]
    before = re.findall(rb"startxref\s+(\d+)", pdf)[-1]
    table = b"xref\n0 1\n0000000000 65535 f \n%s 1\n0000000000 00001 f \n" % number[1]
    trailer = b"trailer\n<< /Size %d /Root %s /Prev %s >>\nstartxref\n%d\n%%%%EOF\n" % (size, root, before, len(pdf))
    return pdf + table + trailer


def layers_switched(pdf: bytes) -> bytes:
    """Optional content: a layer that is off on the screen and on in print."""

    def change(update: Any) -> None:
        layer = generic.DictionaryObject({generic.pdf_name("/Type"): generic.pdf_name("/OCG")})
        groups = generic.ArrayObject([update.add_object(layer)])
        update.root["/OCProperties"] = generic.DictionaryObject(
            {generic.pdf_name("/OCGs"): groups, generic.pdf_name("/D"): generic.DictionaryObject()}
        )
        update.update_root()

    return _updated(pdf, change)


def with_xfa() -> bytes:
    """A form of the other kind, with a script in it and no signature at all."""
    file = BytesIO()
    with pikepdf.new() as pdf:
        pdf.add_blank_page()
        pdf.Root.AcroForm = pikepdf.Dictionary(XFA=pdf.make_stream(b"<xdp/>"))
        pdf.Root.Names = pikepdf.Dictionary(JavaScript=pikepdf.Dictionary(Names=pikepdf.Array()))
        pdf.save(file, object_stream_mode=pikepdf.ObjectStreamMode.generate)
    return file.getvalue()


def script_added(pdf: bytes) -> bytes:
    def change(update: Any) -> None:
        update.root["/OpenAction"] = generic.DictionaryObject(
            {
                generic.pdf_name("/S"): generic.pdf_name("/JavaScript"),
                generic.pdf_name("/JS"): generic.pdf_string("app.alert(1)"),
            }
        )
        update.update_root()

    return _updated(pdf, change)


def rewritten_by_pikepdf(pdf: bytes) -> bytes:
    """As any tool does that "only saves" the file."""
    file = BytesIO()
    with pikepdf.open(BytesIO(pdf)) as opened:
        opened.save(file)
    return file.getvalue()


def rewritten_by_qpdf(pdf: bytes) -> bytes:
    return qpdf(pdf, "--object-streams=generate")


def encrypted(pdf: bytes) -> bytes:
    return qpdf(pdf, "--encrypt", "", "owner", "256", "--")


def qpdf(pdf: bytes, *options: str) -> bytes:
    with tempfile.TemporaryDirectory() as folder:
        (Path(folder) / "in.pdf").write_bytes(pdf)
        command = ["qpdf", "--warning-exit-0", *options, "in.pdf", "out.pdf"]
        subprocess.run(command, cwd=folder, check=True, capture_output=True, timeout=60)
        return (Path(folder) / "out.pdf").read_bytes()


def joined(pdf: bytes) -> bytes:
    """Two whole files one after the other: a reader that starts at the end shows the second."""
    return pdf + plain_pdf()


def behind_a_picture(pdf: bytes) -> bytes:
    """A file that is a picture to one program and a PDF to another."""
    return b"\xff\xd8\xff\xe0 not really\n" + pdf


def shifted(pdf: bytes) -> bytes:
    return b"\n" + pdf


def portfolio(pdf: bytes) -> bytes:
    """The genuine file as an attachment of another."""
    writer = PdfWriter()
    writer.add_blank_page(200, 200)
    writer.add_attachment("certificate.pdf", pdf)
    file = BytesIO()
    writer.write(file)
    return file.getvalue()


def cut_short(pdf: bytes) -> bytes:
    return pdf[: place_of(pdf).after + 40]


def cut_in_the_middle(pdf: bytes) -> bytes:
    return pdf[: len(pdf) // 2]


def no_contents(pdf: bytes) -> bytes:
    """Universal forgery: a reader that finds no signature to check may say that all is well."""
    place = place_of(pdf)
    return _over(pdf, place.hole, place.after, b"null")


def empty_contents(pdf: bytes) -> bytes:
    place = place_of(pdf)
    return _over(pdf, place.hole, place.after, b"<>")


def zero_contents(pdf: bytes) -> bytes:
    place = place_of(pdf)
    return pdf[: place.hole] + b"<" + b"0" * (place.after - place.hole - 2) + b">" + pdf[place.after :]


def no_range(pdf: bytes) -> bytes:
    return re.sub(rb"/ByteRange(?=\s*\[)", b"/ByteRang_", pdf)


def null_range(pdf: bytes) -> bytes:
    return re.sub(rb"/ByteRange\s*\[[^\]]*\]", lambda found: b"/ByteRange null".ljust(len(found[0])), pdf)


def negative_range(pdf: bytes) -> bytes:
    return re.sub(rb"/ByteRange\s*\[[^\]]*\]", lambda found: b"/ByteRange [0 -1 -1 0]".ljust(len(found[0])), pdf)


def range_of_nothing(pdf: bytes) -> bytes:
    return re.sub(rb"/ByteRange\s*\[[^\]]*\]", lambda found: b"/ByteRange [0 0 0 0]".ljust(len(found[0])), pdf)


def wrapped(pdf: bytes) -> bytes:
    """Signature wrapping: what was signed moves to the end, and what readers see stands where nobody signed."""
    place = place_of(pdf)
    foreign = b"\n7 0 obj\n<< /Type /Page /Contents 8 0 R >>\nendobj\n"
    first, digits, second = pdf[: place.hole], pdf[place.hole : place.after], pdf[place.after : place.end]
    after = place.after + len(foreign)
    ranges = re.search(rb"/ByteRange\s*\[[^\]]*\]", first + second)
    assert ranges
    new = (b"/ByteRange [0 %d %d %d]" % (place.hole, after, len(second))).ljust(len(ranges[0]))[: len(ranges[0])]
    moved = first + digits + foreign + second
    return moved.replace(ranges[0], new, 1)


def copied_onto(signature_of: bytes, document: bytes) -> bytes:
    """The signature of one file in the room of another's."""
    taken, room = place_of(signature_of), place_of(document)
    digits = signature_of[taken.hole + 1 : taken.after - 1][: room.after - room.hole - 2]
    digits = digits.ljust(room.after - room.hole - 2, b"0")
    return document[: room.hole + 1] + digits + document[room.after - 1 :]


def _over(pdf: bytes, start: int, end: int, text: bytes) -> bytes:
    return pdf[:start] + text.ljust(end - start) + pdf[end:]


def plain_pdf() -> bytes:
    writer = PdfWriter()
    writer.add_blank_page(200, 200)
    file = BytesIO()
    writer.write(file)
    return file.getvalue()


def scan(picture: bytes) -> bytes:
    """A page that is a JPEG."""
    from PIL import Image

    file = BytesIO()
    Image.open(BytesIO(picture)).convert("RGB").save(file, "PDF")
    return file.getvalue()


def zipped(pdf: bytes) -> bytes:
    file = BytesIO()
    with zipfile.ZipFile(file, "w") as archive:
        archive.writestr("certificate.pdf", pdf)
    return file.getvalue()


def bomb(megabytes: int = 96) -> bytes:
    """A stream of objects that unpacks to a thousand times its size."""
    packer = zlib.compressobj(9)
    packed = b"".join(packer.compress(bytes(1024 * 1024)) for _ in range(megabytes)) + packer.flush()
    head = b"%%PDF-1.7\n1 0 obj\n<< /Type /ObjStm /N 1 /First 4 /Filter /FlateDecode /Length %d >>\nstream\n" % len(
        packed
    )
    return head + packed + b"\nendstream\nendobj\nstartxref\n0\n%%EOF\n"


def deep(levels: int = 200_000) -> bytes:
    return b"%PDF-1.7\n1 0 obj\n" + b"[" * levels + b"]" * levels + b"\nendobj\nstartxref\n0\n%%EOF\n"


FORGERIES: dict[str, tuple[Attack, str]] = {
    "one byte changed": (one_byte_changed, "altered"),
    "a word changed": (other_words, "altered"),
    "bytes behind the end": (bytes_behind, "bytes_appended"),
    "a note laid over the page": (note_added, "changed_after_signing"),
    "a script": (script_added, "changed_after_signing"),
    "another content stream": (other_content, "shadow_content"),
    "the content stream's number used again": (same_object_again, "shadow_content"),
    "another tree of pages": (other_pages, "shadow_content"),
    "an object called free": (object_hidden, "shadow_content"),
    "a layer": (layers_switched, "shadow_content"),
    "saved again by pikepdf": (rewritten_by_pikepdf, "rewritten"),
    "saved again by qpdf": (rewritten_by_qpdf, "rewritten"),
    "encrypted by qpdf": (encrypted, "encrypted"),
    "another PDF joined": (joined, "joined_files"),
    "a picture before it": (behind_a_picture, "foreign_start"),
    "a line before it": (shifted, "foreign_start"),
    "in a portfolio": (portfolio, "portfolio"),
    "in a ZIP": (zipped, "packed"),
    "cut off behind the signature": (cut_short, "truncated"),
    "cut in the middle": (cut_in_the_middle, "truncated"),
    "no contents": (no_contents, "signature_hollow"),
    "empty contents": (empty_contents, "signature_hollow"),
    "zeros for contents": (zero_contents, "signature_hollow"),
    "no range": (no_range, "signature_hollow"),
    "null for a range": (null_range, "signature_hollow"),
    "a negative range": (negative_range, "signature_hollow"),
    "a range of nothing": (range_of_nothing, "signature_wrapped"),
    "wrapped": (wrapped, "signature_wrapped"),
}

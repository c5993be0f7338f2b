"""What a certificate's file holds beside the page: fonts, pictures, and the credential."""

from __future__ import annotations

from app.core.images import clean_photo
from certificates.drawing.face import CertificateFace
from certificates.drawing.glyphs import Subset, source
from certificates.drawing.objects import File
from certificates.drawing.pictures import look
from certificates.drawing.stamp import RADIUS
from certificates.drawing.structure import text_string

JPEG = b"\xff\xd8"
CREDENTIAL_NAME = "credential.jwt"


def font(file: File, subset: Subset) -> int:
    one, (packed, length) = source(subset.font), subset.packed
    program = file.stream(packed, f"/Length1 {length}", packed=True)
    box = " ".join(f"{one.scaled(value):.0f}" for value in one.box)
    descriptor = file.add(
        f"<< /Type /FontDescriptor /FontName /{subset.title} /Flags 4 /FontBBox [{box}] /ItalicAngle 0 /StemV 80 "
        f"/Ascent {one.scaled(one.ascent):.0f} /Descent {one.scaled(one.descent):.0f} /CapHeight 730 "
        f"/FontFile2 {program} 0 R >>"
    )
    below = file.add(
        f"<< /Type /Font /Subtype /CIDFontType2 /BaseFont /{subset.title} /CIDToGIDMap /Identity /DW 1000 "
        f"/CIDSystemInfo << /Registry (Adobe) /Ordering (Identity) /Supplement 0 >> /FontDescriptor {descriptor} 0 R "
        f"/W [0 [{subset.widths}]] >>"
    )
    meaning = file.stream(subset.meaning, packed=True)
    return file.add(
        f"<< /Type /Font /Subtype /Type0 /BaseFont /{subset.title} /Encoding /Identity-H "
        f"/DescendantFonts [{below} 0 R] /ToUnicode {meaning} 0 R >>"
    )


def pictures(file: File, face: CertificateFace, stamped: bytes) -> str:
    found = _photo(file, face.photo) if face.template.photo and face.photo is not None else ""
    if face.template.seal.shown:
        reach = RADIUS + 2
        entries = f"/Type /XObject /Subtype /Form /BBox [{-reach} {-reach} {reach} {reach}] /Resources << >>"
        found += f" /Seal {file.stream(stamped, entries, packed=True)} 0 R"
    return found


def _photo(file: File, photo: bytes) -> str:
    """A JPEG embedded as it is."""
    data = photo if photo.startswith(JPEG) else clean_photo(photo)
    (wide, high), space = look(data).size, "DeviceGray" if look(data).mode == "L" else "DeviceRGB"
    number = file.jpeg(
        data,
        f"/Type /XObject /Subtype /Image /Width {wide} /Height {high} /ColorSpace /{space} /BitsPerComponent 8",
    )
    return f"/Photo {number} 0 R"


def attachment(file: File, face: CertificateFace) -> str:
    """The credential for programs, where the template wants it in the file and there is one."""
    if face.template.conformance != "3b" or face.credential is None:
        return ""
    day = f"(D:{face.issued_on:%Y%m%d}000000Z)"
    about = f"/Params << /ModDate {day} /Size {len(face.credential)} >>"
    kept = file.stream(face.credential, f"/Type /EmbeddedFile /Subtype /application#2Fvc+jwt {about}")
    name = text_string(CREDENTIAL_NAME)
    spec = file.add(
        f"<< /Type /Filespec /F ({CREDENTIAL_NAME}) /UF {name} /AFRelationship /Alternative "
        f"/Desc {text_string('Open Badges 3.0')} /EF << /F {kept} 0 R /UF {kept} 0 R >> >>"
    )
    return f" /AF [{spec} 0 R] /Names << /EmbeddedFiles << /Names [{name} {spec} 0 R] >> >>"

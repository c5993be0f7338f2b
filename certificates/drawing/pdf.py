"""Draws a certificate: values in, bytes out. The same face gives the same bytes, tagged, and fit for an archive."""

from __future__ import annotations

import zlib
from collections.abc import Hashable
from dataclasses import dataclass
from functools import cache, lru_cache
from pathlib import Path

from certificates.drawing import wording
from certificates.drawing.conformity import refuse_unfit
from certificates.drawing.embedding import attachment, font, pictures
from certificates.drawing.face import CertificateFace
from certificates.drawing.glyphs import Subset
from certificates.drawing.layout import draw_page, seal_words
from certificates.drawing.metadata import Description
from certificates.drawing.objects import File
from certificates.drawing.ornament import SHADES, background
from certificates.drawing.page import Page, shared
from certificates.drawing.pictures import look
from certificates.drawing.places import LANDSCAPE, PORTRAIT
from certificates.drawing.stamp import seal
from certificates.drawing.structure import written
from certificates.drawing.template import TemplateBody
from certificates.drawing.typefaces import BOLD, REGULAR, check, composed

__all__ = ["CertificateFace", "draw", "drawn"]
PROFILE = Path(__file__).with_name("srgb.icc")
QUICKLY = 4
"""A third of the time of the usual compression, for a tenth more of a page that is a fiftieth of its file."""


@dataclass(frozen=True)
class _Shell:
    """What the certificates of one template and house share: the ground, compressed, and the letters of its words."""

    ground: bytes
    seal: bytes
    fonts: dict[str, Subset]


def draw(face: CertificateFace) -> bytes:
    """The unsigned PDF: one A4 page, all fonts embedded; refused unless it is sound PDF/A."""
    pdf, kind = _drawn(face)
    refuse_unfit(pdf, face.template.conformance, kind)
    return pdf


def drawn(face: CertificateFace) -> bytes:
    """As `draw`, not checked: for a look at it."""
    return _drawn(face)[0]


def _drawn(face: CertificateFace) -> tuple[bytes, Hashable]:
    """The file, and what kind of file it is; see `conformity`."""
    for text in face.texts():
        check(composed(text))
    places = LANDSCAPE if face.template.orientation == "landscape" else PORTRAIT
    common = "".join(composed(text) for text in (face.scheme_name, face.level_name, face.issuer_name))
    shell = _shell(face.template, common, seal_words(face), face.demonstration)
    page = Page(shell.fonts)
    draw_page(page, face, places)
    photo = look(face.photo).kind if face.template.photo and face.photo is not None else None
    fonts, attached = tuple(sorted(page.own)), face.credential is not None
    kind = (face.template, common, seal_words(face), face.demonstration, fonts, photo, attached)
    return _file(face, page, shell, places.size), kind


@lru_cache(maxsize=32)
def _shell(template: TemplateBody, common: str, seal_says: tuple[str, str], demonstration: bool) -> _Shell:
    size = (LANDSCAPE if template.orientation == "landscape" else PORTRAIT).size
    ground = background(size, SHADES[template.ornament], wording.WATERMARK if demonstration else "")
    words = "".join(text for _place, text in template.texts())
    labels = "".join(one.zh for one in template.fields)
    heavy = [template.title.zh, labels, *(one.zh for one in template.award), wording.in_bold_here()]
    wanted = {REGULAR: common + words + wording.in_regular(), BOLD: "".join(heavy)}
    packed = zlib.compress(f"/Artifact BMC\n{ground}\nEMC".encode("ascii"), 9)
    stamped = zlib.compress(seal(*seal_says, demonstration=demonstration).encode("ascii"), 9)
    return _Shell(packed, stamped, shared({font: composed(text) for font, text in wanted.items()}))


def _file(face: CertificateFace, page: Page, shell: _Shell, size: tuple[float, float]) -> bytes:
    file = File()
    root, tree, leaf = file.promise(), file.promise(), file.promise()
    fonts = {name: font(file, subset) for name, subset in page.subsets().items()}
    drawn = pictures(file, face, shell.seal)
    ground = file.stream(shell.ground, packed=True)
    content = file.stream(zlib.compress("\n".join(page.operators).encode("ascii"), QUICKLY), packed=True)
    _tree(file, page, tree, leaf)
    listed = " ".join(f"/{name} {number} 0 R" for name, number in fonts.items())
    file.put(
        leaf,
        f"<< /Type /Page /Parent {file.add(_pages(leaf))} 0 R /MediaBox [0 0 {size[0]:g} {size[1]:g}] "
        f"/StructParents 0 /Resources << /Font << {listed} >> /XObject << {drawn} >> >> "
        f"/Contents [{ground} 0 R {content} 0 R] /Tabs /S >>",
    )
    pages = len(file)
    said = _description(face)
    file.put(root, _catalogue(file, face, said, pages, tree))
    return file.written(root, file.add(said.info()))


def _pages(leaf: int) -> str:
    return f"<< /Type /Pages /Count 1 /Kids [{leaf} 0 R] >>"


def _catalogue(file: File, face: CertificateFace, said: Description, pages: int, tree: int) -> str:
    about = file.stream(said.xmp(), "/Type /Metadata /Subtype /XML", filtered=False)
    profile = file.stream(_profile(), "/N 3", packed=True)
    intent = file.add(
        f"<< /Type /OutputIntent /S /GTS_PDFA1 /OutputConditionIdentifier (sRGB) /Info (sRGB) "
        f"/DestOutputProfile {profile} 0 R >>"
    )
    return (
        f"<< /Type /Catalog /Pages {pages} 0 R /Lang (zh-CN) /MarkInfo << /Marked true >> /StructTreeRoot {tree} 0 R "
        f"/ViewerPreferences << /DisplayDocTitle true >> /Metadata {about} 0 R /OutputIntents [{intent} 0 R]"
        f"{attachment(file, face)} >>"
    )


def _tree(file: File, page: Page, tree: int, leaf: int) -> None:
    everyone = page.root.under()
    for one in everyone:
        one.number = file.promise()
    parents = {id(kid): one.number for one in everyone for kid in one.kids if not isinstance(kid, int)}
    for one in everyone:
        file.put(one.number, written(one, parents.get(id(one), tree), leaf))
    owners = " ".join(f"{one.number} 0 R" for one in page.owners)
    by_page = file.add(f"<< /Nums [0 [{owners}]] >>")
    file.put(
        tree,
        f"<< /Type /StructTreeRoot /K [{page.root.number} 0 R] /ParentTree {by_page} 0 R /ParentTreeNextKey 1 >>",
    )


def _description(face: CertificateFace) -> Description:
    return Description(
        title=f"{face.template.title.zh} {composed(face.holder_name)} {face.serial}",
        author=face.issuer_name,
        subject=f"{face.scheme_name} {face.level_name} ({face.scheme_code})",
        creator=wording.DEMONSTRATION_EN if face.demonstration else face.issuer_name,
        day=face.issued_on,
        conformance=face.template.conformance,
    )


@cache
def _profile() -> bytes:
    return zlib.compress(PROFILE.read_bytes(), 9)

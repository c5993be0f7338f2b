"""A certificate leaves the drawing only if it is sound PDF/A.

The full check walks every glyph and takes several times as long as the drawing. It is made of the first file of each
kind in a process: kind means the template, the house, the fonts that the name needs, the sort of photo. In the others
only text, photo and codes differ, in places where the first was found sound; of those, what may differ is looked at.
"""

from __future__ import annotations

from collections.abc import Hashable
from io import BytesIO

import pikepdf
from pikepdf import pdfa

from app.core.errors import N_, Refusal

_FOUND_SOUND: set[Hashable] = set()
_MOST_KINDS = 5_000


def findings(pdf: bytes, conformance: str) -> list[str]:
    """What is against PDF/A, or not known to be allowed; nothing if the file is sound."""
    report = pdfa.validate_written(BytesIO(pdf), conformance)
    return [] if report.passed else [f"{one.where}: {one.message}" for one in report.findings]


def faults(pdf: bytes, conformance: str) -> list[str]:
    """The quick look: that the file can be read back and says what makes it PDF/A."""
    try:
        with pikepdf.open(BytesIO(pdf), attempt_recovery=False) as opened:
            return _faults(opened, conformance)
    except (pikepdf.PdfError, KeyError, AttributeError, TypeError, ValueError) as problem:
        return [f"file: {problem}"]


def _faults(opened: pikepdf.Pdf, conformance: str) -> list[str]:
    root, about = opened.Root, opened.Root.Metadata.read_bytes().decode()
    page = opened.pages[0].obj
    fonts = [font.DescendantFonts[0].FontDescriptor for font in page.Resources.Font.values()]
    facts = {
        "catalog: the kind of PDF/A is not said": f"<pdfaid:part>{conformance[0]}</pdfaid:part>" in about,
        "catalog: no output intent": "/OutputIntents" in root,
        "catalog: not tagged": bool(root.MarkInfo.Marked) and "/StructTreeRoot" in root,
        "catalog: no language": "/Lang" in root,
        "catalog: not one page": len(opened.pages) == 1,
        "page: a font is not embedded": bool(fonts) and all("/FontFile2" in font for font in fonts),
        "page: something that acts": not {"/OpenAction", "/AA", "/AcroForm", "/OCProperties"} & set(root.keys()),
        "page: annotations": "/Annots" not in page,
    }
    return [fault for fault, fine in facts.items() if not fine]


def refuse_unfit(pdf: bytes, conformance: str, kind: Hashable) -> None:
    known = (conformance, kind) in _FOUND_SOUND
    found = faults(pdf, conformance) if known else findings(pdf, conformance)
    if not found:
        if len(_FOUND_SOUND) < _MOST_KINDS:
            _FOUND_SOUND.add((conformance, kind))
        return
    raise Refusal(
        "document_not_archivable",
        N_(
            "The certificate drawn would not be sound PDF/A-%(kind)s, so nothing was signed: %(first)s. "
            "Tell the operator; change the template or the photo if they are named."
        ),
        status=500,
        details={"findings": found[:20]},
        kind=conformance,
        first=found[0],
    )

"""Draws the record of a room: its content as values in, bytes out. The same values give the same bytes."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from io import BytesIO
from typing import Any
from zoneinfo import ZoneInfo

from reportlab.pdfgen.canvas import Canvas

from certificates.drawing.typefaces import REGULAR, drawable, one_document_at_a_time, opened
from certificates.drawing.typesetting import draw_line
from certificates.papers.record import sections, wording
from certificates.papers.record.layout import HEIGHT, MUTED, RED, WIDTH, Flow


@dataclass(frozen=True)
class RecordFace:
    """What the document shows; times are told in `zone`."""

    content: dict[str, Any]
    version: int
    sha256: str
    zone: ZoneInfo
    signatures: Sequence[tuple[str, datetime]] = ()
    missing: Sequence[str] = ()
    made_at: datetime | None = field(default=None)
    """Of the document; the last signature's moment if there is one."""


def draw(face: RecordFace) -> bytes:
    with one_document_at_a_time:
        opened(REGULAR)
        return _drawn(face, _laid_out(face))


def _laid_out(face: RecordFace) -> Flow:
    flow, words = Flow(), sections.Words(face.zone)
    content = face.content
    flow.centred(wording.TITLE, 19, bold=True)
    flow.centred(wording.TITLE_EN, 9, colour=MUTED)
    if content["demonstration"]:
        flow.centred(wording.DEMONSTRATION, 9, bold=True, colour=RED)
    if not face.signatures:
        flow.centred(wording.DRAFT, 9, bold=True, colour=RED)
    elif face.missing:
        flow.centred(wording.INCOMPLETE.format(names="、".join(face.missing)), 9, bold=True, colour=RED)
    flow.space(8)
    for section in sections.ALL:
        section(flow, content, words)
    _signatures(flow, face, words)
    return flow


def _signatures(flow: Flow, face: RecordFace, words: sections.Words) -> None:
    flow.heading(wording.SECTIONS["signatures"])
    flow.text(wording.SIGNED_NOTE, size=8, colour=MUTED)
    flow.space(3)
    rows = [(name, words.moment(at)) for name, at in face.signatures]
    rows += [(name, wording.NOT_SIGNED) for name in face.missing]
    flow.table(rows or [(wording.NONE, "")], (1, 1), wording.HEADS["signatures"])
    flow.table([(wording.FINGERPRINT, face.sha256)], (1, 3), labels=True)


def _drawn(face: RecordFace, flow: Flow) -> bytes:
    page, content = BytesIO(), face.content
    canvas = Canvas(page, (WIDTH, HEIGHT), pageCompression=1, invariant=1, initialFontName=REGULAR, lang="zh-CN")  # type: ignore[arg-type]
    canvas.setTitle(f"{wording.TITLE} {content['session']} {drawable(content['room'])} v{face.version}")
    canvas.setSubject(f"{wording.TITLE_EN}, session {content['session']}, version {face.version}, {face.sha256}")
    canvas.setViewerPreference("DisplayDocTitle", "true")
    at = max((one for _, one in face.signatures), default=face.made_at)
    if at is not None:
        canvas._doc._timeStamp.YMDhms = at.astimezone(face.zone).timetuple()[:6]  # type: ignore[attr-defined]
    for number, steps in enumerate(flow.pages, 1):
        for step in steps:
            step(canvas)
        canvas.setFillColorRGB(*MUTED)
        foot = wording.FOOT.format(
            session=content["session"], version=face.version, digest=face.sha256[:16], page=number,
            pages=len(flow.pages),
        )  # fmt: skip
        draw_line(canvas, WIDTH / 2, 34, foot, 7.5, align="centre")
        canvas.showPage()
    canvas.save()
    return page.getvalue()

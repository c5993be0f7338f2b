"""Draws a paper of the practical: values in, bytes out. The same values give the same bytes."""

from __future__ import annotations

from collections.abc import Sequence
from io import BytesIO

from reportlab.pdfgen.canvas import Canvas

from certificates.drawing.typefaces import REGULAR, drawable, one_document_at_a_time, opened
from certificates.drawing.typesetting import draw_line, fit_line
from certificates.papers.practical import wording
from certificates.papers.practical.paper import Block, Facts, Leaf, Lines, Paper, Room, Signatures, Slip, Table
from certificates.papers.record.layout import BOTTOM, HEIGHT, LEFT, MUTED, RED, RIGHT, RULE, TOP, WIDTH, Flow

SIGN_WIDTHS = (3, 3, 5, 3)


def draw(paper: Paper) -> bytes:
    with one_document_at_a_time:
        opened(REGULAR)
        flow = Flow()
        for number, leaf in enumerate(paper.leaves):
            if number:
                flow.pages.append([])
                flow.y = TOP
            _leaf(flow, paper, leaf)
        return _drawn(paper, flow)


def _leaf(flow: Flow, paper: Paper, leaf: Leaf) -> None:
    flow.centred(leaf.title or paper.title, 17, bold=True)
    flow.centred(paper.title_en, 9, colour=MUTED)
    if paper.demonstration:
        flow.centred(wording.DEMONSTRATION, 9, bold=True, colour=RED)
    if leaf.warning:
        flow.centred(leaf.warning, 10, bold=True, colour=RED)
    if leaf.lead:
        flow.space(2)
        flow.text(leaf.lead, size=8, colour=MUTED)
    flow.space(6)
    for block in leaf.blocks:
        if isinstance(block, Slip):
            _slip(flow, block)
        else:
            _block(flow, block)


def _block(flow: Flow, block: Block) -> None:
    match block:
        case Facts(pairs):
            if len(pairs) == 1:
                flow.table(pairs, (1, 3), labels=True)
                return
            whole = [*pairs, ("", "")] if len(pairs) % 2 else list(pairs)
            rows = [(*one, *two) for one, two in zip(whole[::2], whole[1::2], strict=True)]
            flow.table(rows, (4, 7, 4, 7), labels=True)
        case Table():
            _table(flow, block)
        case Lines(texts, title, size):
            _heading(flow, title)
            for text in texts or (wording.NONE,):
                flow.text(text, size=size)
            flow.space(4)
        case Room(title, lines):
            _heading(flow, title)
            flow.table([("\n" * (2 * lines),)], (1,))
        case Signatures(people, title):
            _heading(flow, title or wording.SIGNATURES)
            flow.table([(office, f"{name}\n\n", "", "") for office, name in people], SIGN_WIDTHS, wording.SIGN)


def _table(flow: Flow, block: Table) -> None:
    _heading(flow, block.title)
    if not block.rows:
        flow.text(wording.NONE)
        return
    rows: Sequence[Sequence[str]] = [(f"{row[0]}\n\n", *row[1:]) for row in block.rows] if block.high else block.rows
    flow.table(rows, block.widths, block.head)


def _heading(flow: Flow, title: str) -> None:
    if title:
        flow.heading(title)


def _slip(flow: Flow, slip: Slip) -> None:
    """Set aside first, to know how much of a page it needs."""
    aside = Flow()
    _slip_blocks(aside, slip)
    if len(aside.pages) == 1:
        flow.room(TOP - aside.y + 14)
    _slip_blocks(flow, slip)
    y = flow.y - 3
    flow.pages[-1].append(lambda canvas: _cut(canvas, y))
    flow.space(14)


def _slip_blocks(flow: Flow, slip: Slip) -> None:
    flow.text(slip.title, size=11, bold=True)
    flow.space(3)
    for block in slip.blocks:
        _block(flow, block)


def _cut(canvas: Canvas, y: float) -> None:
    canvas.saveState()
    canvas.setStrokeColorRGB(*RULE)
    canvas.setLineWidth(0.5)
    canvas.setDash(3, 4)
    canvas.line(LEFT, y, RIGHT, y)
    canvas.restoreState()


def _drawn(paper: Paper, flow: Flow) -> bytes:
    page = BytesIO()
    canvas = Canvas(page, (WIDTH, HEIGHT), pageCompression=1, invariant=1, initialFontName=REGULAR, lang="zh-CN")  # type: ignore[arg-type]
    canvas.setTitle(drawable(f"{paper.title} {paper.session}"))
    canvas.setSubject(paper.title_en)
    canvas.setViewerPreference("DisplayDocTitle", "true")
    for number, steps in enumerate(flow.pages, 1):
        for step in steps:
            step(canvas)
        canvas.setFillColorRGB(*MUTED)
        foot = drawable(
            wording.FOOT.format(title=paper.title, session=paper.session, page=number, pages=len(flow.pages))
        )
        set_line = fit_line(foot, RIGHT - LEFT, (7.5, 3))
        draw_line(canvas, WIDTH / 2, BOTTOM - 24, set_line.lines[0], set_line.size, font=set_line.font, align="centre")
        canvas.showPage()
    canvas.save()
    return page.getvalue()

"""Statistics of 10,000 papers from the shipped bank, beside plain stratified random ones, as a picture in docs/.

python -m benchmarks.draw_statistics [LEVEL] [PAPERS]
"""

from __future__ import annotations

import random
import sys
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from html import escape
from pathlib import Path

from app.schemes.scheme import scheme
from benchmarks.papers import SCHEME, ours, plain
from question_bank.bank_item import BankItem
from question_bank.blueprint import Blueprint, make_blueprint
from question_bank.drawing import Drawer
from question_bank.interchange import expand, read_files
from question_bank.item_types import ITEM_TYPES
from question_bank.pool_item import PoolItem

ROOT = Path(__file__).resolve().parent.parent
PAIRS = 50_000
WIDTH, PANEL, LEFT, TOP = 860, 150, 60, 70
FAIR, PLAIN, INK, FAINT = "#1d4f91", "#c8792b", "#222222", "#767676"
Counts = dict[int, int]


@dataclass(frozen=True)
class Panel:
    """Two histograms over the same steps; `step` in the unit that the axis names."""

    title: str
    axis: str
    step: float
    fair: Counts
    plain: Counts


@dataclass(frozen=True)
class Drawn:
    """What a way of drawing brought."""

    papers: list[frozenset[str]]
    scores: list[float]

    def exposure(self) -> list[float]:
        used = Counter(code for paper in self.papers for code in paper)
        return [100 * count / len(self.papers) for count in used.values()]

    def overlaps(self) -> list[int]:
        rng = random.Random(1)  # noqa: S311
        return [len(one & other) for one, other in (rng.sample(self.papers, 2) for _ in range(PAIRS))]


def shipped(level: str) -> list[PoolItem]:
    found = read_files(expand([str(ROOT / "question_bank" / "content" / level)]))
    return [_as_value(one.item, number) for number, one in enumerate(found)]


def _as_value(item: BankItem, number: int) -> PoolItem:
    options = tuple(ITEM_TYPES[item.type].option_ids(item.shown()))
    stimulus = item.stimulus.id if item.stimulus else ""
    return PoolItem(
        item.id, 1, number, item.type, item.row, item.content, item.difficulty, options, item.enemies, item.digest(),
        item.seconds, stimulus, tuple(item.key),
    )  # fmt: skip


def by_chance(blueprint: Blueprint, pool: Sequence[PoolItem], papers: int) -> Drawn:
    found = [
        (frozenset(item.id for item, _ in paper), sum(float(item.difficulty) * marks for item, marks in paper))
        for paper in plain(blueprint, list(pool), papers)
    ]
    return Drawn([codes for codes, _ in found], [score for _, score in found])


def fair(blueprint: Blueprint, pool: Sequence[PoolItem], papers: int) -> Drawn:
    found = [
        (frozenset(drawn.item.id for drawn in paper.items), paper.expected / 1000)
        for paper in ours(Drawer(blueprint, pool), papers)
    ]
    return Drawn([codes for codes, _ in found], [score for _, score in found])


def counted(values: Iterable[float], step: float) -> Counts:
    return Counter(int(value // step) for value in values)


def panels(one: Drawn, other: Drawn) -> list[Panel]:
    def panel(title: str, axis: str, step: float, ours: Iterable[float], theirs: Iterable[float]) -> Panel:
        return Panel(title, axis, step, counted(ours, step), counted(theirs, step))

    return [
        panel("Expected score of a paper", "marks", 0.25, one.scores, other.scores),
        panel("Share of the papers that an item stands on", "percent", 0.5, one.exposure(), other.exposure()),
        panel("Items that two papers share", "items of 90", 1, one.overlaps(), other.overlaps()),
    ]


def picture(title: str, found: Sequence[Panel]) -> str:
    height = TOP + len(found) * (PANEL + 70) + 10
    lines = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {height}" role="img" font-family="sans-serif">',
        f"<title>{escape(title)}</title>",
        f'<rect width="{WIDTH}" height="{height}" fill="#ffffff"/>',
        _text(LEFT, 26, title, 17),
        f'<rect x="{LEFT}" y="40" width="12" height="12" fill="{FAIR}"/>', _text(LEFT + 18, 51, "as drawn", 13),
        f'<rect x="{LEFT + 110}" y="40" width="12" height="12" fill="none" stroke="{PLAIN}" stroke-width="2"/>',
        _text(LEFT + 128, 51, "plain stratified random", 13),
        _text(WIDTH - LEFT, 51, "highest bar of each way as tall as the other's", 12, FAINT, "end"),
    ]  # fmt: skip
    for number, panel in enumerate(found):
        lines += _panel(panel, TOP + 20 + number * (PANEL + 70))
    return "\n".join([*lines, "</svg>"]) + "\n"


def _panel(panel: Panel, top: int) -> Iterator[str]:
    first, last = min(*panel.fair, *panel.plain), max(*panel.fair, *panel.plain) + 1
    wide = (WIDTH - 2 * LEFT) / (last - first)
    floor = top + PANEL
    yield _text(LEFT, top - 6, panel.title, 14)
    for counts, look in (
        (panel.fair, f'fill="{FAIR}"'),
        (panel.plain, f'fill="none" stroke="{PLAIN}" stroke-width="1.5"'),
    ):
        scale = (PANEL - 12) / max(counts.values())
        for step, count in sorted(counts.items()):
            tall, left, broad = count * scale, LEFT + (step - first) * wide, max(1, wide - 1)
            yield f'<rect x="{left:.1f}" y="{floor - tall:.1f}" width="{broad:.1f}" height="{tall:.1f}" {look}/>'
    yield f'<line x1="{LEFT}" x2="{WIDTH - LEFT}" y1="{floor}" y2="{floor}" stroke="{INK}"/>'
    every = max(1, (last - first) // 8)
    for step in range(first, last + 1, every):
        left = LEFT + (step - first) * wide
        yield _text(left, floor + 16, f"{step * panel.step:g}", 12, FAINT, "middle")
    yield _text(WIDTH - LEFT, floor + 34, panel.axis, 12, FAINT, "end")


def _text(left: float, base: float, words: str, size: int, colour: str = INK, anchor: str = "start") -> str:
    return (
        f'<text x="{left:.1f}" y="{base:.1f}" font-size="{size}" fill="{colour}" text-anchor="{anchor}">'
        f"{escape(words)}</text>"
    )


def main(level: str = "senior", papers: str = "10000") -> None:
    blueprint, pool = make_blueprint(scheme(SCHEME).level(level)), shipped(level)
    one, other = fair(blueprint, pool, int(papers)), by_chance(blueprint, pool, int(papers))
    title = f"{int(papers):,} papers of level {level} from the shipped bank of {len(pool)} items"
    target = ROOT / "docs" / "pictures" / "drawing.svg"
    target.write_text(picture(title, panels(one, other)), encoding="utf-8")
    print(title)
    for name, found in (("as drawn", one), ("plain", other)):
        exposure, overlaps = found.exposure(), found.overlaps()
        print(
            f"  {name:9} expected scores {max(found.scores) - min(found.scores):.2f} marks apart; an item on"
            f" {min(exposure):.1f} % to {max(exposure):.1f} % of the papers; two papers share"
            f" {sum(overlaps) / len(overlaps):.1f} items ({min(overlaps)} to {max(overlaps)})"
        )


if __name__ == "__main__":
    main(*sys.argv[1:])

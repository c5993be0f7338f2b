"""One page being written: text in marked and tagged pieces, in reading order, and pictures with words for them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from functools import lru_cache

from certificates.drawing.glyphs import Subset, source
from certificates.drawing.structure import Element, text_string
from certificates.drawing.typefaces import BOLD, REGULAR, Run, width
from certificates.drawing.typefaces import runs as runs_of
from certificates.drawing.typesetting import LEADING, Setting

CHINESE, ENGLISH = "zh-CN", "en"
Colour = tuple[float, float, float]
_STROKE = 0.016
"""Of the size: how much a character is thickened where the bold font has not all of a line."""


@lru_cache(maxsize=2_000)
def runs(text: str, font: str) -> tuple[Run, ...]:
    """Most texts of a certificate stand on every other one too."""
    return tuple(runs_of(text, font))


class Page:
    def __init__(self, kept: Mapping[str, Subset]) -> None:
        """`kept`: for each font the subset that many documents share; what it lacks goes into one of this document's
        own."""
        self.kept = kept
        self.own: dict[str, dict[str, int]] = {}
        self.operators: list[str] = []
        self.root = Element("Document", CHINESE)
        self._open = [self.root]
        self._owners: list[Element] = []

    @contextmanager
    def element(self, tag: str, lang: str = "", *, alt: str = "", more: str = "") -> Iterator[Element]:
        one = Element(tag, lang, alt, more)
        self._open[-1].kids.append(one)
        self._open.append(one)
        yield one
        self._open.pop()

    @property
    def owners(self) -> list[Element]:
        """Whose each piece of marked content is, by its number."""
        return self._owners

    def piece(self, operators: str, said: str = "") -> None:
        """Marked content of the open element; `said` where the letters on paper do not read as one text."""
        one, number = self._open[-1], len(self._owners)
        one.kids.append(number)
        self._owners.append(one)
        if said:  # readers look for it at a Span alone
            operators = f"/Span << /ActualText {text_string(said)} >> BDC\n{operators}\nEMC"
        self.operators.append(f"/{one.tag} << /MCID {number} >> BDC\n{operators}\nEMC")

    def ornament(self, operators: str) -> None:
        """Of no meaning to those who cannot see it."""
        self.operators.append(f"/Artifact BMC\n{operators}\nEMC")

    def text(
        self, tag: str, x: float, y: float, text: str, size: float, colour: Colour, *,
        font: str = REGULAR, spacing: float = 0, align: str = "left", lang: str = "",
    ) -> None:  # fmt: skip
        """One line at its baseline, as an element of its own; `align` says which point of it x is."""
        if not text:
            return
        with self.element(tag, lang):
            self.piece(self.line(x, y, text, size, colour, font, spacing, align), text if spacing else "")

    def setting(
        self, tag: str, x: float, bottom: float, one: Setting, colour: Colour, *,
        said: str = "", lang: str = "", align: str = "left",
    ) -> None:  # fmt: skip
        """All lines of a setting, the last at `bottom`."""
        above = len(one.lines) - 1
        lines = [
            self.line(x, bottom + (above - place) * one.size * LEADING, line, one.size, colour, one.font, 0, align)
            for place, line in enumerate(one.lines)
        ]
        with self.element(tag, lang):
            self.piece("\n".join(lines), said or (" ".join(one.lines) if above else ""))

    def line(
        self, x: float, y: float, text: str, size: float, colour: Colour,
        font: str = REGULAR, spacing: float = 0, align: str = "left",
    ) -> str:  # fmt: skip
        thick = font == BOLD and any(run.font != BOLD for run in runs(text, font))
        font = REGULAR if thick else font  # one hand for the whole line
        length = width(text, size, font) + spacing * max(len(text) - 1, 0)
        start = x - length * {"left": 0, "centre": 0.5, "right": 1}[align]
        shade = "{:g} {:g} {:g}".format(*colour)
        parts = [f"BT {shade} rg {start:.2f} {y:.2f} Td"]
        if spacing:
            parts.append(f"{spacing:g} Tc")
        if thick:
            parts.append(f"2 Tr {size * _STROKE:.2f} w {shade} RG")
        for run in runs(text, font):
            parts += [f"/{name} {size:.4g} Tf <{codes}> Tj" for name, codes in self._coded(run.font, run.text)]
        return " ".join([*parts, "0 Tr" if thick else "", "0 Tc ET" if spacing else "ET"])

    def _coded(self, font: str, text: str) -> list[tuple[str, str]]:
        """The text as glyph codes, split between the shared subset of the font and the document's own."""
        kept = self.kept[font].codes if font in self.kept else {}
        parts: list[tuple[str, str]] = []
        for character in text:
            if character in kept:
                name, code = f"K{font}", kept[character]
            else:
                own = self.own.setdefault(font, {})
                name, code = f"O{font}", own.setdefault(character, len(own) + 1)
            if parts and parts[-1][0] == name:
                parts[-1] = (name, f"{parts[-1][1]}{code:04X}")
            else:
                parts.append((name, f"{code:04X}"))
        return parts

    def subsets(self) -> dict[str, Subset]:
        """By the name under which the page calls each."""
        kept = {f"K{font}": subset for font, subset in self.kept.items()}
        return kept | {f"O{font}": Subset(font, tuple(codes)) for font, codes in self.own.items()}


def shared(texts: Mapping[str, str]) -> dict[str, Subset]:
    """For each font what these texts need of it; the keys say which font each would rather be in."""
    found: dict[str, set[str]] = {}
    for font, text in texts.items():
        for run in runs(text, font):
            found.setdefault(run.font, set()).update(run.text)
    return {font: Subset(font, tuple(sorted(characters))) for font, characters in found.items() if source(font)}

"""Which font draws which character, known without opening a font: the first line of coverage.txt that holds it."""

from __future__ import annotations

from bisect import bisect_right
from functools import cache, lru_cache

from app.core.errors import N_, Refusal
from app.core.names import point
from certificates.fonts import FOLDER

Held = tuple[list[int], list[int]]


@cache
def fonts() -> dict[str, Held]:
    """Font → first and last code points of its runs, in the order in which the fonts are asked."""
    found: dict[str, Held] = {}
    for line in (FOLDER / "coverage.txt").read_text("ascii").splitlines():
        name, *runs = line.split()
        ends = [run.split("-") for run in runs]
        found[name] = [int(one[0], 16) for one in ends], [int(one[-1], 16) for one in ends]
    return found


def holds(font: str, character: str) -> bool:
    first, last = fonts()[font]
    place = bisect_right(first, ord(character)) - 1
    return place >= 0 and ord(character) <= last[place]


@lru_cache(maxsize=20_000)
def font_of(character: str) -> str:
    """The font that draws it, or nothing."""
    return next((font for font in fonts() if holds(font, character)), "")


def glyph_missing(character: str) -> Refusal:
    return Refusal(
        "glyph_missing",
        N_(
            "No font of this system can draw the character %(character)s (%(point)s), so no certificate can show it. "
            "Check how the name is written, or have a font with this character added."
        ),
        character=character,
        point=point(character),
    )


def unprintable_in(name: str) -> list[Refusal]:
    """Why the name cannot be printed: each character that no font has."""
    return [glyph_missing(one) for one in dict.fromkeys(name) if not font_of(one)]

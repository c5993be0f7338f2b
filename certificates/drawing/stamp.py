"""The seal: a red ring with the body's name round a star. A drawing, as the words on the page say: what counts is the
digital signature."""

from __future__ import annotations

from collections.abc import Iterator
from functools import lru_cache
from math import cos, pi, radians, sin

from certificates.drawing.outlines import outline, placed

RED = "0.82 0.10 0.12"
RADIUS = 58.0
_ROOM = radians(252)
"""How far round the ring the name may go before its letters are narrowed."""
_HANDLE = 0.5523


@lru_cache(maxsize=32)
def seal(name: str, below: str, *, demonstration: bool) -> str:
    """Round the point 0 0."""
    parts = [f"q {RED} rg {RED} RG", f"3 w {circle(RADIUS)} S", *_round(name, demonstration), *_star(17.5)]
    if below:
        parts += _across(below, -31.5, 9.6, 62)
    if demonstration:
        parts += [f"0.7 w {circle(RADIUS - 4.6)} S", *_across("DEMONSTRATION", -42.5, 5.2, 54)]
    return "\n".join([*parts, "Q"])


def circle(radius: float) -> str:
    reach = radius * _HANDLE
    return (
        f"{radius:g} 0 m {radius:g} {reach:.3f} {reach:.3f} {radius:g} 0 {radius:g} c "
        f"{-reach:.3f} {radius:g} {-radius:g} {reach:.3f} {-radius:g} 0 c "
        f"{-radius:g} {-reach:.3f} {-reach:.3f} {-radius:g} 0 {-radius:g} c "
        f"{reach:.3f} {-radius:g} {radius:g} {-reach:.3f} {radius:g} 0 c h"
    )


def _round(name: str, demonstration: bool) -> Iterator[str]:
    """Letters upright on the ring, spread evenly; many of them are made narrower and then smaller."""
    size, line = 16.5, RADIUS - 20.5 - (2.5 if demonstration else 0)
    wide = [outline(character)[1] for character in name]
    middle = line + size * 0.4
    natural = sum(wide) * size
    gap = max(0.0, min(size * 0.62, (_ROOM * middle - natural * 0.86) / max(len(name) - 1, 1)))
    narrow = min(0.86, (_ROOM * middle - gap * max(len(name) - 1, 0)) / max(natural, 0.1))
    high = size
    if narrow < 0.55:
        size, high = size * max(narrow / 0.55, 0.2), size * max(narrow / 0.55, 0.5)
        narrow, gap = 0.55, 0.0
    angle = pi / 2 + (sum(wide) * size * narrow + gap * (len(name) - 1)) / middle / 2
    for character, width in zip(name, wide, strict=True):
        step = width * size * narrow / middle
        turn = angle - step / 2 - pi / 2
        start = -width * size * narrow / 2
        c, s = cos(turn), sin(turn)
        x, y = c * start - s * line, s * start + c * line
        yield placed(character, (c * size * narrow, s * size * narrow, -s * high, c * high, x, y), heavy=True)
        angle -= step + gap / middle


def _star(radius: float) -> Iterator[str]:
    points = [
        (cos(pi / 2 + corner * pi / 5) * reach, sin(pi / 2 + corner * pi / 5) * reach)
        for corner in range(10)
        for reach in (radius if corner % 2 == 0 else radius * 0.381966,)
    ]
    yield " ".join(f"{x:.3f} {y:.3f} {'l' if place else 'm'}" for place, (x, y) in enumerate(points)) + " h f"


def _across(text: str, y: float, size: float, room: float) -> Iterator[str]:
    wide = [outline(character)[1] * size for character in text]
    squeeze = min(1.0, room / sum(wide))
    x = -sum(wide) * squeeze / 2
    for character, width in zip(text, wide, strict=True):
        yield placed(character, (size * squeeze, 0, 0, size, x, y), heavy=size > 8)
        x += width * squeeze

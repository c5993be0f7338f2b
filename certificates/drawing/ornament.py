"""The engraved look: border, guilloche band and rosette, as page operators computed once."""

from __future__ import annotations

from collections.abc import Iterator
from functools import lru_cache
from math import cos, pi, sin

WIDTH, HEIGHT = 595.276, 841.89
GOLD = "0.62 0.49 0.24"
PALE_GOLD = "0.80 0.71 0.52"
GROUND = "0.955 0.935 0.885"
INSET = 26.0
BAND = 14.0
WAVE = 21.0
HANDLE = 0.3642  # of half a wave: the control point at which a cubic curve follows a sine best


@lru_cache(maxsize=1)
def background() -> str:
    """Everything behind the text."""
    return "\n".join(["q 1 J 1 j", *_rosette(WIDTH / 2, 402), *_band(), *_frames(), *_corners(), "Q"])


def _frames() -> Iterator[str]:
    """Two lines outside the band and two inside, the heavy one outermost."""
    inner = INSET + BAND + 2 * 4
    for inset, line in ((INSET, 2.2), (INSET + 3.2, 0.5), (inner, 0.5), (inner + 2.4, 0.9)):
        yield f"{GOLD} RG {line} w {inset:.2f} {inset:.2f} {WIDTH - 2 * inset:.2f} {HEIGHT - 2 * inset:.2f} re S"


def _band() -> Iterator[str]:
    """Interlaced waves along the four sides, built from one tile each so that they compress to almost nothing."""
    middle = INSET + 4 + BAND / 2
    yield f"{PALE_GOLD} RG 0.4 w"
    across, down = WIDTH - 2 * middle, HEIGHT - 2 * middle
    for turn, x, y, length in (
        ("1 0 0 1", middle, middle, across),
        ("1 0 0 1", middle, HEIGHT - middle, across),
        ("0 1 -1 0", middle, middle, down),
        ("0 1 -1 0", WIDTH - middle, middle, down),
    ):
        count = round(length / WAVE)
        step = length / count
        tile = _tile(step)
        yield f"q {turn} {x:.3f} {y:.3f} cm"
        for _ in range(count):
            yield f"{tile} 1 0 0 1 {step:.3f} 0 cm"
        yield "Q"


def _tile(length: float) -> str:
    """One wave of each strand: two opposed large ones and two opposed small ones, and a thread in the middle."""
    strands = [_wave(length, height) for height in (BAND / 2, -BAND / 2, BAND / 3.2, -BAND / 3.2, BAND / 7, -BAND / 7)]
    return " ".join([*strands, "S"])


def _wave(length: float, height: float) -> str:
    half, reach = length / 2, length / 2 * HANDLE
    tall = height * 4 / 3
    rise = f"0 0 m {reach:.2f} {tall:.2f} {half - reach:.2f} {tall:.2f} {half:.2f} 0 c"
    return f"{rise} {half + reach:.2f} {-tall:.2f} {length - reach:.2f} {-tall:.2f} {length:.2f} 0 c"


def _rosette(x: float, y: float) -> Iterator[str]:
    """Petalled rings turned against one another, faint enough to read across."""
    yield f"q 1 0 0 1 {x:.2f} {y:.2f} cm {GROUND} RG 0.5 w"
    for outer, inner, petals, turns in ((205.0, 128.0, 12, 10), (132.0, 66.0, 10, 9), (70.0, 18.0, 8, 8)):
        ring = _petals(outer, inner, petals)
        angle = 2 * pi / petals / turns
        turn = f"{cos(angle):.6f} {sin(angle):.6f} {-sin(angle):.6f} {cos(angle):.6f} 0 0 cm"
        for _ in range(turns):
            yield f"{ring} {turn}"
    yield "Q"


def _corners() -> Iterator[str]:
    """A small rosette on a white disc where two bands meet."""
    middle = INSET + 4 + BAND / 2
    ring = _petals(11.0, 3.2, 8)
    for x in (middle, WIDTH - middle):
        for y in (middle, HEIGHT - middle):
            yield f"q 1 0 0 1 {x:.2f} {y:.2f} cm 1 1 1 rg {_petals(13.0, 13.0, 8).removesuffix('S')} f"
            yield f"{GOLD} RG 0.45 w {_petals(13.0, 13.0, 8)} {ring}"
            yield f"0.923880 0.382683 -0.382683 0.923880 0 0 cm {ring} Q"


def _petals(outer: float, inner: float, count: int) -> str:
    """A closed line whose distance from the centre swings between outer and inner."""
    steps = count * 12
    points = []
    for step in range(steps):
        angle = 2 * pi * step / steps
        radius = (outer + inner) / 2 + (outer - inner) / 2 * cos(count * angle)
        points.append(f"{radius * cos(angle):.2f} {radius * sin(angle):.2f}")
    return f"{points[0]} m " + " ".join(f"{point} l" for point in points[1:]) + " h S"

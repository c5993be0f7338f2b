"""The engraved look: border, guilloche band and rosette, as page operators computed once."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from math import cos, pi, sin

from certificates.drawing.outlines import outline, placed
from certificates.drawing.typefaces import BOLD

A4 = (595.276, 841.89)
INSET = 26.0
BAND = 14.0
WAVE = 21.0
HANDLE = 0.3642  # of half a wave: the control point at which a cubic curve follows a sine best


@dataclass(frozen=True)
class Shades:
    """Of one hue: of lines, of the band, of what lies under the text."""

    line: str
    band: str
    ground: str

    @property
    def values(self) -> tuple[float, float, float]:
        red, green, blue = map(float, self.line.split())
        return red, green, blue


SHADES = {
    "gold": Shades("0.62 0.49 0.24", "0.80 0.71 0.52", "0.955 0.935 0.885"),
    "jade": Shades("0.25 0.47 0.37", "0.58 0.74 0.66", "0.900 0.945 0.920"),
    "azure": Shades("0.24 0.40 0.60", "0.60 0.71 0.84", "0.905 0.930 0.960"),
    "rose": Shades("0.63 0.30 0.30", "0.84 0.64 0.62", "0.965 0.920 0.915"),
}


@lru_cache(maxsize=16)
def background(size: tuple[float, float], shades: Shades, watermark: str = "") -> str:
    """Everything behind the text of a page of this size."""
    middle = (size[0] / 2, size[1] * 0.478)
    drawn = ["q 1 J 1 j", *_rosette(middle, min(size) / A4[0], shades), *_band(size, shades), *_frames(size, shades)]
    marked = _watermark(size, watermark) if watermark else ()
    return "\n".join([*drawn, *_corners(size, shades), *marked, "Q"])


def _frames(size: tuple[float, float], shades: Shades) -> Iterator[str]:
    """Two lines outside the band and two inside, the heavy one outermost."""
    inner = INSET + BAND + 2 * 4
    for inset, line in ((INSET, 2.2), (INSET + 3.2, 0.5), (inner, 0.5), (inner + 2.4, 0.9)):
        wide, high = size[0] - 2 * inset, size[1] - 2 * inset
        yield f"{shades.line} RG {line} w {inset:.2f} {inset:.2f} {wide:.2f} {high:.2f} re S"


def _band(size: tuple[float, float], shades: Shades) -> Iterator[str]:
    """Interlaced waves along the four sides, built from one tile each so that they compress to almost nothing."""
    middle, (wide, high) = INSET + 4 + BAND / 2, size
    yield f"{shades.band} RG 0.4 w"
    across, down = wide - 2 * middle, high - 2 * middle
    for turn, x, y, length in (
        ("1 0 0 1", middle, middle, across),
        ("1 0 0 1", middle, high - middle, across),
        ("0 1 -1 0", middle, middle, down),
        ("0 1 -1 0", wide - middle, middle, down),
    ):
        count = round(length / WAVE)
        step = length / count
        tile = _tile(step)
        for number in range(count):
            place = f"{x + step * number:.3f} {y:.3f}" if turn.startswith("1") else f"{x:.3f} {y + step * number:.3f}"
            yield f"q {turn} {place} cm {tile} Q"


def _tile(length: float) -> str:
    """One wave of each strand: two opposed large ones and two opposed small ones, and a thread in the middle."""
    strands = [_wave(length, height) for height in (BAND / 2, -BAND / 2, BAND / 3.2, -BAND / 3.2, BAND / 7, -BAND / 7)]
    return " ".join([*strands, "S"])


def _wave(length: float, height: float) -> str:
    half, reach = length / 2, length / 2 * HANDLE
    tall = height * 4 / 3
    rise = f"0 0 m {reach:.2f} {tall:.2f} {half - reach:.2f} {tall:.2f} {half:.2f} 0 c"
    return f"{rise} {half + reach:.2f} {-tall:.2f} {length - reach:.2f} {-tall:.2f} {length:.2f} 0 c"


def _rosette(middle: tuple[float, float], scale: float, shades: Shades) -> Iterator[str]:
    """Petalled rings turned against one another, faint enough to read across."""
    yield f"q {scale:.4f} 0 0 {scale:.4f} {middle[0]:.2f} {middle[1]:.2f} cm {shades.ground} RG 0.5 w"
    for outer, inner, petals, turns in ((205.0, 128.0, 12, 10), (132.0, 66.0, 10, 9), (70.0, 18.0, 8, 8)):
        ring = _petals(outer, inner, petals)
        for number in range(turns):
            angle = 2 * pi / petals / turns * number
            yield f"q {cos(angle):.6f} {sin(angle):.6f} {-sin(angle):.6f} {cos(angle):.6f} 0 0 cm {ring} Q"
    yield "Q"


def _corners(size: tuple[float, float], shades: Shades) -> Iterator[str]:
    """A small rosette on a white disc where two bands meet."""
    middle = INSET + 4 + BAND / 2
    ring = _petals(11.0, 3.2, 8)
    for x in (middle, size[0] - middle):
        for y in (middle, size[1] - middle):
            yield f"q 1 0 0 1 {x:.2f} {y:.2f} cm 1 1 1 rg {_petals(13.0, 13.0, 8).removesuffix('S')} f"
            yield f"{shades.line} RG 0.45 w {_petals(13.0, 13.0, 8)} {ring}"
            yield f"0.923880 0.382683 -0.382683 0.923880 0 0 cm {ring} Q"


def _watermark(size: tuple[float, float], text: str) -> Iterator[str]:
    """As outlines, so that whoever copies or hears the text is not interrupted by it."""
    letters = min(size) * 0.32
    wide = sum(outline(one, BOLD)[1] for one in text) * letters + letters * 0.2 * (len(text) - 1)
    c, s = cos(0.61), sin(0.61)
    yield f"q 0.975 0.92 0.915 rg {c:.5f} {s:.5f} {-s:.5f} {c:.5f} {size[0] / 2:.2f} {size[1] * 0.45:.2f} cm"
    x = -wide / 2
    for one in text:
        yield placed(one, (letters, 0, 0, letters, x, -letters * 0.32), BOLD)
        x += letters * (outline(one, BOLD)[1] + 0.2)
    yield "Q"


def _petals(outer: float, inner: float, count: int) -> str:
    """A closed line whose distance from the centre swings between outer and inner."""
    steps = count * 12
    points = []
    for step in range(steps):
        angle = 2 * pi * step / steps
        radius = (outer + inner) / 2 + (outer - inner) / 2 * cos(count * angle)
        points.append(f"{radius * cos(angle):.2f} {radius * sin(angle):.2f}")
    return f"{points[0]} m " + " ".join(f"{point} l" for point in points[1:]) + " h S"

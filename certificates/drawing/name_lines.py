"""A person's name in the largest letters that its box allows, broken only where a reader would break it."""

from __future__ import annotations

import re

from app.core.errors import Refusal
from app.core.name_characters import is_han
from certificates.drawing.typefaces import leading, width
from certificates.drawing.typesetting import LEADING, Setting, fit

MOST_LINES = 4
SMALL = 9.0
"""Below this a name is broken anywhere rather than shrunk any further."""
_PART = re.compile(r"[^ ·-]*[ ·-]*")


def fit_name(name: str, box: tuple[float, float], sizes: tuple[float, float]) -> Setting:
    """One line while it is not much smaller than the largest letters; else the lines that allow the largest."""
    settings = [_in_lines(name, count, box, sizes[0]) for count in range(1, MOST_LINES + 1)]
    best = max(settings, key=lambda one: (one.size, -len(one.lines)))
    chosen = settings[0] if settings[0].size >= 0.7 * sizes[0] else best
    if chosen.size >= min(SMALL, sizes[0]):
        return chosen
    try:
        anywhere = fit(name, box, sizes)
    except Refusal:
        if chosen.size < sizes[1]:
            raise
        return chosen
    return max(chosen, anywhere, key=lambda one: one.size)


def _in_lines(name: str, count: int, box: tuple[float, float], largest: float) -> Setting:
    """The parts of the name on at most so many lines, as even as they go."""
    font = leading(name)
    parts = _parts(name)
    lines = _evenly(parts, [width(part, 1, font) for part in parts], count)
    widest = max(width(line.rstrip(), 1, font) for line in lines)
    size = min(largest, box[0] / max(widest, 0.01), box[1] / (len(lines) * LEADING) if len(lines) > 1 else largest)
    return Setting(tuple(lines), size, font)


def _parts(name: str) -> list[str]:
    """Broken after a blank, dot or hyphen; a Chinese name without any, between its characters."""
    if not re.search("[ ·-]", name) and is_han(name[0]):
        return list(name)
    return [part for part in _PART.findall(name) if part]


def _evenly(parts: list[str], widths: list[float], count: int) -> list[str]:
    """The narrowest column that the parts fill in so many lines: tried at each width that a run of parts has."""
    sums = [sum(widths[:last]) for last in range(len(parts) + 1)]
    limits = sorted({last - first for place, last in enumerate(sums) for first in sums[:place]})
    low, high = 0, len(limits) - 1
    while low < high:
        middle = (low + high) // 2
        if len(_filled(parts, widths, limits[middle])) <= count:
            high = middle
        else:
            low = middle + 1
    return _filled(parts, widths, limits[low])


def _filled(parts: list[str], widths: list[float], limit: float) -> list[str]:
    lines, used = [""], 0.0
    for part, one in zip(parts, widths, strict=True):
        if used and used + one > limit + 1e-9:
            lines, used = [*lines, ""], 0.0
        lines[-1] += part
        used += one
    return lines

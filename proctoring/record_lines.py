"""How the acts of a record are read: what was done to many at once is one line. Values in, values out."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime, timedelta
from typing import Any

from proctoring.notices import runs

AT_ONCE = timedelta(seconds=2)
"""Lines of one act are written one after another."""


def together(interventions: Iterable[Mapping[str, Any]]) -> list[dict[str, Any]]:
    """In the order of time; `seats` tells the seats as runs from one to another."""
    lines: list[dict[str, Any]] = []
    newest: dict[tuple[Any, ...], dict[str, Any]] = {}
    for one in interventions:
        same = (one["what"], one["seconds"], one["reason"], one["by"])
        line = newest.get(same)
        if line is None or one["seat"] in line["seat"] or _moment(one) - _moment(line) > AT_ONCE:
            line = newest[same] = {**one, "seat": []}
            lines.append(line)
        line["seat"].append(one["seat"])
    return [{**line, "seats": runs(line["seat"])} for line in lines]


def told(seats: Iterable[tuple[int, int]], separator: str = "、") -> str:
    """`1-4、7`"""
    return separator.join(str(first) if first == last else f"{first}-{last}" for first, last in seats)


def _moment(one: Mapping[str, Any]) -> datetime:
    return datetime.fromisoformat(one["at"])

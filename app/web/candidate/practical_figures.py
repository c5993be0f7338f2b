"""How times of turns and recordings look, and the small pictures beside the tables of a report."""

from __future__ import annotations

from collections.abc import Mapping, MutableMapping
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Any

from flask_babel import format_datetime, gettext

from app.core import clock
from app.core.db import db
from app.models.tasks import SeatTask
from app.practical.scoring.forms import number
from app.practical.tasks import view as task_view

BAR, GAP, HEIGHT = 18, 6, 80


@dataclass(frozen=True)
class Bar:
    label: str
    value: str
    x: int
    y: str
    height: str
    width: int = BAR


@dataclass(frozen=True)
class Plot:
    title: str
    bars: tuple[Bar, ...]
    width: int
    zero: str


def add_filters(filters: MutableMapping[str, Any]) -> None:
    filters.update(task_hour=hour, task_second=second, task_plots=plots, task_seen=seen, task_who=who)


def seen(task: SeatTask) -> dict[str, Any]:
    """All that an examiner is shown of a task, for the panel `examiner/_task.html`."""
    return task_view.examiner_view(db.session(), task, clock.now())


def who(name: str) -> str:
    """Who speaks in a recording; content may say it in one word for all."""
    return str({"agent": gettext("Clerk"), "customer": gettext("Customer")}.get(name, name))


def hour(value: datetime | None) -> str:
    return format_datetime(value, "HH:mm") if value else "—"


def second(value: Any) -> str:
    """Minutes and seconds of a recording."""
    whole = int(Decimal(str(value)))
    return f"{whole // 60}:{whole % 60:02}"


def plots(table: Mapping[str, Any]) -> list[Plot]:
    """One for each column that holds nothing but numbers, where there is more than one row to compare."""
    rows, found = table["rows"], []
    for place, column in enumerate(table["columns"]):
        cells = [row[place] if place < len(row) else "" for row in rows]
        figures = [number(cell) for cell in cells]
        if place and len(rows) > 2 and all(one is not None for one in figures):
            labels = [str(row[0]) for row in rows]
            found.append(_plot(f"{table['title']} · {column}", labels, [one for one in figures if one is not None]))
    return found


def _plot(title: str, labels: list[str], figures: list[Decimal]) -> Plot:
    nothing = Decimal(0)
    top, bottom = max([nothing, *figures]), min([nothing, *figures])
    scale = HEIGHT / ((top - bottom) or Decimal(1))
    zero = 5 + top * scale
    bars = []
    for place, (label, one) in enumerate(zip(labels, figures, strict=True)):
        upper, height = min(zero, zero - one * scale), abs(one) * scale
        bars.append(Bar(label, f"{one:f}", place * (BAR + GAP) + GAP, f"{upper:.2f}", f"{height:.2f}"))
    return Plot(title, tuple(bars), len(bars) * (BAR + GAP) + GAP, f"{zero:.2f}")

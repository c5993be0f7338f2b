"""The timetable as rows of bars: one row for each place of a station, or for each examiner."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from app.models.registration import ExamSession
from app.models.stations import StationTurn
from app.practical.marking.standing import Standing
from app.schemes.scheme import scheme

PIXELS = 2
"""For each minute."""
LEAST_WIDTH = 14


@dataclass(frozen=True)
class Bar:
    x: int
    width: int
    seat: int
    name: str
    what: str
    begins: datetime
    ends: datetime
    attended: bool
    found: bool


@dataclass
class Row:
    label: str
    place: int = 0
    bars: list[Bar] = field(default_factory=list)


@dataclass(frozen=True)
class Grid:
    rows: Sequence[Row]
    width: int
    hours: Sequence[tuple[int, datetime]]
    """Where each full half hour stands."""


@dataclass(frozen=True)
class Block:
    """Turns of one candidate at one station without a break: the attended tasks, or one at a computer."""

    standing: Standing
    turns: tuple[StationTurn, ...]

    @property
    def begins(self) -> datetime:
        return self.turns[0].starts_at

    @property
    def ends(self) -> datetime:
        return self.turns[-1].starts_at + timedelta(minutes=self.turns[-1].minutes)


def grid(
    sitting: ExamSession, standings: Sequence[Standing], turns: Iterable[StationTurn], by: str, wanted: str
) -> Grid:
    attended = {task.id for task in scheme(sitting.scheme).level(sitting.level).practical.tasks if task.attended}
    blocks = list(_blocks(standings, turns, attended))
    rows: dict[tuple[str, int], Row] = {}
    last = max((block.ends for block in blocks), default=sitting.opens_at)
    for block in blocks:
        is_attended = block.turns[0].slot in attended
        if by == "examiner" and not is_attended:
            continue
        for label, place in _keys(block, by):
            row = rows.setdefault((label, place), Row(label, place))
            row.bars.append(_bar(sitting, block, wanted, is_attended))
    for row in rows.values():
        row.bars.sort(key=lambda bar: bar.x)
    shown = [rows[key] for key in sorted(rows, key=lambda key: (_order(blocks, key, by), key))]
    if wanted:
        shown = [row for row in shown if wanted in row.label.casefold() or any(bar.found for bar in row.bars)]
    width = _at(sitting, last) + 10
    halves = range(0, int((last - sitting.opens_at).total_seconds() // 60) + 1, 30)
    hours = [(minute * PIXELS, sitting.opens_at + timedelta(minutes=minute)) for minute in halves]
    return Grid(shown, width, hours)


def _blocks(standings: Sequence[Standing], turns: Iterable[StationTurn], attended: set[str]) -> Iterable[Block]:
    by_seat: dict[int, list[StationTurn]] = {}
    for turn in turns:
        by_seat.setdefault(turn.seat_id, []).append(turn)
    for one in standings:
        own = by_seat.get(one.seat.id, [])
        together = tuple(turn for turn in own if turn.slot in attended)
        if together:
            yield Block(one, together)
        yield from (Block(one, (turn,)) for turn in own if turn.slot not in attended)


def _keys(block: Block, by: str) -> list[tuple[str, int]]:
    if by == "examiner":
        return [
            (sheet.examiner.name, 0) for order, sheet in block.standing.sheets.items() if order in ("first", "second")
        ]
    turn = block.turns[0]
    return [(turn.station.name, turn.place if turn.station.places > 1 else 0)]


def _order(blocks: Sequence[Block], key: tuple[str, int], by: str) -> int:
    if by == "examiner":
        return 0
    return next((block.turns[0].station_id for block in blocks if block.turns[0].station.name == key[0]), 0)


def _bar(sitting: ExamSession, block: Block, wanted: str, attended: bool) -> Bar:
    seat = block.standing.seat
    name = seat.application.candidate.name
    x = _at(sitting, block.begins)
    found = bool(wanted) and (wanted == str(seat.number) or wanted in name.casefold())
    what = ", ".join(turn.slot for turn in block.turns)
    width = max(LEAST_WIDTH, _at(sitting, block.ends) - x)
    return Bar(x, width, seat.number, name, what, block.begins, block.ends, attended, found)


def _at(sitting: ExamSession, when: datetime) -> int:
    return int((when - sitting.opens_at).total_seconds() // 60) * PIXELS

"""A session as one process last saw it, brought up to date by reading only what has changed since.

Looking at ten thousand candidates takes a mark of each row from the database and the last sign of each from Redis;
whoever's mark, sign, incidents or signals are another is read anew and written down as JSON, ready to be sent. What
passes with the time alone is put in when a view is drawn. Some are read anew in turn at each look in any case, for what
stands in rows that the marks do not cover (a corrected name).
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from threading import Lock
from typing import Any

from flask import current_app
from sqlalchemy import Row
from sqlalchemy.orm import Session

from app.delivery.closing import RUNNING
from app.models.exam import AttemptState
from app.models.registration import ExamSession, SessionState
from app.schemes.scheme import scheme as scheme_of
from proctoring import attention, board_rows
from proctoring.answer_counts import answer_counts
from proctoring.board_places import Known, place_of
from proctoring.board_rows import Mark
from proctoring.board_shapes import BoardPlace
from proctoring.presence import Presence, Sign
from proctoring.views import View

TURNS = 30
"""Looks in which everybody is read anew once."""
MOST_KEPT = 200_000
"""Seats of all sessions that one process keeps; beyond that it begins again."""
_PASSING = {"time_left_seconds", "last_sign_at", "seconds_since_sign"}


@dataclass(slots=True)
class Entry:
    """One seat as it goes over the line: `lasting` is its JSON, still open, without what passes with the time."""

    seat: int
    mark: str
    noted: Row[Any] | None
    written: str | None
    sign: Sign | None
    state: str
    reason: str
    urgency: int
    silent: bool
    running: bool
    in_progress: bool
    ends: float | None
    """When the time is over, in seconds of the epoch; by the clock that stands still, during a pause."""
    stands: float | None
    last: float
    told: str
    """The last sign as JSON."""
    lasting: str

    def heard(self, written: str) -> bool:
        """Takes a new sign of life; whether it tells anything but that it came."""
        before, sign = self.sign, Sign.read(written)
        self.written, self.sign = written, sign
        if sign.at.timestamp() > self.last:
            self.last, self.told = sign.at.timestamp(), _json(sign.at)
        return before is None or (before.waiting, before.lag) != (sign.waiting, sign.lag)

    def shown(self, now: float) -> str:
        left: int | str = "null"
        since: int | str = "null"
        if self.running:
            if self.ends is not None:
                left = max(0, int(self.ends - (self.stands or now)))
            if self.last:
                since = max(0, int(now - self.last))
        return f'{self.lasting},"time_left_seconds":{left},"last_sign_at":{self.told},"seconds_since_sign":{since}}}'


class Live:
    """One session in one process."""

    def __init__(self) -> None:
        self.lock = Lock()
        self._entries: dict[int, Entry] = {}
        self._alike: tuple[Any, ...] = ()
        self._known = True
        self._signal: int | None = None
        self._turn = 0

    def __len__(self) -> int:
        return len(self._entries)

    def look(
        self, session: Session, exam: ExamSession, present: Presence, now: datetime, portions: Sequence[View]
    ) -> Iterator[tuple[list[Entry], bool]]:
        """The entries of each portion in the order of their seats, and whether signs of life are known."""
        self._turn += 1
        if self._alike != (alike := (exam.state, exam.scheme, exam.level)):
            self._entries, self._alike = {}, alike
        seen = set[int]()
        noted = board_rows.incidents(session, exam.id)
        self._signal, signalled = board_rows.signalled(session, self._signal)
        for portion in portions:
            rows = board_rows.marks(session, exam.id, portion)
            signs = present.written([attempt for _, _, attempt, state, _ in rows if attempt and state in RUNNING])
            if self._known != (signs is not None):
                self._entries, self._known = {}, signs is not None
            told = _Told(exam, now, noted, signalled, signs)
            self._read_anew(session, list(self._changed(rows, told)), {row[1]: row for row in rows}, told)
            numbers = [row[1] for row in rows]
            seen.update(numbers)
            yield [self._entries[number] for number in numbers if number in self._entries], signs is not None
        for gone in self._entries.keys() - seen:
            del self._entries[gone]

    def _changed(self, rows: Sequence[Mark], told: _Told) -> Iterator[int]:
        """Whom to read anew. A sign that says nothing new is taken in passing."""
        signs, noted, turn = told.signs or {}, told.noted, self._turn % TURNS
        quiet = (told.now - attention.SILENT_AFTER).timestamp() if told.signs is not None else float("-inf")
        for seat_id, number, attempt, _state, mark in rows:
            entry = self._entries.get(number)
            if entry is None or entry.mark != mark or number % TURNS == turn or attempt in told.signalled:
                yield number
                continue
            written = signs.get(attempt) or entry.written
            told_more = written != entry.written and written is not None and entry.heard(written)
            fell_silent_or_back = entry.silent != (entry.in_progress and entry.last < quiet)
            if told_more or fell_silent_or_back or entry.noted != noted.get(seat_id):
                yield number

    def _read_anew(self, session: Session, numbers: Sequence[int], marked: Mapping[int, Mark], told: _Told) -> None:
        rows = board_rows.these(session, told.exam.id, numbers)
        begun = [(a.attempt, (a.last_seq, a.started_at)) for _, a in rows if a.started_at is not None]
        written = told.signs or {}
        signs = {a.attempt: Sign.read(written[a.attempt]) for _, a in rows if a.attempt in written}
        known = Known(
            exam_open=told.exam.state == SessionState.OPEN, now=told.now,
            items=scheme_of(told.exam.scheme).level(told.exam.level).theory.paper.items(),
            answers=answer_counts().of(session, begun), incidents=told.noted,
            signals=board_rows.signals(session, [one for one, _ in begun]),
            signs=None if told.signs is None else signs,
        )  # fmt: skip
        for seat, attempt in rows:
            place = place_of(seat, attempt, known)
            _, number, standing, _, mark = marked[seat.number]
            noted, sign = told.noted.get(seat.seat_id), written.get(standing)
            self._entries[number] = _entry(place, attempt.state, mark, noted, sign)


@dataclass(frozen=True)
class _Told:
    """What one look knows beside the rows themselves."""

    exam: ExamSession
    now: datetime
    noted: Mapping[int, Row[Any]]
    signalled: set[int]
    signs: Mapping[Any, str] | None


def live(session_id: int) -> Live:
    """That of the running application; those of other sessions are let go when they become too many."""
    kept: dict[int, Live] = current_app.extensions.setdefault("boards_live", {})
    if sum(map(len, kept.values())) > MOST_KEPT:
        kept.clear()
    return kept.setdefault(session_id, Live())


def _entry(place: BoardPlace, state: str | None, mark: str, noted: Row[Any] | None, written: str | None) -> Entry:
    reasons = place.attention
    return Entry(
        place.seat, mark, noted, written, Sign.read(written) if written else None, place.state or "unprepared",
        reasons[0] if reasons else "", attention.urgency(reasons), attention.SILENT in reasons,
        state in RUNNING, state == AttemptState.IN_PROGRESS, _epoch(place.deadline), _epoch(place.paused_at),
        _epoch(place.last_sign_at) or 0.0, _json(place.last_sign_at),
        place.model_dump_json(exclude=_PASSING).removesuffix("}"),
    )  # fmt: skip


def _epoch(moment: datetime | None) -> float | None:
    return moment.timestamp() if moment else None


def _json(moment: datetime | None) -> str:
    return f'"{moment.astimezone(UTC).isoformat().replace("+00:00", "Z")}"' if moment else "null"

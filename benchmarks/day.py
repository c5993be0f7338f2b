"""An exam day in ninety seconds: the herd, saves with a burst, a third of the rooms cut off and back at once, the rush.

Open loop: every request has its moment, and waiting counts from then, whatever became of those before. Time runs ten
times as fast, so each candidate saves every four seconds; at the end SQL of its own compares what was acknowledged
with what is stored.

python -m benchmarks.day [CANDIDATES]
"""

from __future__ import annotations

import json
import random
import sys
from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import psycopg
from sqlalchemy import make_url

from app.config import Settings
from benchmarks import herd, load, sitting
from benchmarks.herd import Person
from benchmarks.memory import working
from benchmarks.starts import get, tickets
from benchmarks.store import Store, prepared

CANDIDATES, CONNECTIONS = 1000, 256
SAVE_EVERY, SILENT = 4.0, (1.5, 2.0)
"""Between two answers of one candidate; after so long a silence comes a sign of life."""
DOORS, BURST, CUT, BACK, RUSH, OVER = 8.0, 25.0, 30.0, 36.0, 45.0, 60.0
"""Seconds: the button, an announcement after which everybody answers, the cut and its end, the last minutes."""
LIMITS = {"save": 200.0, "burst": 200.0, "storm": 200.0, "rush": 200.0, "sign of life": 200.0}
"""Milliseconds at p99."""
ORDER = ("log-in", "lobby", "start", "save", "sign of life", "burst", "storm", "rush", "hand in")

Papers = Mapping[int, Sequence[Sequence[str]]]


@dataclass
class Day:
    """What everybody waited, by what for, and how the hall is divided."""

    papers: Papers
    rng: random.Random
    waits: dict[str, list[float]] = field(default_factory=lambda: defaultdict(list))
    first: dict[str, float] = field(default_factory=dict)
    last: dict[str, float] = field(default_factory=dict)

    def heard(self, what: str, due: float, now: float) -> None:
        self.waits[what].append(now - due)
        self.first.setdefault(what, due)
        self.last[what] = now


class Candidate:
    """One who sits: what they answered, and how far the server has acknowledged it."""

    def __init__(self, day: Day, attempt: int, typed: Mapping[str, str], *, cut_off: bool) -> None:
        self.day, self.attempt, self.cut_off = day, attempt, cut_off
        self.what, self.token, self.client = "log-in", "", ""
        self.seq = self.sent = self.acked = 0
        self.standing: dict[int, list[str]] = {}
        self.kept: list[dict[str, Any]] = []
        self.next_answer = 0.0
        self.leaves = RUSH + day.rng.random() * (OVER - RUSH)
        self.person = Person(self.then, load.post("/api/v1/admissions", json.dumps(dict(typed)).encode()))
        self.person.due = day.rng.random() * 2

    def then(self, one: Person, answer: dict[str, Any], now: float) -> tuple[float, bytes] | None:
        self.day.heard(self.what, one.due, now)
        if self.what == "hand in":
            return None
        if "acked" in answer:
            self.acked = answer["acked"]
            return self._goes_on(one.due)
        if answer.get("paper"):
            self.token, self.client = answer["token"], answer["client"]
            self.next_answer = now + self.day.rng.random() * SAVE_EVERY
            return self._goes_on(now)
        self.token = answer.get("token", self.token)
        if answer.get("may_start"):
            self.what = "start"
            return now + self.day.rng.random() * answer["spread"], sitting.start_request(self.attempt, self.token)
        again = answer.get("again", 0.0) * (0.5 + self.day.rng.random())
        self.what = "lobby"
        return now + again, get(f"/api/v1/attempts/{self.attempt}/lobby", self.token)

    def _goes_on(self, since: float) -> tuple[float, bytes]:
        """The next moment after `since` at which something is sent, as planned and not as answered."""
        rng = self.day.rng
        silence = since + rng.uniform(*SILENT)
        if self.cut_off and CUT <= silence < BACK:
            silence = OVER
        while True:
            moment = self.next_answer
            if self.leaves < min(moment, silence):
                return self._hands_in(max(since, self.leaves))
            if silence < moment:
                self.what = "sign of life"
                return silence, self._changes([])
            self.kept.append(self._answer())
            every = SAVE_EVERY / (2 if moment > RUSH else 1)
            self.next_answer = moment + rng.expovariate(1 / every)
            if moment < BURST < self.next_answer:
                self.next_answer = BURST + rng.random()
            if not (self.cut_off and CUT <= moment < BACK):
                break
        back = self.cut_off and len(self.kept) > 1
        moment = BACK + rng.random() * 2 if back else moment
        self.what = "storm" if back else "burst" if BURST <= moment < BURST + 1 else "rush" if moment > RUSH else "save"
        sent, self.kept = self.kept, []
        return max(since, moment), self._changes(sent)

    def _answer(self) -> dict[str, Any]:
        self.seq += 1
        options = self.day.papers[self.attempt]
        position = self.day.rng.randrange(len(options)) + 1
        self.standing[position] = [self.day.rng.choice(options[position - 1])]
        return {"seq": self.seq, "position": position, "answer": self.standing[position]}

    def _changes(self, changes: list[dict[str, Any]]) -> bytes:
        body = json.dumps({"client": self.client, "changes": changes}).encode()
        return load.post(f"/api/v1/attempts/{self.attempt}/changes", body, self.token)

    def _hands_in(self, moment: float) -> tuple[float, bytes]:
        self.what = "hand in"
        body = json.dumps({"client": self.client}).encode()
        return moment, load.post(f"/api/v1/attempts/{self.attempt}/submit", body, self.token)


def measure(store: Store, most: int = CANDIDATES) -> None:
    rng, typed = random.Random(6), tickets(store)  # noqa: S311 - who answers what
    some = sorted(typed)[-most:]
    with psycopg.connect(address(store), autocommit=True) as link:
        day = Day(_papers(link, some), rng)
        people = [Candidate(day, one, typed[one], cut_off=place % 3 == 0) for place, one in enumerate(some)]
        link.execute("UPDATE exam_session SET hold_minutes = 0")
        link.execute(
            "INSERT INTO session_room (session_id, name, first_seat, last_seat)"
            " SELECT s.session_id, 'day', min(s.number), max(s.number) FROM seat s JOIN attempt a ON a.seat_id = s.id"
            " WHERE a.id = ANY(%s) GROUP BY s.session_id", (some,)
        )  # fmt: skip
        with store.serving("wsgi:app") as port, working(store):
            seconds = herd.run(port, [one.person for one in people], CONNECTIONS, _button(link))
        print(f"the day: {len(people):,} candidates, each answer after {SAVE_EVERY:g} s, {seconds:.0f} s, none refused")
        told(day.waits, {name: day.last[name] - day.first[name] for name in day.first})
        _check(link, people)


def told(waits: Mapping[str, list[float]], seconds: Mapping[str, float]) -> None:
    for what in (name for name in ORDER if waits.get(name)):
        ordered = sorted(1000 * one for one in waits[what])
        p50, p95, p99 = (ordered[min(len(ordered) - 1, int(len(ordered) * share))] for share in (0.5, 0.95, 0.99))
        limit = f"   (limit for p99 {LIMITS[what]:g} ms)" if what in LIMITS else ""
        print(
            f"  {what:13} {len(ordered):7,} asked and answered, {len(ordered) / max(seconds[what], 1):6,.0f}/s"
            f"   p50 {p50:6.1f}   p95 {p95:6.1f}   p99 {p99:6.1f}   longest {ordered[-1]:6.0f} ms{limit}"
        )


def address(store: Store) -> str:
    url = make_url(Settings.from_env(store.env).database_url).set(drivername="postgresql")
    return url.render_as_string(hide_password=False)


def _papers(link: psycopg.Connection[Any], attempts: Sequence[int]) -> Papers:
    rows = link.execute(
        "SELECT a.id, p.items FROM attempt a JOIN paper p ON p.id = a.paper_id WHERE a.id = ANY(%s)", (list(attempts),)
    )
    return {attempt: [entry["options"] for entry in items] for attempt, items in rows}


def _button(link: psycopg.Connection[Any]) -> Callable[[float], None]:
    pressed = list[float]()

    def beat(now: float) -> None:
        if now > DOORS and not pressed:
            pressed.append(now)
            link.execute("UPDATE session_room SET opened_at = clock_timestamp()")

    return beat


def _check(link: psycopg.Connection[Any], people: Sequence[Candidate]) -> None:
    """Every acknowledged change is there once, the last one of each position stands, everybody has handed in."""
    by_attempt = {one.attempt: one for one in people}
    told = {one.attempt: (one.acked, one.acked, one.acked) for one in people}
    counts = link.execute(
        "SELECT a.id, count(c.seq), count(DISTINCT c.seq), coalesce(max(c.seq), 0)"
        " FROM attempt a LEFT JOIN attempt_change c ON c.attempt_id = a.id WHERE a.id = ANY(%s) GROUP BY a.id",
        (list(by_attempt),),
    ).fetchall()
    wrong = [one[0] for one in counts if one[1:] != told[one[0]]]
    standing: dict[int, dict[int, list[str]]] = defaultdict(dict)
    for attempt, position, answer in link.execute(
        "SELECT attempt_id, position, answer FROM response WHERE attempt_id = ANY(%s)", (list(by_attempt),)
    ):
        standing[attempt][position] = answer
    wrong += [one.attempt for one in people if one.acked == one.seq and standing[one.attempt] != one.standing]
    open_ones = link.execute(
        "SELECT count(*) FROM attempt WHERE id = ANY(%s) AND state IN ('prepared', 'in_progress', 'paused')",
        (list(by_attempt),),
    ).fetchone()
    acknowledged = sum(one.acked for one in people)
    print(f"  {acknowledged:,} changes acknowledged; attempts with one lost, doubled or other: {len(wrong)}")
    if wrong or open_ones != (0,):
        sys.exit(f"what is stored is not what was acknowledged: {wrong[:5]}, still open: {open_ones}")


def main(candidates: float = CANDIDATES) -> None:
    with prepared(int(candidates)) as store:
        measure(store, int(candidates))


if __name__ == "__main__":
    main(*map(float, sys.argv[1:]))

"""One run: stores, two web hosts, waves of candidates, faults at random moments, and the check at the end."""

from __future__ import annotations

import json
import random
import shutil
import tempfile
import time
from collections import Counter
from collections.abc import Sequence
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

import psycopg

from tests.faults import checker, journal
from tests.faults.candidates import Candidate
from tests.faults.faults import FAULTS, Arena, possible
from tests.faults.hosts import SECRET, Host, flask, wait_until
from tests.faults.network import namespace
from tests.faults.say import tell
from tests.faults.stores import Stores

RECOVERS_WITHIN = 180.0
CLOSES_WITHIN = 180.0
MANY = 24
"""Among so many candidates each way to end is taken by some."""


@dataclass
class Outcome:
    seed: int
    faults: Counter[str] = field(default_factory=Counter)
    recovery: dict[str, list[tuple[float, float]]] = field(default_factory=dict)
    left_out: dict[str, str] = field(default_factory=dict)
    counts: Counter[str] = field(default_factory=Counter)
    problems: list[str] = field(default_factory=list)

    def told(self) -> str:
        lines = [f"changes acknowledged {self.counts['acknowledged']}, lost {self.counts['lost']}"]
        lines += [", ".join(f"{name} {count}" for name, count in sorted(self.counts.items()))]
        lines += [f"faults injected {sum(self.faults.values())} (seed {self.seed}); seconds from the end of the fault:"]
        lines += [f"{'':<28}times   saving again   everything back   (median, longest)"]
        for name in sorted(self.faults):
            both = [_middle_and_longest(times) for times in zip(*self.recovery.get(name, []), strict=True)]
            lines.append(f"  {name:<26}{self.faults[name]:>5}   {'      '.join(both)}")
        lines += [f"  left out: {name}: {why}" for name, why in self.left_out.items()]
        lines += [f"  PROBLEM {problem}" for problem in self.problems]
        return "\n".join(lines)


def _middle_and_longest(times: Sequence[float]) -> str:
    ordered = sorted(times)
    return f"{ordered[len(ordered) // 2]:5.1f} {ordered[-1]:5.1f}"


class Run:
    def __init__(self, seed: int, *, candidates: int, hosts: int, pace: float, workers: int = 2) -> None:
        self.outcome = Outcome(seed)
        self._candidates, self._pace = candidates, pace
        self._chance = random.Random(seed)  # noqa: S311  (to be repeated, not to be secret)
        self._logs = Path(tempfile.mkdtemp(prefix="exam-faults-logs-"))
        self._stores = Stores()
        self._hosts: list[Host] = []
        self._journals: list[journal.Journal] = []
        self._waiting: list[str] = []
        """Faults that have not had their turn yet: each comes once before any comes twice."""
        try:
            self._flask("db", "upgrade")
            self._flask("bank", "import", "question_bank/content/junior")
            for number in range(1, hosts + 1):
                self._hosts.append(Host(f"host{number}", self._stores, self._logs, namespace(number), workers))
            wait_until(lambda: all(host.ready() for host in self._hosts), RECOVERS_WITHIN, "every host ready")
        except BaseException:
            self.outcome.problems.append("the run did not begin")
            self.close()
            raise
        self._arena = Arena(self._stores, self._hosts, self._chance)

    def wave(self, seconds: float, names: Sequence[str] | None = None) -> None:
        """A session that ends by itself after about `seconds`, with faults all through, as long as anybody sits."""
        everything, self.outcome.left_out = possible(self._stores)
        people = self._people()
        for person in people:
            person.start()
        wait_until(lambda: all(one.started.is_set() for one in people), RECOVERS_WITHIN, "every candidate started")
        self._set_deadlines(seconds)
        for person in people:
            person.ends_at = time.monotonic() + seconds * self._chance.uniform(0.3, 0.7)
        chosen = [name for name in everything if names is None or name in names]
        while any(not one.over.is_set() for one in people):
            self._waiting = self._waiting or self._chance.sample(chosen, len(chosen))
            self._break(self._waiting.pop(), people)
        wait_until(
            lambda: all(one.over.is_set() for one in people), CLOSES_WITHIN, "every candidate told that it is over"
        )
        for person in people:
            person.join(30)
        self._await_closed()

    def check(self) -> Outcome:
        kept = self._logs / "journal.jsonl"
        journal.write(kept, self._journals)
        found = checker.check(self._stores.direct, SECRET, journal.read(kept))
        self.outcome.counts.update(found.counts)
        self.outcome.problems += found.problems
        for one in self._journals:
            told = asdict(one)
            self.outcome.counts.update({name: told[name] for name in ("replays", "takeovers", "failures")})
        for wanted in ("handed in", "vanished"):
            if self.outcome.counts["attempts"] >= MANY and not self.outcome.counts[wanted]:
                self.outcome.problems.append(f"nobody {wanted}: nothing is known about that")
        return self.outcome

    def close(self) -> None:
        for host in self._hosts:
            host.close()
        self._stores.close()
        if self.outcome.problems:
            tell(f"the logs and the journal are kept in {self._logs}")
        else:
            shutil.rmtree(self._logs, ignore_errors=True)

    def _people(self) -> list[Candidate]:
        asked = ["--scheme", "PTS152010301-01", "--level", "junior", "--candidates", str(self._candidates)]
        made = json.loads(self._flask("demo", "create", *asked, "--proctors", "1", "--examiners", "2", "--json"))
        addresses = [host.address for host in self._hosts]
        people = []
        for place, person in enumerate(made["candidates"]):
            order = addresses[place % len(addresses) :] + addresses[: place % len(addresses)]
            people.append(Candidate(person, order, self._chance.randrange(2**32), self._pace))
        self._journals += [one.journal for one in people]
        return people

    def _set_deadlines(self, seconds: float) -> None:
        """Spread over the last third, so that faults meet candidates in their last seconds."""
        with psycopg.connect(self._stores.direct, autocommit=True) as link:
            for one in self._journals[-self._candidates :]:
                link.execute(
                    "UPDATE attempt SET deadline = clock_timestamp() + make_interval(secs => %s) WHERE id = %s",
                    [seconds * self._chance.uniform(0.67, 1.0), one.attempt],
                )

    def _break(self, name: str, people: list[Candidate]) -> None:
        self._arena.wait(0.3, 1.5)
        FAULTS[name](self._arena)
        for host in self._hosts:
            host.heal()
        healed = time.monotonic()
        self.outcome.faults[name] += 1
        wait_until(lambda: _heard_since(healed, people), RECOVERS_WITHIN, f"saving again after {name}")
        saving = time.monotonic() - healed
        wait_until(lambda: all(host.ready() for host in self._hosts), RECOVERS_WITHIN, f"every host back after {name}")
        whole = time.monotonic() - healed
        self.outcome.recovery.setdefault(name, []).append((saving, whole))
        tell(f"{name:<24} saving again after {saving:5.1f} s, everything back after {whole:5.1f} s")

    def _await_closed(self) -> None:
        """By the workers alone: nobody touches these attempts any more."""
        with psycopg.connect(self._stores.direct, autocommit=True) as link:
            open_ones = "SELECT count(*) FROM attempt WHERE state IN ('in_progress', 'paused', 'submitted', 'expired')"
            unsealed = "SELECT (SELECT count(*) FROM audit_line) - (SELECT count(*) FROM audit_seal)"
            wait_until(lambda: _number(link, open_ones) == 0, CLOSES_WITHIN, "every attempt closed and marked")
            wait_until(lambda: _number(link, unsealed) == 0, CLOSES_WITHIN, "every audit line chained")

    def _flask(self, *arguments: str) -> str:
        return flask(self._stores.direct, self._stores.redis_socket, self._logs, *arguments)


def _heard_since(moment: float, people: list[Candidate]) -> bool:
    """Somebody's change was stored by a request made since; true at the end, when nobody is left to ask."""
    left = [one for one in people if not one.over.is_set()]
    return not left or any(one.journal.last_ack_began > moment for one in left)


def _number(link: Any, query: str) -> int:
    return int(link.execute(query).fetchone()[0])

"""The start: from ticket log-in to the first question while others save; a lobby when the button is pressed; the page.

python -m benchmarks.starts [HERD] [LOBBY] [SECONDS IN WHICH THE LOBBY FETCHES ITS SEALED PAPERS]
"""

from __future__ import annotations

import json
import multiprocessing
import random
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import psycopg
from sqlalchemy import make_url, select

from app.config import Settings
from app.core.db import db
from app.factory import create_app
from app.models.exam import Attempt
from app.registration import admission, admission_code
from benchmarks import herd, load, sitting
from benchmarks.herd import Person
from benchmarks.store import Store, prepared

HERD, LOBBY, SAVERS = 1000, 5000, 200
SAVES_A_SECOND, SAVING = 500.0, 8.0
CONNECTIONS, PAGES = 64, 200
WITHIN_LOBBY = 150.0
WITHIN, LOBBY_WITHIN, PAGE_P95, SAVE_P99 = 5.0, 10.0, 50.0, 200.0


def tickets(store: Store) -> dict[int, dict[str, str]]:
    """Admission number and code for each attempt, as they stand on paper."""
    app = create_app(Settings.from_env(store.env))
    with app.app_context():
        key = admission.key_of(app.config["SECRET_KEY"])
        rows = db.session.execute(select(Attempt.id, Attempt.seat_id).order_by(Attempt.id)).all()
        db.engine.dispose()
    return {
        attempt: {"number": admission_code.number_of(seat), "code": admission_code.code_of(key, seat, 1)}
        for attempt, seat in rows
    }


def by_ticket(typed: dict[str, str]) -> Person:
    """Logs in, and starts with what the answer says."""

    def then(one: Person, answer: dict[str, Any], now: float) -> tuple[float, bytes] | None:
        if "token" in answer and "paper" not in answer:
            return now, sitting.start_request(answer["attempt"], answer["token"])
        return None

    return Person(then, load.post("/api/v1/admissions", json.dumps(typed).encode()))


def browser(attempt: int, mine: sitting.Pass, within: float, rng: random.Random) -> Person:
    """As the page does: fetches its sealed paper, looks every few seconds, starts by itself once the doors open, and
    is heard soon after."""
    path = f"/api/v1/attempts/{attempt}"
    look = mine.request("GET", f"{path}/lobby")

    def then(one: Person, answer: dict[str, Any], now: float) -> tuple[float, bytes] | None:
        if "later" in answer:
            return now + answer["later"] + rng.random() * 15, one.request
        if "bytes" in answer:
            one.known["sealed"] = answer["bytes"]
            return now + rng.random() * 2, look
        if "key" in answer:
            one.known["started"] = now
            beat = json.dumps({"client": answer["client"], "changes": []}).encode()
            return now + 5 + rng.random() * 15, load.post(f"{path}/changes", beat, answer["token"])
        if "acked" in answer:
            return None
        if answer["may_start"]:
            return now + rng.random() * answer["spread"], mine.request("POST", f"{path}/start", b'{"paper":false}')
        return now + answer["again"] * (0.5 + rng.random()), look

    return Person(then, mine.request("GET", f"/exam/{attempt}/ahead"), due=rng.random() * within)


@contextmanager
def others_saving(port: int, passes: dict[int, str]) -> Iterator[Any]:
    """Answers arriving at a steady rate from a process of their own; yields where its figures will be."""
    rng = random.Random(2)  # noqa: S311 - which boxes are ticked
    sheets = {attempt: sitting.started(port, attempt, token) for attempt, token in passes.items()}
    sources = [sitting.saving(attempt, sheet["token"], sheet, rng) for attempt, sheet in sheets.items()]
    moments = load.arriving(SAVES_A_SECOND, SAVING, rng)
    ready = [load.made(source, len(moments) // len(sources) + 1) for source in sources]
    here, there = multiprocessing.Pipe()
    fork = multiprocessing.get_context("fork")
    process = fork.Process(target=lambda: there.send(load.held(port, ready, moments)))
    process.start()
    time.sleep(1)  # so that they are well under way
    yield here
    process.join()


def measure_herd(store: Store, port: int, typed: dict[int, dict[str, str]], savers: dict[int, str]) -> None:
    people = [by_ticket(one) for one in typed.values()]
    with others_saving(port, savers) as figures:
        seconds = herd.run(port, people, CONNECTIONS)
        saves: load.Run = figures.recv()
    print(f"herd: {len(people):,} candidates from ticket log-in to their paper, all at once")
    print(f"  {seconds:.2f} s (limit {WITHIN:g} s), {len(people) / seconds:,.0f} candidates/s")
    print(f"  saves meanwhile, {SAVES_A_SECOND:g}/s: p99 {saves.percentile(0.99):.0f} ms (limit {SAVE_P99:g} ms)")


def measure_lobby(store: Store, port: int, passes: dict[int, sitting.Pass], within: float) -> None:
    """One room for all who wait; its opening is the row that the proctor's button writes."""
    rng = random.Random(3)  # noqa: S311 - who looks when
    people = [browser(attempt, mine, within, rng) for attempt, mine in passes.items()]
    url = make_url(Settings.from_env(store.env).database_url).set(drivername="postgresql")
    pressed, spent = [0.0], [0.0, 0.0]
    with psycopg.connect(url.render_as_string(hide_password=False), autocommit=True) as link:
        link.execute(
            "INSERT INTO session_room (session_id, name, first_seat, last_seat)"
            " SELECT s.session_id, '01', min(s.number), max(s.number) FROM seat s JOIN attempt a ON a.seat_id = s.id"
            " WHERE a.id = ANY(%s) GROUP BY s.session_id", (list(passes),)
        )  # fmt: skip
        before = sum(store.spent(port))

        def press(now: float) -> None:
            if now > within + 5 and not pressed[0] and all("sealed" in one.known for one in people):
                spent[0] = sum(store.spent(port))
                link.execute("UPDATE session_room SET opened_at = clock_timestamp()")
                pressed[0] = now

        herd.run(port, people, CONNECTIONS * 4, press)
    spent[1] = sum(store.spent(port))
    took = sorted(one.known["started"] - pressed[0] for one in people)
    middle, late = took[len(took) // 2], took[int(len(took) * 0.99)]
    weight = sum(one.known["sealed"] for one in people) / len(people)
    waited = (spent[0] - before) / pressed[0] * 100
    each = (spent[1] - spent[0]) / len(people) * 1000
    print(f"lobby: {len(people):,} browsers, each with its sealed paper ({weight / 1000:.1f} kB)")
    print(f"  {waited:.0f} % of a core while they fetched it within {within:g} s, and looked")
    print(f"  after the button the key to it: half in {middle:.1f} s, 99 % in {late:.1f} s, all in {took[-1]:.1f} s")
    print(f"  (limit {LOBBY_WITHIN:g} s), {each:.2f} ms of processor time for each, with looks and first sign of life")


def measure_pages(port: int, passes: dict[int, str]) -> None:
    requests = iter([get(f"/exam/{attempt}", token) for attempt, token in list(passes.items())[:PAGES]])
    run = load.run(port, [lambda: next(requests, None)], 600)
    print(f"page of the paper, one after the other, {len(run.waits)} papers, as fresh as after a start")
    print(f"  p50 {run.percentile(0.5):.1f} ms, p95 {run.percentile(0.95):.1f} ms (limit {PAGE_P95:g} ms)")


def measure(store: Store, many: int = HERD, crowd: int = LOBBY, within: float = WITHIN_LOBBY) -> None:
    passes, typed = sitting.tokens(store), tickets(store)
    order = sorted(passes)
    savers, arriving, in_lobby = order[:SAVERS], order[SAVERS : SAVERS + many], order[SAVERS + many :][:crowd]
    with store.serving("wsgi:app") as port:
        measure_herd(store, port, {one: typed[one] for one in arriving}, {one: passes[one] for one in savers})
        if in_lobby:
            measure_lobby(store, port, sitting.browsers(store, in_lobby), within)
        measure_pages(port, {one: passes[one] for one in in_lobby or savers})


def get(path: str, token: str) -> bytes:
    lines = [f"GET {path} HTTP/1.1", "Host: 127.0.0.1", f"Authorization: Bearer {token}"]
    return "\r\n".join([*lines, "", ""]).encode()


def main(many: float = HERD, crowd: float = LOBBY, within: float = WITHIN_LOBBY) -> None:
    with prepared(SAVERS + int(many) + int(crowd)) as store:
        measure(store, int(many), int(crowd), within)


if __name__ == "__main__":
    main(*map(float, sys.argv[1:]))

"""A whole session's certificates: ordered in one step, drawn, signed and stored by the worker and its helpers, bundled.

python -m benchmarks.batch [PEOPLE] [PROCESSES]

Rates are by the clock; what each certificate costs is processor time, which depends less on what else the machine does.
"""

from __future__ import annotations

import os
import resource
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import psutil
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from sqlalchemy import text
from sqlalchemy.orm import Session

from app.cli import issuing, worker
from app.config import Settings
from app.core import clock
from app.core.audit import SYSTEM
from app.core.db import db
from app.factory import create_app
from benchmarks.certificates import faces
from benchmarks.graduates import graduates
from benchmarks.store import Store, prepared
from certificates.batches import taking, working
from certificates.batches.bundle import bundle
from certificates.batches.for_session import order_for_session
from certificates.signing.seals import issuers

PEOPLE, SAMPLE = 10_000, 200
STEPS: tuple[tuple[str, Any, str], ...] = (
    ("orders taken, people locked", working, "locked_applications"),
    ("what is on file, read ahead", working, "see"),
    ("conditions asked", working, "dossier_of"),
    ("number, credential and face", working, "drafted"),
    ("drawn and signed", working, "pressed"),
    ("stored with event, credential, log and message", working, "stored_together"),
)


def main(people: int = PEOPLE, processes: int = 2) -> None:
    os.environ["ISSUING_PROCESSES"] = str(processes)
    with prepared(1) as store:
        os.environ.update(store.env)
        app = create_app(Settings.from_env(store.env))
        with app.app_context():
            session = db.session()
            session_id = graduates(session, SAMPLE + people, faces()().photo or b"")
            print(f"certificates of one session, {people:,} people, {processes} processes, level {_level()}")
            _explain(session, session_id)
            _run(store, session, people)
            _bundle(session, session_id)


def _explain(session: Session, session_id: int) -> None:
    """Where the time of one process goes, for the first few hundred."""
    _order(session, session_id)
    session.execute(text("UPDATE certificate_order SET not_before = now() + interval '1 day'"))
    session.execute(text("UPDATE certificate_order SET not_before = now() WHERE id <= :most"), {"most": SAMPLE})
    session.commit()
    taking.take_and_work(session, clock.now(), _choice(), most=20)  # fonts and keys are read
    spent: dict[str, float] = {}
    done = _certificates(session)
    with _timed(spent):
        began = time.process_time()
        while taking.take_and_work(session, clock.now(), _choice()):
            pass
        whole = time.process_time() - began
    done = _certificates(session) - done
    key, digest = ec.generate_private_key(ec.SECP256R1()), bytes(256)
    began = time.process_time()
    for _ in range(2_000):
        key.sign(digest, ec.ECDSA(hashes.SHA256()))
    bare = (time.process_time() - began) / 2_000
    print(f"  one process, {done} of them: {1000 * whole / done:.2f} ms of processor time each"
          f" (a bare ECDSA P-256 signature: {1000 * bare:.3f} ms)")  # fmt: skip
    for what, seconds in spent.items():
        print(f"    {what:48} {1000 * seconds / done:7.2f} ms  {seconds / whole:5.0%}")
    rest = whole - sum(spent.values())
    print(f"    {'commit, orders, the rest':48} {1000 * rest / done:7.2f} ms  {rest / whole:5.0%}")
    session.execute(text("UPDATE certificate_order SET not_before = now() WHERE state = 'waiting'"))
    session.commit()


def _run(store: Store, session: Session, people: int) -> None:
    before, database, ended = _certificates(session), store.database_spent(), _children()
    began, cpu = time.perf_counter(), time.process_time()
    while _certificates(session) - before < people:
        worker.work_on_orders()  # ends when nothing is left that a helper does not hold
    issuing.helpers.dismiss()
    seconds, own = time.perf_counter() - began, time.process_time() - cpu
    count = _certificates(session) - before
    children, base = _children() - ended, store.database_spent() - database
    print(f"  {count:,} drawn, signed and stored in {seconds:.1f} s: {count / seconds:,.0f} a second")
    print(f"  processor time each: worker {1000 * own / count:.2f}, helpers {1000 * children / count:.2f},"
          f" database {1000 * base / count:.2f} ms; at best {psutil.cpu_count() or 1} cores would do"
          f" {(psutil.cpu_count() or 1) * count / (own + children + base):,.0f} a second")  # fmt: skip
    print(f"  largest memory of the worker {resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024:.0f} MB,"
          f" resident at the end {_resident():.0f} MB")  # fmt: skip


def _bundle(session: Session, session_id: int) -> None:
    began, cpu, size, before = time.perf_counter(), time.process_time(), 0, _resident()
    for piece in bundle(session, session_id, clock.now()):
        size += len(piece)
    count = _certificates(session)
    seconds, each = time.perf_counter() - began, 1000 * (time.process_time() - cpu) / count
    print(f"  ZIP of {count:,}: {size / 1e6:.0f} MB in {seconds:.1f} s ({each:.2f} ms of processor time each), memory"
          f" {_resident() - before:+.0f} MB")  # fmt: skip


@contextmanager
def _timed(spent: dict[str, float]) -> Iterator[None]:
    """Adds up the processor time of each step."""
    kept = [(where, name, getattr(where, name)) for _, where, name in STEPS]
    for (what, where, name), (_, _, real) in zip(STEPS, kept, strict=True):
        spent[what] = 0.0
        setattr(where, name, _watched(real, what, spent))
    try:
        yield
    finally:
        for where, name, real in kept:
            setattr(where, name, real)


def _watched(real: Callable[..., Any], what: str, spent: dict[str, float]) -> Callable[..., Any]:
    def timed(*given: Any, **named: Any) -> Any:
        began = time.process_time()
        try:
            return real(*given, **named)
        finally:
            spent[what] += time.process_time() - began

    return timed


def _order(session: Session, session_id: int) -> None:
    began = time.perf_counter()
    count = len(order_for_session(session, SYSTEM, session_id, clock.now(), _choice()))
    session.commit()
    print(f"  {count:,} ordered in {time.perf_counter() - began:.2f} s")


def _choice() -> Any:
    return issuers(Settings.from_env())


def _level() -> str:
    return str(_choice()(True).level)


def _certificates(session: Session) -> int:
    count = session.scalar(text("SELECT count(*) FROM certificate"))
    session.rollback()
    return int(count or 0)


def _children() -> float:
    """Processor time of the processes that this one called and that have ended."""
    spent = resource.getrusage(resource.RUSAGE_CHILDREN)
    return spent.ru_utime + spent.ru_stime


def _resident() -> float:
    return psutil.Process().memory_info().rss / 1e6


if __name__ == "__main__":
    main(*map(int, sys.argv[1:]))

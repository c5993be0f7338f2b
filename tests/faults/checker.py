"""Reads the database with statements of its own and compares it with what candidates were promised.

Nothing of the product is imported: what it hashes, when it refuses and how it closes is written here a second time.
"""

from __future__ import annotations

import hashlib
import hmac
import json
import sys
from collections import defaultdict
from collections.abc import Iterable
from datetime import UTC, datetime, timedelta
from itertools import groupby
from pathlib import Path
from typing import Any

import psycopg
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from psycopg.rows import namedtuple_row

from tests.faults import journal

GRACE = timedelta(seconds=10)
APART = timedelta(seconds=2)
"""At most so far the harness's clock and the database's are apart, which run on the same machine."""
SAFETY = ("fsync", "full_page_writes", "synchronous_commit")


class Findings:
    """What does not hold, and how much was looked at."""

    def __init__(self) -> None:
        self.problems: list[str] = []
        self.counts: dict[str, int] = defaultdict(int)

    def require(self, holds: bool, problem: str) -> None:
        if not holds:
            self.problems.append(problem)


def check(
    database: str, secret: str, journals: Iterable[dict[str, Any]], *, closed: bool = True, sealed: bool = True
) -> Findings:
    found = Findings()
    with psycopg.connect(database, row_factory=namedtuple_row) as link:
        link.execute("SET default_transaction_isolation = 'repeatable read'")
        for setting in SAFETY:
            kept = link.execute("SELECT current_setting(%s) = 'on'", [setting]).fetchone()
            found.require(kept is not None and kept[0], f"the database runs without {setting}")
        for one in journals:
            _check_attempt(link, secret, one, found, closed=closed)
        _check_audit(link, found, sealed=sealed)
    return found


def _check_attempt(link: Any, secret: str, told: dict[str, Any], found: Findings, *, closed: bool) -> None:
    number = told["attempt"]
    row = link.execute("SELECT * FROM attempt WHERE id = %s", [number]).fetchone()
    stored = link.execute("SELECT * FROM attempt_change WHERE attempt_id = %s ORDER BY seq", [number]).fetchall()
    where = f"attempt {number}"
    found.counts["attempts"] += 1
    found.counts["acknowledged"] += sum(1 for seq in told["sent"] if seq <= told["acked"])
    found.counts["stored"] += len(stored)
    for problem in told["breaches"]:
        found.require(False, f"{where}: {problem}")
    _check_changes(told, stored, where, found)
    _check_times(row, stored, where, found)
    _check_moments(row, told, stored, where, found)
    _check_standing(link, number, stored, where, found)
    _check_receipts(secret, row, told, stored, where, found)
    if closed:
        _check_end(link, row, told, stored, where, found)


def _check_changes(told: dict[str, Any], stored: list[Any], where: str, found: Findings) -> None:
    known = {row.seq: (row.position, list(row.answer), row.flagged) for row in stored}
    lost = [seq for seq in told["sent"] if seq <= told["acked"] and seq not in known]
    found.counts["lost"] += len(lost)
    found.require(not lost, f"{where}: acknowledged and LOST: {lost[:20]}")
    for seq, kept in known.items():
        sent = told["sent"].get(seq)
        found.require(sent is not None, f"{where}: change {seq} was never sent")
        if sent is not None:
            same = (sent[0], sorted(sent[1]), sent[2]) == (kept[0], sorted(kept[1]), kept[2])
            found.require(same, f"{where}: change {seq} is stored as {kept}, was sent as {sent}")
    numbers = sorted(known)
    found.require(numbers == list(range(1, len(numbers) + 1)), f"{where}: gaps among the stored numbers")


def _check_times(row: Any, stored: list[Any], where: str, found: Findings) -> None:
    times = [one.received_at for one in stored]
    found.require(times == sorted(times), f"{where}: stored out of order")
    for one in stored:
        found.require(one.received_at <= row.deadline + GRACE, f"{where}: change {one.seq} came after the deadline")
        found.require(one.late == (one.received_at > row.deadline), f"{where}: change {one.seq} is late or not?")
        found.counts["late"] += one.late
    found.require(row.last_seq == (stored[-1].seq if stored else 0), f"{where}: last_seq is {row.last_seq}")


def _check_moments(row: Any, told: dict[str, Any], stored: list[Any], where: str, found: Findings) -> None:
    """By the candidates' clock: nothing is stored as of a time at which it was not under way."""
    for one in stored:
        sent, acked = told["left_at"].get(one.seq), told["acked_at"].get(one.seq)
        found.require(sent is not None, f"{where}: change {one.seq} was stored and never sent")
        if sent is not None:
            found.require(_moment(sent) - APART <= one.received_at, f"{where}: change {one.seq} is dated back")
        if acked is not None:
            found.require(one.received_at <= _moment(acked) + APART, f"{where}: change {one.seq} is dated ahead")
    if told["over_at"] and row.closed_how == "deadline":
        due = row.deadline + GRACE - APART
        found.require(_moment(told["over_at"]) >= due, f"{where}: was told that time is over before it was")


def _check_end(link: Any, row: Any, told: dict[str, Any], stored: list[Any], where: str, found: Findings) -> None:
    """Each ends once, in the way its candidate chose or at its deadline, with its line in the log, and is marked."""
    found.require(row.state == "marked" and row.score is not None, f"{where}: {row.state}, score {row.score}")
    found.counts["handed in"] += row.closed_how == "submitted"
    found.counts["vanished"] += told["vanished"]
    if row.closed_how == "submitted":
        found.require(told["hand_ins"] > 0, f"{where}: was handed in, and nobody wished it")
        last = min(stored[-1].received_at, row.deadline) if stored else row.submitted_at
        found.require(last <= row.submitted_at <= row.deadline, f"{where}: handed in at {row.submitted_at}")
    else:
        found.require(row.closed_how == "deadline", f"{where}: closed by {row.closed_how}")
        found.require(row.submitted_at == row.deadline, f"{where}: closed at {row.submitted_at}, due {row.deadline}")
    if told["submitted"]:
        found.require(row.closed_how == "submitted", f"{where}: was handed in, and is closed by {row.closed_how}")
        found.require(row.receipt == told["submitted"], f"{where}: the receipt of handing in is not its last")
    lines = link.execute(
        "SELECT tag, count(*) AS n FROM audit_line WHERE subject = 'attempt' AND subject_id = %s GROUP BY tag",
        [str(row.id)],
    )
    tags = {line.tag: line.n for line in lines.fetchall()}
    ended = "attempt:submitted" if row.closed_how == "submitted" else "attempt:expired"
    for tag in ("attempt:started", ended, "attempt:marked"):
        found.require(tags.get(tag) == 1, f"{where}: {tags.get(tag, 0)} lines {tag}")
    found.require(tags.get("attempt:taken_over", 0) >= told["takeovers"], f"{where}: a take-over left no line")


def _moment(seconds: float) -> datetime:
    return datetime.fromtimestamp(seconds, UTC)


def _check_standing(link: Any, number: int, stored: list[Any], where: str, found: Findings) -> None:
    wanted: dict[int, tuple[list[str], bool, int]] = {}
    for one in stored:
        flag = one.flagged if one.flagged is not None else wanted.get(one.position, ([], False, 0))[1]
        wanted[one.position] = (list(one.answer), flag, one.seq)
    rows = link.execute("SELECT * FROM response WHERE attempt_id = %s", [number]).fetchall()
    standing = {row.position: (list(row.answer), row.flagged, row.seq) for row in rows}
    found.require(standing == wanted, f"{where}: what stands is not what was said last")


def _check_receipts(
    secret: str, row: Any, told: dict[str, Any], stored: list[Any], where: str, found: Findings
) -> None:
    """Every receipt given out is one of the chain over what is stored, and the last one is the attempt's."""
    key = hmac.digest(_derived(secret, "receipt"), str(row.id).encode(), "sha256")
    receipt, chain = "", {"": 0}
    for _, batch in groupby(stored, key=lambda one: one.received_at):
        lines = [
            {"seq": one.seq, "position": one.position, "answer": list(one.answer), "flagged": one.flagged}
            for one in batch
        ]
        receipt = _chained(key, receipt, json.dumps(lines, separators=(",", ":")))
        chain[receipt] = lines[-1]["seq"]
    for acked, given in told["receipts"]:
        found.counts["receipts"] += 1
        found.require(chain.get(given) == acked, f"{where}: the receipt for {acked} does not stand in the chain")
    if row.submitted_at is not None:
        closing = {"closed": row.closed_how, "at": row.submitted_at.astimezone(UTC).isoformat()}
        receipt = _chained(key, receipt, json.dumps(closing, separators=(",", ":")))
    found.require(row.receipt == receipt, f"{where}: its last receipt does not follow from what is stored")


def _check_audit(link: Any, found: Findings, *, sealed: bool) -> None:
    head = "0" * 64
    rows = link.execute(
        "SELECT s.seq, s.hash, l.* FROM audit_seal s LEFT JOIN audit_line l ON l.id = s.line_id ORDER BY s.seq"
    ).fetchall()
    for place, row in enumerate(rows, 1):
        found.require(row.seq == place, f"audit: seal {place} is missing")
        at: datetime = row.at.astimezone(UTC)
        body = [head, row.seq, row.id, at.isoformat(), row.tag, row.actor_id, row.actor_name, row.via, row.subject,
                row.subject_id, row.data]  # fmt: skip
        line = json.dumps(body, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
        found.require(hashlib.sha256(line.encode()).hexdigest() == row.hash, f"audit: line {row.id} does not fit")
        head = row.hash
    unsealed = link.execute(
        "SELECT count(*) AS n FROM audit_line l LEFT JOIN audit_seal s ON s.line_id = l.id WHERE s.line_id IS NULL"
    ).fetchone()
    found.require(unsealed.n == 0 or not sealed, f"audit: {unsealed.n} lines are not chained")
    found.counts["audit lines"] += len(rows)


def _derived(secret: str, purpose: str) -> bytes:
    return HKDF(algorithm=SHA256(), length=32, salt=None, info=purpose.encode()).derive(secret.encode())


def _chained(key: bytes, previous: str, line: str) -> str:
    inner = hashlib.sha256(key + (previous + line).encode()).digest()
    return hashlib.sha256(key + inner).hexdigest()


if __name__ == "__main__":
    found = check(sys.argv[1], sys.argv[2], journal.read(Path(sys.argv[3])))
    print(json.dumps({"counts": found.counts, "problems": found.problems}, ensure_ascii=False, indent=1))
    sys.exit(1 if found.problems else 0)

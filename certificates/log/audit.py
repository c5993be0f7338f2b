"""Recomputes the whole public log for the operator: from its entries, and against the register it speaks of.

Strangers who keep a head find any change of the log's past. What they cannot see is whether the log and the register
say the same; that is found here: an event that was never entered, one removed, changed or dated back afterwards.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import select, text
from sqlalchemy.orm import Session

from app.models.public_log import PublicLogHead
from certificates.log import leaf as log_leaf
from certificates.log import merkle
from certificates.log.heads import Head
from certificates.log.sequencing import as_head, kept_nodes

TOLERANCE = timedelta(hours=1)
"""A decision may be this much older than the head before it: its transaction was still open."""
PROMISED = timedelta(minutes=1)
MOST_FINDINGS = 100
AT_ONCE = 4000
_ENTRIES = text(
    "SELECT n.position, n.event_id, n.leaf, n.leaf_hash, n.certificate, e.id AS found, e.at, e.status, c.serial,"
    " c.sha256, lag(e.id) OVER (PARTITION BY e.certificate_id ORDER BY e.id) IS NULL AS first"
    " FROM public_log_entry n LEFT JOIN certificate_event e ON e.id = n.event_id"
    " LEFT JOIN certificate c ON c.id = e.certificate_id ORDER BY n.position"
)
_COUNT_NODES = text("SELECT count(*) FROM public_log_node")
_NOT_ENTERED = text(
    "SELECT e.id, e.at, p.event_id IS NOT NULL AS waiting FROM certificate_event e"
    " LEFT JOIN public_log_entry n ON n.event_id = e.id LEFT JOIN public_log_pending p ON p.event_id = e.id"
    " WHERE n.event_id IS NULL ORDER BY e.id"
)
_OTHER_STATUS = text(
    "SELECT c.serial, c.status, l.status AS said FROM certificate c LEFT JOIN LATERAL (SELECT e.status"
    " FROM certificate_event e WHERE e.certificate_id = c.id ORDER BY e.id DESC LIMIT 1) l ON true"
    " WHERE l.status IS DISTINCT FROM c.status ORDER BY c.id"
)
_OTHER_BYTES = text("SELECT serial FROM certificate WHERE encode(sha256(pdf), 'hex') <> sha256 ORDER BY id")


@dataclass
class LogReport:
    """What was counted, and every finding in words."""

    entries: int = 0
    heads: int = 0
    waiting: int = 0
    root: str = merkle.EMPTY_ROOT.hex()
    problems: list[str] = field(default_factory=list)

    @property
    def intact(self) -> bool:
        return not self.problems

    def add(self, problem: str) -> None:
        if len(self.problems) < MOST_FINDINGS:
            self.problems.append(problem)


def verify(
    session: Session, now: datetime, *, kept: tuple[int, bytes] | None = None, documents: bool = False
) -> LogReport:
    """`kept` is a head from outside: size and root. With `documents`, every stored PDF is hashed again."""
    report = LogReport()
    heads = [as_head(row) for row in session.scalars(select(PublicLogHead).order_by(PublicLogHead.number))]
    roots = _walked(session, report, heads, {kept[0]} if kept else set())
    _check_heads(report, heads, roots)
    if kept and roots.get(kept[0]) != kept[1]:
        report.add(f"the head kept outside ({kept[0]} entries) is not one of this log: its past was changed or cut off")
    _check_register(session, report, now, documents)
    return report


def _walked(session: Session, report: LogReport, heads: list[Head], also: set[int]) -> dict[int, bytes]:
    """Every entry from the first; the roots at the sizes asked for."""
    tree, wanted = merkle.Tree(), {head.size for head in heads} | also
    roots = {0: tree.root} if 0 in wanted else {}
    nodes, firsts = _Nodes(session, report), _FirstHeads(heads)
    for row in session.execute(_ENTRIES, execution_options={"yield_per": 2000}):
        if row.position != tree.size:
            report.add(f"entry {tree.size} is missing (next is {row.position})")
        for problem in _of_entry(row, firsts):
            report.add(f"entry {row.position}: {problem}")
        nodes.expect(tree.append(merkle.leaf_hash(row.leaf)))
        if tree.size in wanted:
            roots[tree.size] = tree.root
    report.entries, report.root = tree.size, tree.root.hex()
    nodes.finish()
    return roots


def _of_entry(row: Any, heads: _FirstHeads) -> Iterator[str]:
    if merkle.leaf_hash(row.leaf) != row.leaf_hash:
        yield "its hash is not that of its content"
    if row.found is None:
        yield f"event {row.event_id} of the register, which it speaks of, was removed"
        return
    certificate = log_leaf.commitment(row.serial, row.sha256)
    if log_leaf.leaf(certificate, log_leaf.event_word(row.status, first=row.first), row.at) != row.leaf:
        said = row.leaf.decode(errors="replace")
        yield f"it says {said}, which is not what event {row.event_id} of {row.serial} says"
    elif certificate != row.certificate:
        yield "it is filed under another certificate"
    if (before := heads.before(row.position)) and row.at < before.at - TOLERANCE:
        yield f"event {row.event_id} of {row.serial} is dated back: {row.at}, entered after {before.at}"


class _FirstHeads:
    """For entries in rising order: the last head in which an entry did not stand yet."""

    def __init__(self, heads: list[Head]) -> None:
        self._heads, self._at = heads, 0

    def before(self, position: int) -> Head | None:
        """None for what the first head held: it was decided before the log began."""
        while self._at < len(self._heads) and self._heads[self._at].size <= position:
            self._at += 1
        return self._heads[self._at - 1] if self._at else None


class _Nodes:
    """Holds the kept hashes against the computed ones, some thousand at a time, so that no log is too long."""

    def __init__(self, session: Session, report: LogReport) -> None:
        self._session, self._report = session, report
        self._expected, self._count = dict[merkle.Node, bytes](), 0

    def expect(self, closed: Iterable[tuple[merkle.Node, bytes]]) -> None:
        self._expected.update(closed)
        if len(self._expected) >= AT_ONCE:
            self._check()

    def finish(self) -> None:
        self._check()
        if (kept := self._session.scalar(_COUNT_NODES)) != self._count:
            self._report.add(f"there are {kept} kept hashes instead of {self._count}")

    def _check(self) -> None:
        found = kept_nodes(self._session, self._expected)
        for (level, position), one in self._expected.items():
            if found.get((level, position)) != one:
                what = "wrong" if (level, position) in found else "missing"
                self._report.add(f"the kept hash at level {level}, position {position} is {what}")
        self._count += len(self._expected)
        self._expected.clear()


def _check_heads(report: LogReport, heads: list[Head], roots: dict[int, bytes]) -> None:
    report.heads, before = len(heads), None
    for head in heads:
        if head.number != (before.number + 1 if before else 1):
            report.add(f"a head before number {head.number} is missing")
        if before and (head.size < before.size or head.at < before.at or head.origin != before.origin):
            report.add(f"head {head.number} does not follow from head {before.number}")
        if not head.holds():
            report.add(f"the signature of head {head.number} does not hold")
        if roots.get(head.size) != head.root:
            report.add(f"the entries do not lead to the root of head {head.number} ({head.size} entries)")
        before = head
    signed = before.size if before else 0
    if report.entries != signed:
        report.add(f"the log has {report.entries} entries, and its last head speaks of {signed}")


def _check_register(session: Session, report: LogReport, now: datetime, documents: bool) -> None:
    for row in session.execute(_NOT_ENTERED):
        report.waiting += row.waiting
        if not row.waiting:
            report.add(f"event {row.id} of the register is not in the log and not in line for it")
        elif now - row.at > PROMISED:
            report.add(f"event {row.id} of the register waits since {row.at}: does the worker run, and is there a key?")
    for row in session.execute(_OTHER_STATUS):
        report.add(f"{row.serial} is {row.status} in the register, and its last event says {row.said}")
    if documents:
        for row in session.execute(_OTHER_BYTES):
            report.add(f"the document of {row.serial} is not the one that was issued")

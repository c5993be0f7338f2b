"""Writes the public log: one sequencer at a time numbers the events that wait and signs the new head.

A decision waits for nobody: the database puts its event in line in the decision's own transaction, and what stands in
line is lost by no crash. The sequencer goes on from its last signed head alone; if the entries below that head are no
longer what it signed, it refuses, so that the log never signs over a change of its past.
"""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Row, select, text
from sqlalchemy.orm import Session

from app.core.errors import N_, Refusal
from app.models.public_log import PublicLogHead
from certificates.log import leaf as log_leaf
from certificates.log import merkle
from certificates.log.heads import Head, LogKey

BATCH = 5000
FRESH = timedelta(hours=1)
"""A head is signed this often even if nothing happens, so that a log standing still shows."""
_LOCK = 0x1063
_NO_LONGER = N_(
    "The public log was changed outside the service: its entries no longer lead to the root of its last signed head. "
    "Nothing more is signed; see `flask register-log verify`."
)
_WAITING = text("SELECT EXISTS (SELECT FROM public_log_pending)")
_NEXT = text(
    "SELECT e.id, e.at, e.status, c.serial, c.sha256, NOT EXISTS (SELECT FROM certificate_event o"
    " WHERE o.certificate_id = e.certificate_id AND o.id < e.id) AS first FROM public_log_pending p"
    " JOIN certificate_event e ON e.id = p.event_id JOIN certificate c ON c.id = e.certificate_id"
    " ORDER BY e.id LIMIT :most"
)
_ADD_ENTRY = text(
    "INSERT INTO public_log_entry (position, event_id, leaf, leaf_hash, certificate)"
    " VALUES (:position, :event_id, :leaf, :leaf_hash, :certificate)"
)
_ADD_NODE = text("INSERT INTO public_log_node (level, position, hash) VALUES (:level, :position, :hash)")
_DONE = text("DELETE FROM public_log_pending WHERE event_id = ANY(:events)")
_SIZE = text("SELECT coalesce(max(position) + 1, 0) FROM public_log_entry")
_NODES = text(
    "SELECT 0 AS level, position, leaf_hash AS hash FROM public_log_entry WHERE position = ANY(:leaves)"
    " UNION ALL SELECT n.level, n.position, n.hash FROM public_log_node n"
    " JOIN unnest(CAST(:levels AS bigint[]), CAST(:positions AS bigint[])) AS w (level, position)"
    " ON n.level = w.level AND n.position = w.position"
)


def waiting(session: Session) -> bool:
    """Whether a decision is not yet in the log."""
    return bool(session.scalar(_WAITING))


def newest_head(session: Session) -> Head | None:
    row = session.scalar(select(PublicLogHead).order_by(PublicLogHead.number.desc()).limit(1))
    return as_head(row) if row else None


def as_head(row: PublicLogHead) -> Head:
    return Head(row.number, row.size, row.root, row.at, row.origin, row.public_key, row.signature)


def sequence(session: Session, key: LogKey, now: datetime) -> int:
    """Takes in all that waits and signs the head of it; the number of new entries. The caller commits.

    Harmless at any time and from anywhere: when another is at it, or nothing is to be done, it does nothing.
    """
    last = newest_head(session)
    if last and now - last.at < FRESH and not waiting(session):
        return 0
    if not session.scalar(text("SELECT pg_try_advisory_xact_lock(:key)"), {"key": _LOCK}):
        return 0
    last = newest_head(session)  # the one before us may just have signed it
    tree, before = _tree_of(session, last), last.size if last else 0
    while batch := session.execute(_NEXT, {"most": BATCH}).all():
        _take_in(session, tree, batch)
    if last is None or tree.size > before or now - last.at >= FRESH:
        _sign(session, tree, key, now, last)
    return tree.size - before


def nodes(session: Session, wanted: Collection[merkle.Node]) -> dict[merkle.Node, bytes]:
    """The kept hashes, in one query; refuses where one is gone."""
    found = kept_nodes(session, wanted)
    if set(wanted) - found.keys():
        raise _broken(_NO_LONGER)
    return found


def kept_nodes(session: Session, wanted: Collection[merkle.Node]) -> dict[merkle.Node, bytes]:
    """As far as they are there."""
    above = [(level, position) for level, position in wanted if level]
    rows = session.execute(
        _NODES,
        {
            "leaves": [position for level, position in wanted if not level],
            "levels": [level for level, _ in above],
            "positions": [position for _, position in above],
        },
    )
    return {(row.level, row.position): bytes(row.hash) for row in rows}


def _broken(message: str, **params: Any) -> Refusal:
    return Refusal("log_broken", message, status=503, **params)


def _tree_of(session: Session, last: Head | None) -> merkle.Tree:
    """The tree as the last head signed it."""
    size, signed = session.scalar(_SIZE) or 0, last.size if last else 0
    if size != signed:
        raise _broken(
            N_(
                "The public log was changed outside the service: it has %(size)s entries, and its last signed head "
                "speaks of %(signed)s. Nothing more is signed; see `flask register-log verify`."
            ),
            size=size,
            signed=signed,
        )
    wanted = merkle.full_subtrees((0, signed))
    kept = nodes(session, wanted)
    if last and merkle.hash_of((0, signed), kept) != last.root:
        raise _broken(_NO_LONGER)
    return merkle.Tree(signed, [kept[node] for node in wanted])


def _take_in(session: Session, tree: merkle.Tree, batch: Collection[Row[Any]]) -> None:
    entries, closed = [], list[tuple[merkle.Node, bytes]]()
    for row in batch:
        certificate = log_leaf.commitment(row.serial, row.sha256)
        leaf = log_leaf.leaf(certificate, log_leaf.event_word(row.status, first=row.first), row.at)
        one = merkle.leaf_hash(leaf)
        entries.append({"position": tree.size, "event_id": row.id, "leaf": leaf, "leaf_hash": one,
                        "certificate": certificate})  # fmt: skip
        closed += tree.append(one)
    session.execute(_ADD_ENTRY, entries)
    if closed:
        told = [{"level": level, "position": position, "hash": one} for (level, position), one in closed]
        session.execute(_ADD_NODE, told)
    session.execute(_DONE, {"events": [row.id for row in batch]})


def _sign(session: Session, tree: merkle.Tree, key: LogKey, now: datetime, last: Head | None) -> None:
    number, at, origin = (last.number + 1, max(now, last.at), last.origin) if last else (1, now, None)
    head = key.head(number, tree.size, tree.root, at, origin)
    session.add(
        PublicLogHead(
            number=head.number, size=head.size, root=head.root, at=head.at, origin=head.origin,
            public_key=head.public_key, signature=head.signature,
        )
    )  # fmt: skip
    session.flush()

"""Answers from the public log: entries, heads, and the proofs that tie them together."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import select, text
from sqlalchemy.orm import Session

from app.core.errors import N_, NotFound, Refusal
from app.models.public_log import PublicLogEntry, PublicLogHead
from certificates.log import merkle
from certificates.log.heads import Head
from certificates.log.sequencing import as_head, newest_head, nodes

MOST_ENTRIES = 1000
MOST_HEADS = 1000
MOST_OF_ONE = 200
_KEYS = text(
    "SELECT public_key, min(number) AS first_head, max(number) AS last_head FROM public_log_head"
    " GROUP BY public_key ORDER BY 2"
)


@dataclass(frozen=True)
class Proof:
    """One entry, and the hashes that lead from it to the root of a head."""

    index: int
    leaf: bytes
    path: tuple[bytes, ...]
    head: Head

    @property
    def holds(self) -> bool:
        leaf = merkle.leaf_hash(self.leaf)
        signed = self.head.holds()
        return signed and merkle.inclusion_holds(leaf, self.index, self.head.size, self.path, self.head.root)

    def as_dict(self) -> dict[str, Any]:
        return {"index": self.index, "leaf": self.leaf.decode(), "path": [one.hex() for one in self.path]}


def head_of(session: Session) -> Head:
    """The newest one; refuses while there is none."""
    if head := newest_head(session):
        return head
    raise Refusal(
        "log_without_head",
        N_("The public log has no signed head yet. It signs the first one within a minute of its start."),
        status=503,
    )


def heads_after(session: Session, number: int) -> list[Head]:
    query = select(PublicLogHead).where(PublicLogHead.number > number).order_by(PublicLogHead.number).limit(MOST_HEADS)
    return [as_head(row) for row in session.scalars(query)]


def keys(session: Session) -> Sequence[Any]:
    """Every public key that signed a head, with the first and the last head it signed."""
    return session.execute(_KEYS).all()


def entries(session: Session, start: int, end: int) -> list[bytes]:
    """The leaves from `start` up to but without `end`, as far as the newest head reaches."""
    end = min(end, start + MOST_ENTRIES, head_of(session).size)
    query = select(PublicLogEntry.leaf).where(PublicLogEntry.position >= start, PublicLogEntry.position < end)
    return list(session.scalars(query.order_by(PublicLogEntry.position)))


def proofs(session: Session, *, leaf_hash: bytes | None = None, certificate: bytes | None = None) -> list[Proof]:
    """Of the entry with this hash, or of all entries of one certificate; refuses what is not in the log."""
    head = head_of(session)
    query = select(PublicLogEntry.position, PublicLogEntry.leaf).where(PublicLogEntry.position < head.size)
    if certificate is not None:
        query = query.where(PublicLogEntry.certificate == certificate)
    else:
        query = query.where(PublicLogEntry.leaf_hash == leaf_hash)
    found = session.execute(query.order_by(PublicLogEntry.position).limit(MOST_OF_ONE)).all()
    if not found:
        raise NotFound()
    spans = {position: merkle.spans_of_inclusion(position, head.size) for position, _ in found}
    kept = nodes(session, {node for each in spans.values() for node in merkle.needed(each)})
    return [
        Proof(position, leaf, tuple(merkle.hash_of(span, kept) for span in spans[position]), head)
        for position, leaf in found
    ]


def consistency(session: Session, first: int, second: int) -> list[bytes]:
    """The hashes that prove that the log of `second` entries begins with the log of `first`."""
    size = head_of(session).size
    if not 0 <= first <= second <= size:
        raise Refusal(
            "log_sizes_wrong",
            N_("There is no proof from %(first)s to %(second)s entries: the log has %(size)s."),
            first=first,
            second=second,
            size=size,
        )
    if first == 0:
        return []
    spans = merkle.spans_of_consistency(first, second)
    kept = nodes(session, merkle.needed(spans))
    return [merkle.hash_of(span, kept) for span in spans]

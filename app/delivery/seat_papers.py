"""A paper of their own for each seat, from the session's snapshot and sealed secret."""

from __future__ import annotations

import hashlib
import json
from collections import Counter, defaultdict
from collections.abc import Collection, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.core import audit
from app.core.audit import Actor
from app.core.errors import Refusal
from app.delivery.papers import level_of
from app.delivery.seals import DRAWN, sealed
from app.models.bank import Item, ItemVersion, Snapshot
from app.models.exam import Attempt, Paper
from app.models.registration import ExamSession
from question_bank.blueprint import make_blueprint
from question_bank.drawing import Dealer, Drawer, DrawnPaper, paper_seed, totals
from question_bank.pool import pool_of
from question_bank.pool_item import PoolItem
from question_bank.preflight import preflight
from question_bank.sealing import drawn_digest, record_of, shown


def draw_for_seats(
    session: Session, actor: Actor, exam: ExamSession, snapshot: Snapshot, seats: Sequence[tuple[int, int, int]],
    now: datetime,
) -> list[Attempt]:  # fmt: skip
    """`seats` as (seat, its number, account). Refuses with every cell that the bank cannot fill.

    An item that became known after the seal is treated as one that the candidate has met already.
    """
    pool, blueprint = pool_of(session, snapshot), make_blueprint(level_of(exam.scheme, exam.level))
    drawer = Drawer(blueprint, pool)
    seal = sealed(session, actor, exam, blueprint, pool, now)
    before = _papers_before(session, exam.id)
    codes = {item.version_id: item.id for item in pool}
    dealer = drawer.session(len(before) + len(seats), [[codes[v] for v in _versions(items)] for _, items in before])
    seen = seen_items(session, [user for _, _, user in seats])
    withdrawn = frozenset(session.scalars(select(Item.code).where(Item.compromised_at.is_not(None))))
    earlier = Counter(seat for seat, _ in before)
    attempts, records = [], []
    for seat, number, user in seats:
        name = f"{exam.id}/{number}/{earlier[seat]}"
        met = (seen.get(user, frozenset()) | withdrawn) & drawer.table.number.keys()
        drawn = _drawn(dealer, paper_seed(bytes.fromhex(seal.secret), name), met, pool)
        record = record_of(name, drawn, met)
        records.append(shown(record, (one.item.id for one in drawn.items)))
        paper = _row(exam.id, drawn, record)
        attempts.append(Attempt(session_id=exam.id, seat_id=seat, user_id=user, paper=paper))
        session.add(attempts[-1])
    session.flush()
    if records:
        audit.record(session, DRAWN, actor, "session", exam.id, papers=len(records), sha256=drawn_digest(records))
    return attempts


def _drawn(dealer: Dealer, seed: str, seen: frozenset[str], pool: Sequence[PoolItem]) -> DrawnPaper:
    """Refuses with what the check before the session would have said."""
    try:
        return dealer.draw(seed, seen)
    except Refusal:
        found = preflight(dealer.drawer.blueprint, pool, dealer.papers)
        if not found.possible:
            raise found.refusal() from None
        raise


def seen_items(session: Session, users: Collection[int]) -> dict[int, frozenset[str]]:
    """The codes of the items each person has met in attempts they began."""
    rows = session.execute(
        select(Attempt.user_id, Paper.items)
        .join(Paper, Paper.id == Attempt.paper_id)
        .where(Attempt.user_id.in_(users), Attempt.started_at.is_not(None))
    )
    met: dict[int, set[int]] = defaultdict(set)
    for user, items in rows:
        met[user].update(entry["version_id"] for entry in items)
    versions = set().union(*met.values())
    query = select(ItemVersion.id, Item.code).join(Item, Item.id == ItemVersion.item_id)
    codes = dict(session.execute(query.where(ItemVersion.id.in_(versions))).all()) if versions else {}
    return {user: frozenset(codes[version] for version in ids) for user, ids in met.items()}


def _papers_before(session: Session, session_id: int) -> list[tuple[int, list[Any]]]:
    """Seat and items of every paper of the session so far: after a void the next one of its seat is another."""
    query = select(Attempt.seat_id, Paper.items).join(Paper, Paper.id == Attempt.paper_id)
    return [(seat, items) for seat, items in session.execute(query.where(Attempt.session_id == session_id))]


def _versions(items: Sequence[Any]) -> list[int]:
    return [entry["version_id"] for entry in items]


def _row(session_id: int, drawn: DrawnPaper, record: dict[str, Any]) -> Paper:
    items: list[Any] = [
        {"version_id": one.item.version_id, "options": list(one.options), "marks": str(one.marks)}
        for one in drawn.items
    ]
    canonical = json.dumps(items, separators=(",", ":"), ensure_ascii=False)
    return Paper(
        session_id=session_id,
        snapshot_id=drawn.snapshot,
        seed=str(drawn.seed),
        items=items,
        totals=totals(drawn),
        digest=hashlib.sha256(canonical.encode()).hexdigest(),
        draw=record,
    )

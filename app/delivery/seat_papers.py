"""A paper of their own for each seat, from the session's snapshot and seed."""

from __future__ import annotations

import hashlib
import json
from collections import defaultdict
from collections.abc import Collection, Sequence
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from app.delivery.papers import level_of
from app.models.bank import Item, ItemVersion, Snapshot
from app.models.exam import Attempt, Paper
from app.models.registration import ExamSession
from question_bank.blueprint import make_blueprint
from question_bank.drawing import Drawer, DrawnPaper, paper_seed, totals
from question_bank.pool import pool_of


def draw_for_seats(
    session: Session, exam: ExamSession, snapshot: Snapshot, seats: Sequence[tuple[int, int, int]]
) -> list[Attempt]:
    """`seats` as (seat, its number, account). Refuses with every cell that the bank cannot fill."""
    drawer = Drawer(make_blueprint(level_of(exam.scheme, exam.level)), pool_of(session, snapshot))
    seen = seen_items(session, [user for _, _, user in seats])
    earlier = _papers_before(session, exam.id)
    attempts = []
    for seat, number, user in seats:
        seed = paper_seed(f"{exam.seed}:{earlier.get(seat, 0)}", number)
        paper = _row(exam.id, drawer.draw(seed, seen.get(user, frozenset())))
        attempts.append(Attempt(session_id=exam.id, seat_id=seat, user_id=user, paper=paper))
    session.add_all(attempts)
    session.flush()
    return attempts


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


def _papers_before(session: Session, session_id: int) -> dict[int, int]:
    """How many papers each seat has had: after a void the next one is another."""
    query = select(Attempt.seat_id, func.count()).where(Attempt.session_id == session_id).group_by(Attempt.seat_id)
    return dict(session.execute(query).all())


def _row(session_id: int, drawn: DrawnPaper) -> Paper:
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
    )

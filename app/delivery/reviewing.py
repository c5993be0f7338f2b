"""What a practice came to, item by item: the answer, the key, and the reasons that real papers never show."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.delivery import marking, practice
from app.models.bank import ItemVersion
from app.models.practice import Practice


@dataclass(frozen=True)
class Reviewed:
    position: int
    version: ItemVersion
    options: tuple[str, ...]
    """In the order in which they were shown."""
    answer: tuple[str, ...]
    earned: Decimal
    of: Decimal

    @property
    def right(self) -> bool:
        return self.earned == self.of


def review(session: Session, found: Practice) -> list[Reviewed]:
    """Of a practice that is over, in the order of its paper."""
    ids = [entry["version_id"] for entry in found.items]
    versions = {one.id: one for one in session.scalars(select(ItemVersion).where(ItemVersion.id.in_(ids)))}
    answers = {position: one.answer for position, one in practice.responses_of(session, found).items()}
    partial = practice.level_of(found).theory.paper.partial_credit
    marked = marking.marks_of(practice.placed(session, found), answers, partial=partial)
    return [
        Reviewed(one.position, versions[version], one.options, tuple(answers.get(one.position, ())), earned, one.marks)
        for version, (one, earned) in zip(ids, marked, strict=True)
    ]

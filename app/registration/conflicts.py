"""Declared conflicts of interest. Known ones are found by `ties`, wherever examiners meet candidates."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from app.core import audit
from app.core.audit import Actor
from app.core.errors import N_, Refusal
from app.core.texts import check_reason
from app.models.account import Role, User
from app.models.registration import Candidate, Conflict, Tie

KEPT_AWAY = frozenset({Role.EXAMINER, Role.REGISTRAR})
"""Whom a tie keeps away: from marking the candidate, or from deciding about their certificate."""


def declare_conflict(
    session: Session, actor: Actor, examiner_id: int, candidate_id: int, tie: str, note: str = ""
) -> None:
    """Kept for ever; saying it twice is saying it once."""
    examiner, candidate = session.get(User, examiner_id), session.get(Candidate, candidate_id)
    if examiner is None or not examiner.roles & KEPT_AWAY or candidate is None:
        raise Refusal("conflict_unknown_person", N_("Choose an examiner or registrar and a candidate of the lists."))
    if tie not in set(Tie):
        raise Refusal("tie_unknown", N_("Choose what ties them: training, employer, school, kin or as declared."))
    check_reason(note)
    stored = session.execute(
        insert(Conflict)
        .values(examiner_id=examiner_id, candidate_id=candidate_id, tie=tie, note=note.strip(),
                declared_by=actor.user_id)
        .on_conflict_do_nothing()
        .returning(Conflict.id)
    )  # fmt: skip
    if stored.first():
        audit.record(session, "conflict:declared", actor, "candidate", candidate_id, examiner=examiner_id, tie=tie)


def declared_about(session: Session, candidate_id: int) -> Sequence[tuple[Conflict, User]]:
    """Every conflict on record about a candidate, with its examiner."""
    rows = session.execute(
        select(Conflict, User)
        .join(User, User.id == Conflict.examiner_id)
        .where(Conflict.candidate_id == candidate_id)
        .order_by(Conflict.id)
    )
    return rows.all()

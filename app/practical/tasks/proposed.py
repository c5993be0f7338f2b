"""Points that the engine proposes from what the candidate did at a computer. The examiner decides, and says why."""

from __future__ import annotations

from collections.abc import Mapping

from sqlalchemy.orm import Session

from app.core.errors import N_, Refusal
from app.models.practical import RubricSheet
from app.practical.marking.rubric import Rubric
from app.practical.tasks.proposals import Proposal, proposals


def proposed_for(session: Session, sheet: RubricSheet) -> Mapping[str, Proposal]:
    """By criterion of this sheet; none for those who rate beside the examiners."""
    if not sheet.examines:
        return {}
    known = {criterion.id for criterion in Rubric.kept(sheet.rubric).criteria}
    return {key: one for key, one in proposals(session, sheet.seat_id).items() if key in known}


def refuse_unexplained(session: Session, sheet: RubricSheet) -> None:
    """A mark other than the one proposed needs a note before the sheet is signed."""
    proposed = proposed_for(session, sheet)
    other = [
        mark.criterion
        for mark in sheet.marks
        if mark.criterion in proposed and mark.points != proposed[mark.criterion].points and not mark.note
    ]
    if other:
        message = N_(
            "%(criterion)s: you gave other points than the %(points)s proposed. Write a note that says why, then sign."
        )
        raise Refusal(
            "proposal_unexplained", message, status=409, details={"criteria": sorted(other)},
            criterion=min(other), points=proposed[min(other)].points,
        )  # fmt: skip

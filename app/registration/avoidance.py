"""Whom an examiner may not mark (回避): declared ties, the same employer or school, who was taught, and oneself."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.core.errors import N_, Refusal
from app.models.account import User
from app.models.registration import Application, Conflict, Seat, Tie
from app.registration.ties import Known, known_ties


def forbidden_pairs(session: Session, seats: Sequence[Seat], examiners: Iterable[User]) -> set[tuple[int, int]]:
    """Pairs (seat, examiner) that no panel may bring together."""
    panel = list({user.id: user for user in examiners}.values())
    declared = _declared(session, [seat.application.candidate_id for seat in seats], [user.id for user in panel])
    return {
        (seat.id, user.id)
        for seat in seats
        for user in panel
        if (seat.application.candidate_id, user.id) in declared or _known(user, seat.application)
    }


def forbidden(session: Session, seat: Seat, examiner: User) -> bool:
    return bool(forbidden_pairs(session, [seat], [examiner]))


def ties_between(session: Session, seat: Seat, examiner: User) -> list[str]:
    """Every tie on file or known between the two, by name."""
    person = seat.application.candidate
    wanted = select(Conflict.tie).where(Conflict.candidate_id == person.id, Conflict.examiner_id == examiner.id)
    found = list(session.scalars(wanted.order_by(Conflict.tie)))
    if examiner.id == person.user_id:
        found.append(Tie.KIN)
    found += known_ties(examiner.organization, examiner.name, _facts(seat.application))
    return list(dict.fromkeys(found))


def refuse_assignment(session: Session, seat: Seat, examiner: User) -> None:
    """No examiner is given a candidate they are tied to; whoever assigns is told the tie."""
    if forbidden(session, seat, examiner):
        ties = ties_between(session, seat, examiner)
        message = N_(
            "%(examiner)s may not mark seat %(seat)s, %(candidate)s: %(ties)s. Choose an examiner without a tie."
        )
        raise Refusal(
            "assignment_tied", message, status=409,
            details={"seat": seat.number, "examiner": examiner.id, "ties": ties},
            examiner=examiner.name, seat=seat.number, candidate=seat.application.candidate.name, ties=ties,
        )  # fmt: skip


def refuse_tied(session: Session, seat: Seat, examiner: User) -> None:
    if forbidden(session, seat, examiner):
        message = N_(
            "A tie between you and this candidate is on file, so you may not mark them."
            " Tell the registrar, who will call another examiner."
        )
        raise Refusal("examiner_tied", message, status=409)


def _declared(session: Session, candidates: Sequence[int], examiners: Sequence[int]) -> set[tuple[int, int]]:
    wanted = select(Conflict.candidate_id, Conflict.examiner_id).where(
        Conflict.candidate_id.in_(candidates), Conflict.examiner_id.in_(examiners)
    )
    return {(row.candidate_id, row.examiner_id) for row in session.execute(wanted)}


def _known(examiner: User, application: Application) -> bool:
    if examiner.id == application.candidate.user_id:
        return True
    return bool(known_ties(examiner.organization, examiner.name, _facts(application)))


def _facts(application: Application) -> Known:
    person = application.candidate
    return Known(person.employer, person.school, application.training_provider, application.trainers)

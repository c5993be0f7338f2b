"""Who may decide about a certificate (回避): nobody who is its holder, taught or examined them, or is tied to them."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from sqlalchemy import CTE, Select, literal, select, union_all
from sqlalchemy.orm import Session

from app.core.audit import Actor
from app.core.errors import N_, Refusal
from app.models.account import User
from app.models.discarded import DiscardedSheet
from app.models.exam import Attempt
from app.models.open_marking import OpenAnswer, OpenSheet
from app.models.practical import RubricSheet
from app.models.registration import Application, Candidate, Conflict, Seat, StaffAssignment, Tie
from app.registration.eligibility import Reason
from app.registration.ties import Known, known_ties

HOLDER, EXAMINED, HEADED = "holder", "examined", "headed"
_SENTENCES = {
    HOLDER: ("own_certificate", N_("Nobody decides about their own certificate. Ask another registrar to do it.")),
    EXAMINED: (
        "decider_examined",
        N_("%(decider)s examined %(holder)s for this level. Another registrar has to decide about the certificate."),
    ),
    HEADED: (
        "decider_headed_panel",
        N_(
            "%(decider)s headed the panel that examined %(holder)s. "
            "Another registrar has to decide about the certificate."
        ),
    ),
    Tie.TRAINER: (
        "decider_trained",
        N_("%(decider)s trained %(holder)s, as is on file. Another registrar has to decide about the certificate."),
    ),
    Tie.KIN: (
        "decider_kin",
        N_(
            "%(decider)s is related to %(holder)s, as is on file. "
            "Another registrar has to decide about the certificate."
        ),
    ),
}
_TIED = (
    "decider_tied",
    N_("A tie between %(decider)s and %(holder)s is on file. Another registrar has to decide about the certificate."),
)


@dataclass(frozen=True)
class About:
    """Whose certificate, of what."""

    candidate: Candidate
    scheme: str
    level: str


def reasons_against_decider(
    session: Session, actor: Actor, about: About, *, untied: bool = False
) -> tuple[Reason, ...]:
    """All of them. The command line and the system itself are nobody's relatives: what they do is in the audit log.
    Who is known to be tied to nobody at all (`untied`) is not looked up."""
    if actor.user_id is None:
        return ()
    ties = [HOLDER] if actor.user_id == about.candidate.user_id else []
    found = () if untied else session.scalars(_ties(actor.user_id, about))
    return reasons(
        [*ties, *found, *_taught(session, actor.user_id, about)], decider=actor.name, holder=about.candidate.name
    )


def reasons(ties: Iterable[str], *, decider: str, holder: str) -> tuple[Reason, ...]:
    """One for each kind, the closest tie first."""
    found = {_SENTENCES.get(tie, _TIED): None for tie in sorted(ties, key=_closeness)}
    return tuple(Reason(code, message, {"decider": decider, "holder": holder}) for code, message in found)


def refuse_tied_decider(session: Session, actor: Actor, about: About) -> None:
    if found := reasons_against_decider(session, actor, about):
        first = found[0]
        details = {"reasons": [reason.as_dict() for reason in found]}
        raise Refusal(first.code, first.message, status=409, details=details, **first.params)


def free_deciders(session: Session, users: Iterable[User], about: About) -> list[User]:
    """Who of them may decide."""
    return [one for one in users if not reasons_against_decider(session, Actor(one.id, one.name), about)]


def _taught(session: Session, user_id: int, about: About) -> list[str]:
    """By the holder's own statement of who trained them."""
    stated = select(Application.training_provider, Application.trainers).where(
        Application.candidate_id == about.candidate.id,
        Application.scheme == about.scheme,
        Application.level == about.level,
        (Application.training_provider != "") | (Application.trainers != ""),
    )
    rows = session.execute(stated).all()
    if not rows:
        return []
    decider = session.get_one(User, user_id)
    return [
        tie
        for provider, trainers in rows
        for tie in known_ties(decider.organization, decider.name, Known(training_provider=provider, trainers=trainers))
    ]


def _closeness(tie: str) -> int:
    known = list(_SENTENCES)
    return known.index(tie) if tie in known else len(known)


def _ties(user_id: int, about: About) -> Select[Any]:
    seats = (
        select(Seat.id, Seat.session_id)
        .join(Application, Application.id == Seat.application_id)
        .where(
            Application.candidate_id == about.candidate.id,
            Application.scheme == about.scheme,
            Application.level == about.level,
        )
        .cte("seats")
    )
    declared = select(Conflict.tie).where(Conflict.examiner_id == user_id, Conflict.candidate_id == about.candidate.id)
    found = union_all(declared, *_examined(user_id, seats)).subquery()
    return select(found.c.tie).distinct()


def _examined(user_id: int, seats: CTE) -> list[Select[Any]]:
    """By a sheet of the practical, also one that was taken out of work; by an open answer; or as head of the panel."""
    mine = select(seats.c.id)
    sheets = select(literal(EXAMINED).label("tie")).where(
        RubricSheet.examiner_id == user_id, RubricSheet.rater_group == "examiner", RubricSheet.seat_id.in_(mine)
    )
    discarded = select(literal(EXAMINED)).where(
        DiscardedSheet.examiner_id == user_id, DiscardedSheet.marks != {}, DiscardedSheet.seat_id.in_(mine)
    )
    answers = (
        select(literal(EXAMINED))
        .join_from(OpenSheet, OpenAnswer, OpenAnswer.id == OpenSheet.answer_id)
        .join(Attempt, Attempt.id == OpenAnswer.attempt_id)
        .where(OpenSheet.examiner_id == user_id, Attempt.seat_id.in_(mine))
    )
    sat = select(seats.c.session_id)
    headed = select(literal(HEADED)).where(
        StaffAssignment.user_id == user_id, StaffAssignment.head, StaffAssignment.session_id.in_(sat)
    )
    return [sheets, discarded, answers, headed]

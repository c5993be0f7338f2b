"""An exam whose one open item is answered and waits for the examiners on its roster."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.core.audit import Actor
from app.core.clock import now
from app.delivery import attempts, starting
from app.models.account import Role
from app.models.exam import Attempt, Response
from app.models.registration import StaffRole
from app.registration import roster
from tests.factories import kinds, people, theory
from tests.factories.theory import REGISTRAR, Sitting

MARKS = 18
ANSWER = "先致歉并核实扣费记录，<b>再说明退款时限</b>。"


@dataclass(frozen=True)
class Examiner:
    user_id: int
    actor: Actor


def examiners(session: Session, session_id: int, count: int) -> list[Examiner]:
    found = []
    for _ in range(count):
        user = people.user(session, Role.EXAMINER)
        roster.assign_staff(session, REGISTRAR, session_id, user.id, StaffRole.EXAMINER)
        found.append(Examiner(user.id, Actor(user.id, user.name, "test")))
    return found


def answered(
    session: Session, *, candidates: int = 1, examiners_there: int = 2
) -> tuple[list[Sitting], list[Examiner]]:
    """Closed attempts of `candidates`, each with an open answer and nothing else; committed."""
    kinds.bank(session)
    sittings = theory.open_sitting(session, of=kinds.OF, candidates=candidates)
    panel = examiners(session, sittings[0].session_id, examiners_there)
    for sitting in sittings:
        write(session, sitting.attempt_id, ANSWER)
        hand_in(session, sitting)
    session.commit()
    return sittings, panel


def write(session: Session, attempt_id: int, text: str) -> None:
    """As if it had been saved: the open item stands last among 17."""
    position = open_position(session, attempt_id)
    session.add(Response(attempt_id=attempt_id, position=position, answer=[text], seq=1, saved_at=now(), flagged=False))
    session.flush()


def open_position(session: Session, attempt_id: int) -> int:
    items = session.get_one(Attempt, attempt_id).paper.items
    return next(place for place, entry in enumerate(items, 1) if int(entry["marks"]) == MARKS)


def hand_in(session: Session, sitting: Sitting) -> None:
    attempt = starting.start(session, sitting.sitter, sitting.attempt_id, now())
    assert attempt.client is not None
    attempts.submit(session, sitting.actor, sitting.attempt_id, attempt.client, now())


def state(session: Session, attempt_id: int) -> str:
    return str(session.scalar(select(Attempt.state).where(Attempt.id == attempt_id)))

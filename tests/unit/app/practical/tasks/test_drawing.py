"""Tasks drawn for a practical session: filled where something is missing, kept where somebody began."""

from __future__ import annotations

from collections import Counter

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.core.audit import Actor
from app.core.clock import now
from app.core.errors import NotFound, Refusal
from app.models.account import Role
from app.models.registration import ExamSession, Seat
from app.models.tasks import SeatTask
from app.practical.panels import panels
from app.practical.tasks import drawing as task_drawing
from app.practical.tasks.drawn import tasks_by_seat
from question_bank.tasks import judging
from tests.factories import people, practical, tasks, theory

KINDS = ("call", "complaint", "sale", "chat", "ticket", "typing", "faults")
TRADES = ("express", "health", "travel", "finance")


def drawn(session: Session, sitting: ExamSession) -> dict[int, dict[str, str]]:
    found = tasks_by_seat(session, sitting.id)
    return {seat: {one.slot: one.version.task.code for one in held} for seat, held in found.items()}


def ready(session: Session, candidates: int = 3, kinds: tuple[str, ...] = KINDS) -> ExamSession:
    tasks.in_use(session, kinds, TRADES)
    return practical.practical_session(session, candidates=candidates)


def draw(session: Session, sitting: ExamSession) -> None:
    task_drawing.draw_tasks(session, practical.REGISTRAR, sitting, now())


def test_allocating_draws_every_task_of_the_scheme_evenly(session: Session) -> None:
    sitting = ready(session, 6)
    panels.allocate_session(session, practical.REGISTRAR, sitting.id, now())
    found = drawn(session, sitting)
    assert [list(one) for one in found.values()] == [list(KINDS)] * 6
    for slot in KINDS:
        loads = Counter(one[slot] for one in found.values())
        assert sorted(loads.values()) == [1, 1, 2, 2]
    first = next(iter(tasks_by_seat(session, sitting.id).values()))
    assert [one.minutes for one in first] == [12, 12, 10, 20, 15, 10, 15]


def test_drawing_again_changes_nothing_and_fills_what_is_missing(session: Session) -> None:
    sitting = ready(session, kinds=("call",))
    draw(session, sitting)
    before = drawn(session, sitting)
    assert [slot.id for slot in task_drawing.lacking(session, sitting)] == list(KINDS[1:])
    assert task_drawing.drawn(session, sitting)[0].empty == list(KINDS[1:])
    tasks.in_use(session, ("sale",), TRADES)
    theory.seat(session, sitting, theory.application(session), 4)
    draw(session, sitting)
    after = drawn(session, sitting)
    assert {seat: one["call"] for seat, one in after.items() if seat in before} == {
        seat: one["call"] for seat, one in before.items()
    }
    assert all(set(one) == {"call", "sale"} for one in after.values())
    assert len(after) == 4


def test_without_tasks_in_use_a_session_works_as_ever(session: Session) -> None:
    sitting, duties = practical.open_practical(session)
    assert drawn(session, sitting) == {}
    assert len(duties) == 2


def test_what_was_drawn_stays_when_the_task_is_replaced_or_retired(session: Session) -> None:
    sitting = ready(session, 1, ("call",))
    draw(session, sitting)
    (held,) = session.scalars(select(SeatTask)).all()
    person = people.user(session, Role.REVIEWER)
    judging.retire(session, Actor(person.id, person.name, "test"), held.version.task_id, "泄露", now())
    draw(session, sitting)
    assert session.scalars(select(SeatTask)).all() == [held]


def test_a_resit_gets_what_was_not_met_before(session: Session) -> None:
    first = ready(session, 1, ("call",))
    draw(session, first)
    seat = session.scalars(select(Seat).where(Seat.session_id == first.id)).one()
    met = {drawn(session, first)[seat.id]["call"]}
    for _ in range(3):
        again = practical.practical_session(session, candidates=0)
        place = theory.seat(session, again, seat.application, 1)
        draw(session, again)
        code = drawn(session, again)[place.id]["call"]
        assert code not in met
        met.add(code)


def test_drawing_anew_for_one_candidate(session: Session) -> None:
    sitting = ready(session, 1, ("call",))
    draw(session, sitting)
    ((seat, held),) = drawn(session, sitting).items()
    made = task_drawing.redraw(session, practical.REGISTRAR, sitting.id, seat, "call", "泄露", now())
    assert made.version.task.code != held["call"]
    made.started_at = now()
    session.flush()
    with pytest.raises(Refusal, match="begun"):
        task_drawing.redraw(session, practical.REGISTRAR, sitting.id, seat, "call", "泄露", now())


@pytest.mark.parametrize("which, reason, error", [("call", " ", Refusal), ("dance", "x", NotFound)])
def test_drawing_anew_needs_a_reason_and_a_task_of_the_scheme(
    session: Session, which: str, reason: str, error: type[Refusal]
) -> None:
    sitting = ready(session, 1, ("call",))
    draw(session, sitting)
    (seat,) = drawn(session, sitting)
    with pytest.raises(error):
        task_drawing.redraw(session, practical.REGISTRAR, sitting.id, seat, which, reason, now())


def test_drawing_anew_without_another_task_is_refused(session: Session) -> None:
    tasks.in_use(session)
    sitting = practical.practical_session(session)
    draw(session, sitting)
    (seat,) = drawn(session, sitting)
    with pytest.raises(Refusal, match="no other task"):
        task_drawing.redraw(session, practical.REGISTRAR, sitting.id, seat, "call", "泄露", now())

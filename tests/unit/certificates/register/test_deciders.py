from __future__ import annotations

from collections.abc import Callable

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.core.audit import SYSTEM, Actor
from app.core.clock import now
from app.core.errors import Refusal
from app.models.account import Role, User
from app.models.certificate import Certificate
from app.models.discarded import DiscardedSheet
from app.models.practical import RubricSheet
from app.models.registration import Application, Conflict, ExamSession, Part, Seat, StaffAssignment, Tie
from certificates.register import naming, replacing, revocation
from certificates.register.deciders import About, free_deciders, reasons, reasons_against_decider
from certificates.register.dossier import about
from certificates.register.issue import CertificateRefused, issue
from tests.factories import certificate_life as life
from tests.factories import certificates as factory
from tests.factories import people, theory

TIES = ["holder", "examined", "headed", *Tie]
Bind = Callable[[Session, User, Application], None]


def _seat(session: Session, applied: Application) -> Seat:
    query = select(Seat).join(ExamSession).where(Seat.application_id == applied.id, ExamSession.part == Part.PRACTICAL)
    return session.scalars(query).one()


def _holds(session: Session, user: User, applied: Application) -> None:
    applied.candidate.user_id = user.id


def _examined(session: Session, user: User, applied: Application) -> None:
    session.add(RubricSheet(seat_id=_seat(session, applied).id, examiner_id=user.id, order="first", rubric={}))


def _once_examined(session: Session, user: User, applied: Application) -> None:
    session.add(
        DiscardedSheet(sheet_id=7, seat_id=_seat(session, applied).id, examiner_id=user.id, order="first", rubric={},
                       marks={"J01": {"points": "5"}}, entries=[])
    )  # fmt: skip


def _headed(session: Session, user: User, applied: Application) -> None:
    session.add(
        StaffAssignment(session_id=_seat(session, applied).session_id, user_id=user.id, role="examiner", head=True)
    )


def _tied(tie: Tie) -> Bind:
    def bind(session: Session, user: User, applied: Application) -> None:
        session.add(Conflict(examiner_id=user.id, candidate_id=applied.candidate_id, tie=tie))

    return bind


def _taught(session: Session, user: User, applied: Application) -> None:
    applied.trainers = f"李老师、{user.name} 老师"


BINDS = {
    "own_certificate": _holds,
    "decider_examined": _examined,
    "decider_headed_panel": _headed,
    "decider_trained": _tied(Tie.TRAINER),
    "decider_kin": _tied(Tie.KIN),
    "decider_tied": _tied(Tie.DECLARED),
}


def test_who_is_named_as_trainer_in_the_application_does_not_decide(session: Session) -> None:
    user, actor = life.registrar(session)
    applied = factory.passed(session)
    _taught(session, user, applied)
    session.flush()
    assert [one.code for one in reasons_against_decider(session, actor, about(applied))] == ["decider_trained"]
    assert reasons_against_decider(session, life.registrar(session)[1], about(applied), untied=True) == ()


@pytest.mark.parametrize("code", BINDS)
def test_no_decision_of_any_kind_by_one_who_is_tied(session: Session, code: str) -> None:
    user, actor = life.registrar(session)
    applied = factory.passed(session)
    BINDS[code](session, user, applied)
    session.flush()
    with pytest.raises(CertificateRefused) as refused:
        issue(session, actor, applied.id, now(), factory.choice())
    assert [reason.code for reason in refused.value.reasons] == [code]
    made = issue(session, factory.REGISTRAR, applied.id, now(), factory.choice())
    revocation.suspend(session, factory.REGISTRAR, made.serial, "x", now())
    decisions: list[Callable[[], object]] = [
        lambda: revocation.suspend(session, actor, made.serial, "x", now()),
        lambda: revocation.reinstate(session, actor, made.serial, "x", now()),
        lambda: revocation.revoke(session, actor, made.serial, "x", now()),
        lambda: replacing.replace(session, actor, made.serial, "x", now(), factory.choice()),
        lambda: replacing.renew(session, actor, made.serial, "x", now(), factory.choice()),
        lambda: naming.correct_name(session, actor, applied.id, "王大明", "x", "x", now()),
    ]
    for decide in decisions:
        with pytest.raises(Refusal) as problem:
            decide()
        assert (problem.value.code, problem.value.status) == (code, 409)
        assert problem.value.details["reasons"]
    assert made.status == "suspended"


def test_another_registrar_the_system_and_the_command_line_may(session: Session) -> None:
    applied = factory.passed(session)
    _examined(session, people.user(session, Role.EXAMINER), applied)
    session.flush()
    for actor in (life.registrar(session)[1], SYSTEM, Actor(None, "root", "cli")):
        assert reasons_against_decider(session, actor, about(applied)) == ()


def test_who_rated_beside_the_examiners_or_never_marked_is_free(session: Session) -> None:
    user, actor = life.registrar(session)
    applied = factory.passed(session)
    seat = _seat(session, applied)
    session.add(RubricSheet(seat_id=seat.id, examiner_id=user.id, order="a1", rater_group="trainee", rubric={}))
    session.add(
        DiscardedSheet(
            sheet_id=8, seat_id=seat.id, examiner_id=user.id, order="second", rubric={}, marks={}, entries=[]
        )
    )
    session.flush()
    assert reasons_against_decider(session, actor, about(applied)) == ()


def test_a_sheet_taken_out_of_work_still_ties(session: Session) -> None:
    user, actor = life.registrar(session)
    applied = factory.passed(session)
    _once_examined(session, user, applied)
    session.flush()
    assert [one.code for one in reasons_against_decider(session, actor, about(applied))] == ["decider_examined"]


def test_another_level_is_another_matter(session: Session) -> None:
    user, actor = life.registrar(session)
    applied = factory.passed(session)
    _examined(session, user, applied)
    session.flush()
    other = About(applied.candidate, theory.SCHEME, "senior")
    assert reasons_against_decider(session, actor, other) == ()


def test_who_is_left_to_decide(session: Session) -> None:
    (tied, _), (free, _) = life.registrar(session), life.registrar(session)
    applied = factory.passed(session)
    _examined(session, tied, applied)
    session.flush()
    assert free_deciders(session, [tied, free], about(applied)) == [free]


@given(st.lists(st.sampled_from([*TIES, "something new"])))
def test_every_tie_forbids_and_each_kind_is_told_once(ties: list[str]) -> None:
    found = reasons(ties, decider="甲", holder="乙")
    codes = [one.code for one in found]
    assert bool(codes) == bool(ties)
    assert len(set(codes)) == len(codes)
    assert codes[:1] == (["own_certificate"] if "holder" in ties else codes[:1])
    assert all(one.message % dict(one.params) for one in found)


def test_a_batch_goes_on_without_the_one(session: Session) -> None:
    from certificates.batches.for_session import issue_for_session

    user, actor = life.registrar(session)
    first, second = factory.passed(session), factory.passed(session, name="李四")
    _examined(session, user, first)
    exam = _seat(session, second).session_id
    theory.seat(session, session.get_one(ExamSession, exam), first, 2)
    session.commit()
    outcomes = {one.application_id: one for one in issue_for_session(session, actor, exam, now(), factory.choice())}
    assert [reason.code for reason in outcomes[first.id].reasons] == ["decider_examined"]
    assert outcomes[second.id].status == "issued"
    assert session.scalars(select(Certificate.application_id)).all() == [second.id]

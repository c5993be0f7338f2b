"""What employers may ask at once, how it is counted, and what is told of a person."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import text
from sqlalchemy.orm import Session

from app.core.audit import Actor
from app.core.clock import now
from app.core.errors import Refusal
from app.models.account import Role
from certificates.register import batch_check, revocation
from certificates.register.batch_check import MOST, Question
from certificates.register.privacy import masked, same_name
from tests.factories import certificates as factory
from tests.factories import people


@pytest.fixture
def employer(session: Session) -> Actor:
    made = people.user(session, Role.VERIFIER)
    session.commit()
    return Actor(made.id, made.name, "api")


def ask(session: Session, actor: Actor, *questions: Question, quota: int = 1000) -> list[tuple[str, str | None]]:
    checked = batch_check.check(session, actor, questions, now(), quota=quota)
    return [(one.verdict, one.holder) for one in checked.answers]


def test_each_number_gets_its_own_answer_in_order(session: Session, employer: Actor) -> None:
    good, gone, hold = (factory.issued(session, name=name) for name in ("王小明", "李红", "阿卜杜热依木·麦麦提"))
    revocation.revoke(session, factory.REGISTRAR, gone.serial, "x", now())
    revocation.suspend(session, factory.REGISTRAR, hold.serial, "x", now())
    found = ask(
        session, employer, Question(good.serial), Question(good.serial, " 王小明 "), Question(good.serial, "王小红"),
        Question(gone.serial.lower().replace("-", " "), "李红"), Question(hold.serial, "阿卜杜热依木・麦麦提"),
        Question("301011-2026-AAAA-AAAAA", "王小明"), Question("nonsense"), Question(good.serial, "王小明"),
    )  # fmt: skip
    assert found == [
        ("valid", "王*"),
        ("valid", "王小明"),
        ("name_differs", None),
        ("revoked", "李红"),
        ("suspended", "阿卜杜热依木·麦麦提"),
        ("unknown", None),
        ("unknown", None),
        ("valid", "王小明"),
    ]


def test_a_day_has_its_quota_and_a_refusal_costs_nothing(session: Session, employer: Actor) -> None:
    three = [Question("x")] * 3
    assert batch_check.check(session, employer, three, now(), quota=5).left_today == 2
    with pytest.raises(Refusal) as refused:
        batch_check.check(session, employer, three, now(), quota=5)
    assert (refused.value.code, refused.value.status) == ("quota_exhausted", 429)
    assert refused.value.details == {"quota": 5, "left_today": 2}
    assert batch_check.check(session, employer, three[:2], now(), quota=5).left_today == 0
    assert batch_check.left_today(session, employer.user_id or 0, now(), quota=5) == 0
    with pytest.raises(Refusal):
        batch_check.check(session, Actor(people.user(session).id, "another"), three, now(), quota=2)


@pytest.mark.parametrize(("count", "code"), [(0, "nothing_to_check"), (MOST + 1, "too_many_to_check")])
def test_how_many_at_once(session: Session, employer: Actor, count: int, code: str) -> None:
    with pytest.raises(Refusal) as refused:
        batch_check.check(session, employer, [Question("x")] * count, now(), quota=9999)
    assert refused.value.code == code
    assert session.scalar(text("SELECT count(*) FROM verifier_use")) == 0


def test_the_log_of_decisions_counts_and_names_nobody(session: Session, employer: Actor) -> None:
    made = factory.issued(session)
    ask(session, employer, Question(made.serial, "王小红"), Question("x"))
    line = session.execute(text("SELECT actor_id, data FROM audit_line WHERE tag = 'register:checked'")).one()
    assert (line.actor_id, line.data) == (employer.user_id, {"asked": 2, "unknown": 1, "name_differs": 1})


@pytest.mark.parametrize(
    ("name", "shown"),
    [("张三", "张*"), ("欧阳修文", "欧*"), ("Zoë Müller", "Z*"), ("Zoë", "Z*"), ("𠮷田", "𠮷*"), (" 李 ", "李*"),
     ("É.", "É*"), ("", "*")],
)  # fmt: skip
def test_the_beginning_of_a_name(name: str, shown: str) -> None:
    assert masked(name) == shown


def test_names_are_compared_by_their_key() -> None:
    """The rule is app.core.names.key, and tested there."""
    assert same_name("阿卜杜热依木·麦麦提", "阿卜杜热依木•麦麦提")
    assert not same_name("﨑", "崎")


@given(st.text(max_size=40))
def test_a_name_is_itself_and_its_mask_tells_one_letter(name: str) -> None:
    assert same_name(name, f" {name} ")
    assert masked(name).endswith("*")

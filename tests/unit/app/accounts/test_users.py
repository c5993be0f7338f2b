"""Accounts and log-ins."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy.orm import Session

from app.accounts import passwords, users
from app.accounts.permissions import GRANTED, Permission, permissions_of
from app.core.audit import SYSTEM
from app.core.errors import Refusal
from app.models.account import LoginKind, Role

NOW = datetime(2026, 3, 1, 9, tzinfo=UTC)
VISIT = users.Visit(LoginKind.TOKEN, NOW, "10.0.0.1", "tests")


def made(session: Session, username: str = "zhao.min", password: str = "correct horse") -> None:
    users.create_user(session, SYSTEM, username=username, password=password, name="赵敏", roles=[Role.CANDIDATE])


def test_the_right_password_opens_a_login_that_ends_by_itself(session: Session) -> None:
    made(session)
    login = users.log_in(session, "zhao.min", "correct horse", VISIT)
    assert users.standing_login(session, login.id, NOW + timedelta(hours=1)) is login
    assert users.standing_login(session, login.id, NOW + users.LOGIN_LASTS) is None


@pytest.mark.parametrize("username, password", [("zhao.min", "wrong horse"), ("nobody", "correct horse")])
def test_wrong_name_and_wrong_password_are_told_alike(session: Session, username: str, password: str) -> None:
    made(session)
    with pytest.raises(Refusal) as refused:
        users.log_in(session, username, password, VISIT)
    assert (refused.value.code, refused.value.status) == ("login_failed", 401)


def test_logging_out_ends_this_login_only(session: Session) -> None:
    made(session)
    one, other = (users.log_in(session, "zhao.min", "correct horse", VISIT) for _ in "ab")
    users.log_out(session, one.id, NOW)
    assert users.standing_login(session, one.id, NOW) is None
    assert users.standing_login(session, other.id, NOW) is other


@pytest.mark.parametrize(
    "change, code",
    [
        ({"username": "ab"}, "username_invalid"),
        ({"username": "with space"}, "username_invalid"),
        ({"name": " "}, "name_invalid"),
        ({"password": "short"}, "password_short"),
    ],
)
def test_an_account_needs_a_usable_name_and_password(session: Session, change: dict[str, str], code: str) -> None:
    given = {"username": "somebody", "name": "某人", "password": "long enough", **change}
    with pytest.raises(Refusal) as refused:
        users.create_user(session, SYSTEM, roles=[Role.CANDIDATE], **given)
    assert refused.value.code == code


def test_a_taken_name_is_refused_and_leaves_the_transaction_usable(session: Session) -> None:
    made(session)
    with pytest.raises(Refusal, match="taken"):
        made(session)
    made(session, "another")


def test_no_role_may_both_mark_and_decide() -> None:
    for role in Role:
        granted = permissions_of([role])
        assert not {Permission.MARK_PRACTICAL, Permission.ISSUE_CERTIFICATES} <= granted
        assert not {Permission.SIT_EXAM, Permission.INTERVENE} <= granted
    assert set(GRANTED) == set(Role)


def test_generated_passwords_are_long_enough_and_differ() -> None:
    made_up = {passwords.generated() for _ in range(50)}
    assert len(made_up) == 50
    assert all(len(password) >= passwords.MINIMUM_LENGTH for password in made_up)

"""What administrators do with accounts."""

from __future__ import annotations

import pytest
from sqlalchemy.orm import Session

from app.accounts import administration, passwords, users
from app.accounts.many import NewAccount, create_users
from app.core.audit import Actor
from app.core.clock import now
from app.core.errors import NotFound, Refusal
from app.models.account import Role, User
from tests.factories import people

ADMINISTRATOR = Actor(None, "administrator", "test")


def test_roles_are_replaced_as_a_whole(session: Session) -> None:
    user = people.user(session, Role.PROCTOR, Role.AUTHOR)
    administration.set_roles(session, ADMINISTRATOR, user.id, [Role.PROCTOR, Role.EXAMINER], " 东湖学校 ")
    session.expire_all()
    assert user.roles == {Role.PROCTOR, Role.EXAMINER}
    assert user.organization == "东湖学校"


def test_closing_an_account_ends_its_logins(session: Session) -> None:
    user = people.user(session, Role.PROCTOR)
    login = people.login(session, user)
    assert users.standing_login(session, login.id, now())
    administration.set_active(session, ADMINISTRATOR, user.id, False, now())
    session.expire_all()
    assert login.ended_at is not None
    assert users.standing_login(session, login.id, now()) is None
    administration.set_active(session, ADMINISTRATOR, user.id, True, now())
    assert user.active


def test_a_new_password_replaces_the_old_one(session: Session) -> None:
    user = people.user(session, Role.PROCTOR)
    fresh = administration.renew_password(session, ADMINISTRATOR, user.id, now())
    assert passwords.matches(user.password_hash, fresh)
    assert not passwords.matches(user.password_hash, people.PASSWORD)


def test_nobody_locks_themselves_out(session: Session) -> None:
    me = people.user(session, Role.ADMINISTRATOR)
    actor = Actor(me.id, me.name, "test")
    with pytest.raises(Refusal):
        administration.set_active(session, actor, me.id, False, now())
    with pytest.raises(Refusal):
        administration.set_roles(session, actor, me.id, [Role.AUTHOR], "")
    assert me.roles == {Role.ADMINISTRATOR}


def test_an_account_that_is_not_there(session: Session) -> None:
    with pytest.raises(NotFound):
        administration.account(session, 999)


def test_accounts_are_found_by_role_and_text(session: Session) -> None:
    wanted = people.user(session, Role.PROCTOR, name="欧阳喆芃")
    people.user(session, Role.EXAMINER, name="欧阳明")
    rows, total = administration.accounts(session, role="proctor", text="欧阳")
    assert ([row.id for row in rows], total) == ([wanted.id], 1)
    assert administration.accounts(session, text="%")[1] == 0


def test_many_accounts_at_once_log_in_like_others(session: Session) -> None:
    wanted = [NewAccount(f"many-{n}", passwords.generated(), "某人") for n in range(3)]
    numbers = create_users(session, ADMINISTRATOR, Role.CANDIDATE, wanted, "学校")
    for number, account in zip(numbers, wanted, strict=True):
        user = session.get_one(User, number)
        assert (user.username, user.roles, user.organization) == (account.username, {Role.CANDIDATE}, "学校")
        assert passwords.matches(user.password_hash, account.password)


def test_many_accounts_are_made_all_or_none(session: Session) -> None:
    taken = people.user(session, Role.PROCTOR)
    wanted = [NewAccount(name, passwords.generated(), "某人") for name in ("fresh-one", taken.username)]
    with pytest.raises(Refusal) as refused:
        create_users(session, ADMINISTRATOR, Role.CANDIDATE, wanted)
    assert refused.value.code == "username_taken"
    assert administration.accounts(session, text="fresh-one")[1] == 0

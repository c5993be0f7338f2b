from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.accounts.addresses import plain_address, save_email
from app.core.audit import Actor
from app.core.errors import NotFound, Refusal
from app.models.account import Role
from app.models.audit import AuditLine
from tests.factories import people


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("", ""),
        ("  ", ""),
        (" wang@example.com ", "wang@example.com"),
        ("wang.xiao+ming@mail.example.com.cn", "wang.xiao+ming@mail.example.com.cn"),
        ("wang＠example．com", "wang@example.com"),
    ],
)
def test_kept(typed: str, kept: str) -> None:
    assert plain_address(typed) == kept


@pytest.mark.parametrize(
    "typed",
    ["wang", "wang@", "@example.com", "wang@example", "a b@example.com", "wang@example.com, li@example.com",
     "wang@example.com\nBcc: x@example.com", "王@example.com", ".a@example.com", "a..b@example.com", "a@-x.com",
     "x" * 65 + "@example.com", "a@" + "x." * 130 + "com", "<a@example.com>"],
)  # fmt: skip
def test_refused(typed: str) -> None:
    with pytest.raises(Refusal) as refused:
        plain_address(typed)
    assert refused.value.code == "email_invalid"


@given(st.text(max_size=60))
def test_nothing_slips_into_a_header(typed: str) -> None:
    try:
        kept = plain_address(typed)
    except Refusal:
        return
    assert kept.isascii()
    assert not set(kept) & set(' \r\n,;<>"()\\')


def test_saved_with_a_line_that_does_not_tell_it(session: Session) -> None:
    user = people.user(session, Role.CANDIDATE)
    for typed in ("wang@example.com", "wang@example.com", ""):
        save_email(session, Actor(user.id, user.name), user.id, typed)
    assert user.email == ""
    lines = session.scalars(select(AuditLine).where(AuditLine.subject == "user").order_by(AuditLine.id)).all()
    assert [line.tag for line in lines][-2:] == ["user:email:saved", "user:email:removed"]
    assert "example" not in str([line.data for line in lines])
    with pytest.raises(NotFound):
        save_email(session, Actor(user.id, user.name), 4711, "")

"""Where a person wants to be written to."""

from __future__ import annotations

import re

from sqlalchemy.orm import Session

from app.core import audit
from app.core.audit import Actor
from app.core.errors import N_, NotFound, Refusal
from app.models.account import User

LONGEST = 254
_LOCAL = r"[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+(?:\.[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+)*"
_LABEL = r"[A-Za-z0-9](?:[A-Za-z0-9-]{0,61}[A-Za-z0-9])?"
_ADDRESS = re.compile(rf"{_LOCAL}@(?:{_LABEL}\.)+[A-Za-z][A-Za-z0-9-]*[A-Za-z0-9]")


def save_email(session: Session, actor: Actor, user_id: int, typed: str) -> str:
    """The address as it is kept; an empty one ends all messages. The log keeps that it changed, not the address."""
    address = plain_address(typed)
    user = session.get(User, user_id)
    if user is None:
        raise NotFound
    if user.email != address:
        user.email = address
        audit.record(session, "user:email:saved" if address else "user:email:removed", actor, "user", user_id)
    return address


def plain_address(typed: str) -> str:
    """What can be written to; refuses anything that mail servers would not take or would take for two."""
    address = typed.strip().replace("＠", "@").replace("．", ".")
    if not address:
        return ""
    local = address.partition("@")[0]
    if len(address) > LONGEST or len(local) > 64 or not _ADDRESS.fullmatch(address):
        raise Refusal(
            "email_invalid",
            N_("“%(address)s” is no e-mail address that can be written to. It looks like name@example.com."),
            address=address[:80],
        )
    return address

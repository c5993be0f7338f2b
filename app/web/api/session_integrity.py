"""The terms of integrity of a session: what is recorded, which browser is asked for, whether pictures are taken."""

from __future__ import annotations

from typing import Annotated, Literal, get_args

from pydantic import Field

from app.accounts.permissions import Permission
from app.core import clock
from app.core.db import db
from app.web import access, lockdown
from app.web.api.operation import Body, operation
from proctoring import terms
from proctoring.lockdown import Mode
from proctoring.terms import LEAST_SECONDS, LONGEST_PURPOSE, MOST_DAYS, MOST_KEYS, MOST_SECONDS, Terms, Wish

ChosenKind = Literal["focus", "paste", "copy", "print", "screens", "address"]


class TermsSent(Body):
    signals: list[ChosenKind] = Field(default=list(get_args(ChosenKind)), max_length=20)
    full_screen: bool = False
    lockdown: Literal["off", "allowed", "required"] = "off"
    quit_password: str | None = Field(default=None, max_length=100, description="null keeps the present one")
    extra_keys: list[Annotated[str, Field(max_length=64)]] = Field(default=[], max_length=MOST_KEYS)
    camera: bool = False
    screen: bool = False
    capture_seconds: int = Field(default=120, ge=LEAST_SECONDS, le=MOST_SECONDS, strict=True)
    keep_days: int = Field(default=30, ge=1, le=MOST_DAYS, strict=True)
    purpose: str = Field(default="", max_length=LONGEST_PURPOSE)


class TermsShown(Body):
    session: int
    signals: list[str]
    full_screen: bool
    lockdown: str
    quit_password: bool = Field(description="Whether there is one")
    config_key: str
    config_url: str | None = Field(description="Where Safe Exam Browser fetches its configuration")
    config_link: str | None = Field(description="A link that opens it in Safe Exam Browser")
    extra_keys: list[str]
    camera: bool
    screen: bool
    capture_seconds: int
    keep_days: int
    purpose: str


@operation("GET", "/sessions/<id:session_id>/integrity", Permission.READ_SESSIONS, "What is recorded and asked for",
           returns=TermsShown, errors=(404,))  # fmt: skip
def show_terms(session_id: int) -> TermsShown:
    terms.theory_session(db.session(), session_id)
    return _shown(session_id, terms.terms_of(db.session(), session_id))


@operation("PUT", "/sessions/<id:session_id>/integrity", Permission.PLAN_SESSIONS, "Change what is recorded or asked",
           body=TermsSent, returns=TermsShown, errors=(404, 409))  # fmt: skip
def change_terms(session_id: int, body: TermsSent) -> TermsShown:
    given = body.model_dump(exclude={"quit_password", "signals", "extra_keys"})
    wanted = Terms(**given, signals=tuple(body.signals), extra_keys=tuple(body.extra_keys))
    wish = Wish(wanted, body.quit_password)
    start = lockdown.start_address(session_id)
    found = terms.change(db.session(), access.principal().actor, session_id, wish, start, clock.now())
    db.session.commit()
    return _shown(session_id, found)


def _shown(session_id: int, found: Terms) -> TermsShown:
    offered = found.lockdown != Mode.OFF
    return TermsShown(
        session=session_id, signals=list(found.signals), full_screen=found.full_screen, lockdown=found.lockdown,
        quit_password=bool(found.quit_hash), config_key=found.config_key, extra_keys=list(found.extra_keys),
        config_url=lockdown.file_address(session_id) if offered else None,
        config_link=lockdown.file_address(session_id, "seb") if offered else None, camera=found.camera,
        screen=found.screen, capture_seconds=found.capture_seconds, keep_days=found.keep_days, purpose=found.purpose,
    )  # fmt: skip

"""From a file on a stick to changes whose origin is proved: opened by our key, sworn to by the token we gave out."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Annotated, Any
from uuid import UUID

from flask import current_app
from pydantic import AwareDatetime, BaseModel, Field, ValidationError

from app.core import clock
from app.core.db import db
from app.core.errors import N_, Refusal
from app.core.rescue_key import GARBLED, rescue_key
from app.delivery import rescue
from app.delivery.receipts import Change
from app.delivery.rescue import Brought, Received
from app.web import attempt_token
from app.web.api.attempts import ChangeSent
from app.web.watching import watcher
from proctoring import duty, snapshot

MOST_BYTES = 2 * 1024 * 1024
MOST_CHANGES = 2000


class Inside(BaseModel):
    """What the exam page writes into the file."""

    attempt: Annotated[int, Field(ge=1)]
    client: UUID
    token: Annotated[str, Field(max_length=400)]
    made_at: AwareDatetime
    changes: Annotated[list[ChangeSent], Field(max_length=MOST_CHANGES)]


def parsed(raw: bytes) -> dict[str, Any]:
    """An uploaded file as the form it should have."""
    try:
        found = json.loads(raw)
    except ValueError:
        found = None
    if len(raw) > MOST_BYTES or not isinstance(found, dict):
        message = N_("This is no emergency file of the exam page. Choose the file whose name ends in .rescue.")
        raise Refusal("rescue_unknown", message)
    return found


def receive(session_id: int, file: Mapping[str, Any]) -> Received:
    """By whoever watches the session; commits."""
    session, person = db.session(), watcher()
    duty.watched_session(session, person, session_id)
    received = rescue.receive(session, person.actor, session_id, _brought(file), clock.now())
    session.commit()
    snapshot.forget(session_id)
    return received


def _brought(file: Mapping[str, Any]) -> Brought:
    secret = current_app.config["SECRET_KEY"]
    try:
        inside = Inside.model_validate(rescue_key(secret).open(file))
    except ValidationError as error:
        raise Refusal("rescue_garbled", GARBLED) from error
    claims = attempt_token.read(inside.token, secret)
    if claims is None or (claims.attempt_id, claims.client) != (inside.attempt, inside.client):
        message = N_("This file was not made by a candidate's exam page of this server. Nothing was taken from it.")
        raise Refusal("rescue_forged", message)
    if any(_broken(text) for one in inside.changes for text in one.answer):
        raise Refusal("rescue_garbled", GARBLED)
    written = json.dumps({name: file[name] for name in sorted(file)}, separators=(",", ":"))
    changes = tuple(Change(one.seq, one.position, tuple(one.answer), one.flagged) for one in inside.changes)
    return Brought(written, inside.attempt, inside.client, inside.made_at, changes)


def _broken(text: str) -> bool:
    """NUL and half a pair are no text that can be kept."""
    return "\0" in text or any("\ud800" <= one <= "\udfff" for one in text)

"""Terms of integrity for a session under test, and browsers that keep to them or do not."""

from __future__ import annotations

import base64
from io import BytesIO
from typing import Any

from flask import Flask
from PIL import Image
from sqlalchemy.orm import Session

from app.core.audit import Actor
from app.core.clock import now as clock_now
from app.models.integrity import SessionIntegrity
from proctoring import lockdown, terms
from proctoring.terms import Terms, Wish
from tests.factories.rooms import Room

REGISTRAR = Actor(None, "registrar", "test")
START = "https://exam.example/admission"
PURPOSE = "To see that the person at the computer stays the same."


def agreed(session: Session, session_id: int, **chosen: Any) -> Terms:
    """Terms that a registrar has put in force before the doors opened; committed."""
    pictures = {"purpose": PURPOSE} if chosen.get("camera") or chosen.get("screen") else {}
    wish = Wish(Terms(**{**pictures, **chosen}))
    found = _before_opening(session, session_id, wish)
    session.commit()
    return found


def _before_opening(session: Session, session_id: int, wish: Wish) -> Terms:
    exam = terms.theory_session(session, session_id)
    state, exam.state = exam.state, "prepared"
    session.flush()
    found = terms.change(session, REGISTRAR, session_id, wish, START, clock_now())
    exam.state = state
    session.flush()
    return found


def header(app: Flask, session: Session, room: Room, path: str, key: str = "") -> dict[str, str]:
    """What Safe Exam Browser sends with a request, by the session's own configuration unless told otherwise."""
    row = session.get_one(SessionIntegrity, room.session_id)
    address = app.extensions["settings"].public_url + path
    return {"X-SafeExamBrowser-ConfigKeyHash": lockdown.request_hash(address, key or row.config_key)}


def picture(size: tuple[int, int] = (320, 240)) -> bytes:
    kept = BytesIO()
    Image.new("RGB", size, "teal").save(kept, "JPEG")
    return kept.getvalue()


def sent(kind: str = "camera") -> dict[str, Any]:
    """A picture as the page sends it."""
    return {"kind": kind, "at": clock_now().isoformat(), "picture": base64.b64encode(picture()).decode()}

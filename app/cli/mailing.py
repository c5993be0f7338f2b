"""The worker's part in writing to people: one message after the other, each marked as sent as soon as it was taken."""

from __future__ import annotations

import structlog
from flask import current_app
from sqlalchemy.orm import Session

from app.config import Settings
from app.core import clock, mail
from app.core.db import db
from app.core.mail import Post, Waiting
from app.web.certificate_mail import letter

log = structlog.get_logger()
_AT_ONCE = 200
"""Then the connection is given back, and other work has its turn."""


def send_mail() -> int:
    """How many went out. A server that does not answer delays them; an address that does not exist ends its message."""
    settings: Settings = current_app.extensions["settings"]
    session = db.session()
    if not mail.sends(settings) or not mail.is_waiting(session, clock.now()):
        return 0
    try:
        with mail.post(settings) as post, current_app.test_request_context():
            return _all(session, post, settings) if post is not None else 0
    except OSError as error:
        session.rollback()
        log.warning("mail_server_unreachable", error=type(error).__name__)
        mail.put_all_off(session, _words(error), clock.now())
        session.commit()
        return 0


def _all(session: Session, post: Post, settings: Settings) -> int:
    count = 0
    for _ in range(_AT_ONCE):
        message = mail.take(session, clock.now())
        if message is None:
            break
        count += _sent(session, message, post, settings)
        session.commit()
    return count


def _sent(session: Session, message: Waiting, post: Post, settings: Settings) -> bool:
    now = clock.now()
    if now - message.created_at > mail.KEPT or not message.address:
        mail.give_up(session, message, "too old" if message.address else "no address")
        return False
    written = letter(session, message, settings, now)
    if written is None:
        mail.give_up(session, message, "nothing to tell any more")
        return False
    try:
        post.send(written)
    except OSError as error:
        if mail.permanent(error):
            mail.give_up(session, message, _words(error))
        else:
            mail.put_off(session, message, _words(error), now)
        return False
    mail.sent(session, message, now)
    return True


def _words(error: OSError) -> str:
    return f"{type(error).__name__}: {error}"

"""E-mail: the messages that wait, and the ways to send one: by SMTP, or as files in a folder for demonstrations.

A message is queued in the transaction of what it tells of, and sent later by the worker. It is marked as sent after the
server took it, so that a crash in between sends it twice rather than never; the same Message-ID tells readers so.
"""

from __future__ import annotations

import smtplib
import ssl
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta
from email.message import EmailMessage
from pathlib import Path
from typing import Protocol
from urllib.parse import unquote, urlsplit

from sqlalchemy import text
from sqlalchemy.orm import Session

from app.config import Settings

PATIENCE = 20.0
MOST_TRIES = 12
KEPT = timedelta(days=30)
"""Older news is none: what could not be sent until then is given up."""
FOLDER = "mail"
_TAKE = text(
    "SELECT m.id, m.user_id, m.kind, m.subject_id, m.created_at, u.email, u.locale, u.name FROM mail_message m"
    " JOIN user_account u ON u.id = m.user_id WHERE m.state = 'waiting' AND m.not_before <= :now"
    " ORDER BY m.not_before, m.id LIMIT 1 FOR UPDATE OF m SKIP LOCKED"
)
_DUE = text("SELECT EXISTS (SELECT FROM mail_message WHERE state = 'waiting' AND not_before <= :now)")
_SENT = text("UPDATE mail_message SET state = 'sent', sent_at = :now, error = '' WHERE id = :id")
_GIVE_UP = text("UPDATE mail_message SET state = 'failed', error = :error WHERE id = :id")
_PUT_OFF = text(
    "UPDATE mail_message SET tries = tries + 1, error = :error, not_before = CAST(:now AS timestamptz)"
    " + make_interval(secs => least(30 * 2 ^ least(tries, 10), 14400)),"
    " state = CASE WHEN tries + 1 >= :most THEN 'failed' ELSE state END WHERE id = :id"
)
_PUT_ALL_OFF = text(
    "UPDATE mail_message SET error = :error, tries = tries + 1, not_before = CAST(:now AS timestamptz)"
    " + make_interval(secs => least(30 * 2 ^ least(tries, 10), 14400)) WHERE id IN (SELECT id FROM mail_message"
    " WHERE state = 'waiting' AND not_before <= :now FOR UPDATE SKIP LOCKED)"
)


@dataclass(frozen=True)
class Waiting:
    """A queued message, and whom it goes to."""

    id: int
    user_id: int
    kind: str
    subject_id: int
    created_at: datetime
    address: str
    locale: str | None
    name: str


class Post(Protocol):
    """Something that takes a message for good, or raises OSError (smtplib's errors are such)."""

    def send(self, message: EmailMessage) -> None: ...


class PostFolder:
    """Keeps each message as a file that mail programs open."""

    def __init__(self, folder: Path) -> None:
        folder.mkdir(parents=True, exist_ok=True)
        self._folder = folder

    def send(self, message: EmailMessage) -> None:
        name = str(message["Message-ID"]).strip("<>").partition("@")[0]
        fresh = self._folder / f".{name}.tmp"
        fresh.write_bytes(message.as_bytes())
        fresh.rename(self._folder / f"{name}.eml")


class PostOffice:
    """A mail server."""

    def __init__(self, server: smtplib.SMTP) -> None:
        self._server = server

    def send(self, message: EmailMessage) -> None:
        self._server.send_message(message)


@contextmanager
def post(settings: Settings) -> Iterator[Post | None]:
    """Where messages go; None where none are sent."""
    if settings.smtp_url:
        with _server(settings.smtp_url) as server:
            yield PostOffice(server)
    else:
        yield PostFolder(settings.data_dir / FOLDER) if settings.demonstration else None


def sends(settings: Settings) -> bool:
    return bool(settings.smtp_url) or settings.demonstration


def permanent(error: OSError) -> bool:
    """Whether the server will say the same next time: no such address, or a message that it does not take."""
    if isinstance(error, smtplib.SMTPRecipientsRefused):
        return all(code >= 500 for code, _ in error.recipients.values())
    return isinstance(error, smtplib.SMTPDataError | smtplib.SMTPSenderRefused) and error.smtp_code >= 500


def queue(session: Session, kind: str, messages: Sequence[tuple[int, int]]) -> None:
    """(account, row) each; what is queued already stays as it is."""
    told = [{"kind": kind, "user": user, "subject": subject} for user, subject in messages]
    if told:
        session.execute(_QUEUE, told)


_QUEUE = text(
    "INSERT INTO mail_message (kind, user_id, subject_id) VALUES (:kind, :user, :subject) ON CONFLICT DO NOTHING"
)


def take(session: Session, now: datetime) -> Waiting | None:
    """One that is due, held by this transaction."""
    row = session.execute(_TAKE, {"now": now}).first()
    return Waiting(*row) if row else None


def is_waiting(session: Session, now: datetime) -> bool:
    """Whether one is due: asked before anybody is called up for it."""
    return bool(session.scalar(_DUE, {"now": now}))


def put_all_off(session: Session, error: str, now: datetime) -> None:
    """Those that are due: who could not be reached for one cannot be reached for the others."""
    session.execute(_PUT_ALL_OFF, {"error": error[:500], "now": now})


def sent(session: Session, message: Waiting, now: datetime) -> None:
    session.execute(_SENT, {"id": message.id, "now": now})


def give_up(session: Session, message: Waiting, error: str) -> None:
    session.execute(_GIVE_UP, {"id": message.id, "error": error[:500]})


def put_off(session: Session, message: Waiting, error: str, now: datetime) -> None:
    session.execute(_PUT_OFF, {"id": message.id, "error": error[:500], "now": now, "most": MOST_TRIES})


@contextmanager
def _server(url: str) -> Iterator[smtplib.SMTP]:
    parts = urlsplit(url)
    host, trusted = parts.hostname or "localhost", ssl.create_default_context()
    if parts.scheme == "smtps":
        server: smtplib.SMTP = smtplib.SMTP_SSL(host, parts.port or 465, timeout=PATIENCE, context=trusted)
    else:
        server = smtplib.SMTP(host, parts.port or 587, timeout=PATIENCE)
    with server:
        if parts.scheme == "smtp":
            server.starttls(context=trusted)
        if parts.username:
            server.login(unquote(parts.username), unquote(parts.password or ""))
        yield server

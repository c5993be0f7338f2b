"""Holders hear of their certificates: as files in a demonstration, by SMTP otherwise, and late rather than never."""

from __future__ import annotations

import smtplib
import socketserver
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import timedelta
from email import message_from_bytes, policy
from email.message import EmailMessage
from pathlib import Path
from typing import Any

import pytest
from flask import Flask, current_app
from sqlalchemy import select, update
from sqlalchemy.orm import Session

from app.cli.mailing import send_mail
from app.config import Settings
from app.core import mail
from app.models.certificate import Certificate
from app.models.mail import MailMessage
from certificates.register import revocation
from tests.factories import certificates as factory


@pytest.fixture
def settings(app: Flask, tmp_path: Path) -> Iterator[Settings]:
    kept = app.extensions["settings"]
    app.extensions["settings"] = replace(kept, data_dir=tmp_path, public_url="https://exam.example.org")
    yield app.extensions["settings"]
    app.extensions["settings"] = kept


def issued(session: Session, *, email: str = "wang@example.com", locale: str | None = None) -> Certificate:
    user = factory.candidate(session)
    user.email, user.locale = email, locale
    return factory.issued(session, user=user)


def letters(settings: Settings) -> list[EmailMessage]:
    files = sorted((settings.data_dir / mail.FOLDER).glob("*.eml"))
    return [message_from_bytes(one.read_bytes(), policy=policy.default) for one in files]  # type: ignore[misc]


def message(session: Session) -> MailMessage:
    session.expire_all()
    return session.scalars(select(MailMessage)).one()


def configured(settings: Settings, **changes: Any) -> Settings:
    current_app.extensions["settings"] = replace(settings, **changes)
    return current_app.extensions["settings"]


def test_a_file_in_the_demonstration(session: Session, settings: Settings) -> None:
    made = issued(session)
    assert send_mail() == 1
    assert send_mail() == 0
    (letter,) = letters(settings)
    assert letter["To"] == "wang@example.com"
    assert "您的证书已签发" in letter["Subject"]
    text = letter.get_content()
    assert made.serial in text
    assert "https://exam.example.org/results" in text
    assert f"https://exam.example.org/verify/{made.serial}" in text
    assert "演示" in text
    assert not list(letter.iter_attachments())
    assert (message(session).state, message(session).sent_at is not None) == ("sent", True)


def test_in_the_language_of_the_holder_and_with_the_file_where_set(session: Session, settings: Settings) -> None:
    made = issued(session, locale="en")
    configured(settings, mail_attach=True)
    assert send_mail() == 1
    (letter,) = letters(settings)
    assert letter["Content-Language"] == "en"
    assert letter["Subject"].startswith("Your certificate is issued")
    (attached,) = letter.iter_attachments()
    assert attached.get_content() == made.pdf  # type: ignore[attr-defined]


def test_who_gave_no_address_gets_none(session: Session, settings: Settings) -> None:
    issued(session, email="")
    assert session.scalars(select(MailMessage)).all() == []
    assert send_mail() == 0


def test_nothing_is_sent_without_a_server_outside_a_demonstration(session: Session, settings: Settings) -> None:
    issued(session)
    configured(settings, demonstration=False)
    assert send_mail() == 0
    assert message(session).state == "waiting"


def test_a_revoked_one_is_not_announced(session: Session, settings: Settings) -> None:
    made = issued(session)
    revocation.revoke(session, factory.REGISTRAR, made.serial, "x", factory.clock_now())
    session.commit()
    assert send_mail() == 0
    assert (message(session).state, letters(settings)) == ("failed", [])


def test_old_news_is_given_up(session: Session, settings: Settings) -> None:
    issued(session)
    session.execute(update(MailMessage).values(created_at=factory.clock_now() - timedelta(days=31)))
    session.commit()
    assert send_mail() == 0
    assert message(session).error == "too old"


def test_a_server_that_is_down_delays(session: Session, settings: Settings) -> None:
    issued(session)
    configured(settings, smtp_url="smtp+plain://127.0.0.1:9")
    assert send_mail() == 0
    kept = message(session)
    assert (kept.state, kept.tries, "refused" in kept.error) == ("waiting", 1, True)
    assert kept.not_before > factory.clock_now()
    session.execute(update(MailMessage).values(not_before=factory.clock_now()))
    session.commit()
    configured(settings, smtp_url="")
    assert send_mail() == 1


@pytest.mark.parametrize(
    ("error", "state"),
    [
        (smtplib.SMTPRecipientsRefused({"wang@example.com": (550, b"no such user")}), "failed"),
        (smtplib.SMTPRecipientsRefused({"wang@example.com": (450, b"mailbox busy")}), "waiting"),
        (smtplib.SMTPDataError(554, b"not taken"), "failed"),
        (smtplib.SMTPServerDisconnected("gone"), "waiting"),
    ],
)
def test_what_the_server_says_decides(
    session: Session, settings: Settings, monkeypatch: pytest.MonkeyPatch, error: OSError, state: str
) -> None:
    def refuse(*_: object) -> None:
        raise error

    issued(session)
    monkeypatch.setattr(mail.PostFolder, "send", refuse)
    assert send_mail() == 0
    assert message(session).state == state
    assert message(session).error


class _Dialogue(socketserver.StreamRequestHandler):
    """As much of a mail server as one message needs."""

    def handle(self) -> None:
        self._say("220 ready")
        for line in self.rfile:
            word = line.strip().upper()
            if word.startswith(b"DATA"):
                self._say("354 go on")
                text = b"".join(iter(self.rfile.readline, b".\r\n"))
                self.server.taken.append(text)  # type: ignore[attr-defined]
            self._say("221 bye" if word.startswith(b"QUIT") else "250 good")

    def _say(self, words: str) -> None:
        self.wfile.write(f"{words}\r\n".encode())


@contextmanager
def mail_server() -> Iterator[tuple[int, list[bytes]]]:
    with socketserver.TCPServer(("127.0.0.1", 0), _Dialogue) as server:
        server.taken = []  # type: ignore[attr-defined]
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield server.server_address[1], server.taken  # type: ignore[attr-defined]
        server.shutdown()


def test_by_smtp(session: Session, settings: Settings) -> None:
    issued(session)
    with mail_server() as (port, taken):
        configured(settings, demonstration=False, smtp_url=f"smtp+plain://127.0.0.1:{port}", mail_from="a@example.org")
        assert send_mail() == 1
    letter = message_from_bytes(taken[0], policy=policy.default)
    assert (letter["From"], letter["To"]) == ("a@example.org", "wang@example.com")
    assert letter["Message-ID"].endswith("@exam.example.org>")

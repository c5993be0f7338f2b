"""What a holder reads by e-mail when a certificate was issued, in the language of their account."""

from __future__ import annotations

from datetime import datetime
from email.message import EmailMessage
from email.utils import format_datetime
from urllib.parse import urlsplit

from flask import render_template
from flask_babel import force_locale
from flask_babel import gettext as _
from sqlalchemy.orm import Session, undefer

from app.config import Settings
from app.core.mail import Waiting
from app.models.certificate import Certificate
from app.registration.facts import day_of
from app.web.language import LANGUAGES
from app.web.titles import level_title, scheme_title
from certificates.register.document import whole
from certificates.register.entries import is_over


def letter(session: Session, waiting: Waiting, settings: Settings, now: datetime) -> EmailMessage | None:
    """None where there is nothing to tell any more: it was revoked or replaced before the message could go out."""
    certificate = session.get(Certificate, waiting.subject_id, options=[undefer(Certificate.pdf)])
    if certificate is None or certificate.status != "valid" or is_over(certificate, day_of(now)):
        return None
    language = waiting.locale if waiting.locale in LANGUAGES else "zh_CN"
    with force_locale(language):
        message = _written(certificate, settings)
    message["To"] = waiting.address
    message["From"] = settings.mail_from or f"no-reply@{_host(settings)}"
    message["Date"] = format_datetime(now)
    message["Message-ID"] = f"<certificate-{waiting.id}-{certificate.id}@{_host(settings)}>"
    message["Auto-Submitted"] = "auto-generated"
    if settings.mail_attach:
        file = whole(session, certificate)
        message.add_attachment(file, "application", "pdf", filename=f"certificate-{certificate.serial}.pdf")
    message["Content-Language"] = language.replace("_", "-")
    return message


def _written(certificate: Certificate, settings: Settings) -> EmailMessage:
    scheme, level = scheme_title(certificate.scheme), level_title(certificate.scheme, certificate.level)
    message = EmailMessage()
    message["Subject"] = _("Your certificate is issued: %(scheme)s, %(level)s", scheme=scheme, level=level)
    message.set_content(
        render_template(
            "mail/certificate_issued.txt", one=certificate, scheme=scheme, level=level, settings=settings,
            results=f"{settings.public_url}/results", verify=f"{settings.public_url}/verify/{certificate.serial}",
        )
    )  # fmt: skip
    return message


def _host(settings: Settings) -> str:
    return urlsplit(settings.public_url).hostname or "localhost"

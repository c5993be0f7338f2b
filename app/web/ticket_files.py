"""Admission tickets as a file to print, for the candidate and for the registrar."""

from __future__ import annotations

from collections.abc import Sequence

from flask import Response, current_app, url_for
from flask_babel import gettext as _

from app.config import Settings
from app.core.heavy import apart
from app.models.registration import ExamSession
from app.registration.admission_window import HOURS_BEFORE
from app.registration.facts import BODY_ZONE
from app.registration.tickets import Ticket
from app.schemes.scheme import scheme as scheme_of
from certificates.papers import ticket
from certificates.papers.ticket import TicketFace


def pdf_of(row: ExamSession, tickets: Sequence[Ticket], filename: str) -> Response:
    content = apart(ticket.draw, [_face(row, one) for one in tickets], _("Admission tickets"))
    answer = Response(content, mimetype="application/pdf")
    answer.headers["Content-Disposition"] = f'attachment; filename="{filename}"'
    return answer


def _face(row: ExamSession, one: Ticket) -> TicketFace:
    settings: Settings = current_app.extensions["settings"]
    level = scheme_of(row.scheme).level(row.level)
    opens, closes = row.opens_at.astimezone(BODY_ZONE), row.closes_at.astimezone(BODY_ZONE)
    same_day = opens.date() == closes.date()
    until = closes.strftime("%H:%M" if same_day else "%Y-%m-%d %H:%M")
    place = f"{one.room} / {one.seat}" if one.room else str(one.seat)
    return TicketFace(
        holder_name=one.holder, identity=one.identity, photo=one.photo,
        exam=f"{scheme_of(row.scheme).name} {level.name} · 理论知识考试", time=f"{opens:%Y-%m-%d %H:%M} – {until}",
        site=_plain(f"{row.site.name} {row.site.address}"), place=place, number=one.number, code=one.code,
        issuer_name=settings.issuer, login_url=f"{settings.public_url}{url_for('account.admit')}",
        minutes=row.minutes, late_minutes=row.late_entry_minutes, hours_before=HOURS_BEFORE,
        demonstration=row.demonstration,
    )  # fmt: skip


def _plain(text: str) -> str:
    return " ".join(text.split())

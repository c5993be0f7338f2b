"""Tells holders by e-mail, where they gave an address, that a certificate is theirs."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from app.core import mail
from app.models.account import User
from app.models.certificate import Certificate
from app.models.mail import MailMessage
from app.models.registration import Application, Candidate, Seat

ISSUED = "certificate_issued"


def announce(session: Session, certificates: Sequence[int]) -> None:
    """In the transaction that stores them: nobody hears of a certificate that was never issued, or not of one that
    was."""
    query = (
        select(User.id, Certificate.id)
        .join_from(Certificate, Application, Application.id == Certificate.application_id)
        .join(Candidate, Candidate.id == Application.candidate_id)
        .join(User, User.id == Candidate.user_id)
        .where(Certificate.id.in_(certificates), User.email != "", User.active)
    )
    mail.queue(session, ISSUED, [(user, certificate) for user, certificate in session.execute(query)])


def counts(session: Session, session_id: int) -> dict[str, int]:
    """Messages about the certificates of a session, by how they fared."""
    query = (
        select(MailMessage.state, func.count())
        .join(Certificate, Certificate.id == MailMessage.subject_id)
        .join(Seat, Seat.application_id == Certificate.application_id)
        .where(MailMessage.kind == ISSUED, Seat.session_id == session_id)
        .group_by(MailMessage.state)
    )
    found = {row[0]: row[1] for row in session.execute(query)}
    return {state: found.get(state, 0) for state in ("sent", "waiting", "failed")}

"""All that is on file when a certificate is decided, gathered for the rules."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import exists, func, or_, select
from sqlalchemy.orm import Session

from app.core.audit import Actor
from app.models.certificate import Certificate, CertificateStatus
from app.models.monitoring import Incident
from app.models.registration import Application, ApplicationStatus, Room, Seat
from app.registration.facts import day_of, reasons_against_application
from app.results.history import results_of, sitting
from app.schemes.scheme import Level
from app.schemes.scheme import scheme as scheme_of
from certificates.register.deciders import About, reasons_against_decider
from certificates.register.eligibility import Facts, Reason, reasons_against
from certificates.register.entries import is_over
from certificates.register.grounds import ANOTHER_MAY_FOLLOW, Succession
from certificates.register.printable import reasons_against_name
from certificates.register.seen import Seen, see
from certificates.register.succession import Place, months_after
from certificates.signing.seals import Issuer, IssuerChoice

STANDING = (CertificateStatus.VALID, CertificateStatus.SUSPENDED)


@dataclass(frozen=True)
class Dossier:
    application: Application
    level: Level
    issuer: Issuer
    facts: Facts
    place: Place | None = None
    """The certificate that gives way to this one, if any."""

    def expires_on(self, now: datetime) -> date | None:
        """The last day on which one issued now is valid."""
        months = self.level.certificate_valid_months
        return self.place.term(now, months) if self.place else months_after(day_of(now), months)

    def reasons(self) -> tuple[Reason, ...]:
        return reasons_against(self.level, self.facts)


def dossier_of(
    session: Session, actor: Actor, application: Application, now: datetime, choose: IssuerChoice,
    seen: Seen | None = None,
) -> Dossier:  # fmt: skip
    """`seen` is what was read for many at once; without it, or wherever it does not suffice, the database is asked."""
    new, quiet = seen is not None and seen.new(application), seen is not None and not seen.incidents
    level = scheme_of(application.scheme).level(application.level)
    results = (
        seen.results_of(application)
        if seen
        else results_of(session, application.candidate_id, application.scheme, application.level)
    )
    issuer = choose(application.demonstration or any(one.session.demonstration for one in results))
    standing = None if new else standing_certificate(session, application)
    ended = standing if standing and is_over(standing, day_of(now)) else None
    facts = Facts(
        admitted=application.status == ApplicationStatus.ADMITTED,
        sittings=tuple(map(sitting, results)),
        admission=tuple(
            reasons_against_application(
                session, application, now, kinds=seen.kinds[application.id] if seen else None, new=new
            )
        ),
        open_incidents=0 if quiet else _open_incidents(session, application, [one.session_id for one in results]),
        standing_serial=standing.serial if standing and not ended else None,
        revoked_serial=None if new else _revoked_serial(session, application),
        prerequisite_is_demonstration=not new
        and not issuer.demonstration
        and _only_demonstration(session, application, level),
        against_name=reasons_against_name(application.candidate.name),
        against_decider=reasons_against_decider(
            session, actor, about(application), untied=seen is not None and seen.untied(actor.user_id)
        ),
    )
    return Dossier(application, level, issuer, facts, Place(ended, Succession.EARNED_ANEW) if ended else None)


def about(application: Application) -> About:
    return About(application.candidate, application.scheme, application.level)


def standing_certificate(session: Session, application: Application) -> Certificate | None:
    """The one certificate of a person and level that is neither revoked nor replaced; its term may be over."""
    return session.scalar(
        select(Certificate).where(
            Certificate.person == application.candidate.identity_hash,
            Certificate.scheme == application.scheme,
            Certificate.level == application.level,
            Certificate.status.in_(STANDING),
        )
    )


def _revoked_serial(session: Session, application: Application) -> str | None:
    return session.scalar(
        select(Certificate.serial).where(
            Certificate.application_id == application.id,
            Certificate.status == CertificateStatus.REVOKED,
            Certificate.status_reason.not_in(ANOTHER_MAY_FOLLOW),
        )
    )


def open_incidents_of(session: Session, application: Application) -> int:
    results = results_of(session, application.candidate_id, application.scheme, application.level)
    return _open_incidents(session, application, [one.session_id for one in results])


def _open_incidents(session: Session, application: Application, sat: Sequence[int]) -> int:
    """Those that hold certificates back: of the candidate's seats, or of a whole room or session they sat."""
    seats = (
        select(Seat.id, Seat.session_id, Seat.number)
        .join(Application, Application.id == Seat.application_id)
        .where(
            Application.candidate_id == application.candidate_id,
            Application.scheme == application.scheme,
            Application.level == application.level,
        )
        .subquery()
    )
    elsewhere = exists().where(
        Room.id == Incident.room_id, seats.c.session_id == Room.session_id,
        ~seats.c.number.between(Room.first_seat, Room.last_seat),
    )  # fmt: skip
    whole = Incident.seat_id.is_(None) & Incident.session_id.in_(sat) & ~elsewhere
    about = or_(Incident.seat_id.in_(select(seats.c.id)), whole)
    query = select(func.count()).select_from(Incident).where(Incident.blocking, Incident.resolved_at.is_(None), about)
    return session.scalar(query) or 0


def _only_demonstration(session: Session, application: Application, level: Level) -> bool:
    if level.prerequisite is None:
        return False
    kinds = session.scalars(
        select(Certificate.demonstration).where(
            Certificate.person == application.candidate.identity_hash,
            Certificate.scheme == application.scheme,
            Certificate.level == level.prerequisite,
            Certificate.status == CertificateStatus.VALID,
        )
    ).all()
    return bool(kinds) and all(kinds)


@dataclass(frozen=True)
class Prospect:
    """One seat on the way to a certificate: the standing one, or every reason against, or nothing in the way."""

    seat: Seat
    certificate: Certificate | None
    reasons: tuple[Reason, ...]


def prospects(
    session: Session, actor: Actor, session_id: int, now: datetime, choose: IssuerChoice, *, page: int, size: int
) -> list[Prospect]:
    """What issuing would do now, without doing it."""
    query = select(Seat).where(Seat.session_id == session_id).order_by(Seat.number)
    seats = session.scalars(query.limit(size).offset((page - 1) * size)).all()
    seen = see(session, [seat.application for seat in seats], [actor.user_id])
    return [_prospect(session, actor, seat, now, choose, seen) for seat in seats]


def _prospect(session: Session, actor: Actor, seat: Seat, now: datetime, choose: IssuerChoice, seen: Seen) -> Prospect:
    dossier = dossier_of(session, actor, seat.application, now, choose, seen)
    if dossier.facts.standing_serial:
        return Prospect(seat, standing_certificate(session, seat.application), ())
    return Prospect(seat, None, dossier.reasons())

"""What follows the issue of a certificate: its decisions and letters, replacement, renewal, names put right."""

from __future__ import annotations

from datetime import date, datetime

from flask import Response, current_app
from pydantic import Field

from app.accounts.permissions import Permission
from app.core import clock
from app.core.db import db
from app.core.texts import LONGEST_REASON
from app.models.certificate import Certificate
from app.registration.facts import day_of
from app.registration.profiles import MOST_CHARACTERS
from app.web.access import principal
from app.web.api.certificates import CertificateEntry, ReasonBody, entry_answer
from app.web.api.operation import Body, operation
from app.web.registrar.forms_register import MOST_HOURS
from app.web.registrar.succession import letter_file
from certificates.register import entries as register
from certificates.register import naming, pending
from certificates.register.grounds import Succession
from certificates.register.naming import LONGEST_DOCUMENT
from certificates.register.renewal import SOON_MONTHS
from certificates.register.replacing import awaiting_replacement
from certificates.register.standing import ending, renewal_of, standing_of
from certificates.signing.seals import issuers
from certificates.signing.unavailable import Unavailable


class Decision(Body):
    id: int = Field(description="Names the letter")
    at: datetime
    status: str = Field(description="What it was from then on: valid, suspended, revoked or replaced")
    ground: str
    reason: str
    decider: str | None = Field(description="Nobody where the command line decided")
    letter: bool = Field(description="Whether there is a letter about it")


class Life(Body):
    serial: str
    worth: str = Field(description="valid, suspended, revoked, replaced or expired")
    expires_on: date | None
    renewable_from: date | None
    renewable_until: date | None
    replaces: str | None
    replaced_by: str | None
    name_on_file: str
    waiting: str | None = Field(description="name_corrected or renewed, if that is decided and waits to be signed")
    decisions: list[Decision]


class RenewBody(Body):
    reason: str = Field(min_length=1, max_length=LONGEST_REASON)
    training_hours: int = Field(0, ge=0, le=MOST_HOURS, description="Of training since the issue, as was shown")


class Ending(Body):
    serial: str
    holder: str
    scheme: str
    level: str
    expires_on: date
    renewable_from: date | None
    renewable_until: date | None


class EndingList(Body):
    certificates: list[Ending]
    total: int


class EndingQuery(Body):
    months: int = Field(SOON_MONTHS, ge=1, le=120)
    page: int = Field(1, ge=1, le=100_000)


class NameBody(Body):
    name: str = Field(min_length=1, max_length=MOST_CHARACTERS)
    reason: str = Field(min_length=1, max_length=LONGEST_REASON)
    document: str = Field(min_length=1, max_length=LONGEST_DOCUMENT, description="What proves it, with number or date")
    understood: str = Field("", max_length=MOST_CHARACTERS, description="What it was read as, to say that is right")


class NameAnswer(Body):
    before: str
    name: str
    certificates: list[str] = Field(description="Numbers of those that bear another name and are to be replaced")


@operation("GET", "/certificates/<serial>/decisions", Permission.READ_REGISTER, "Every decision about a certificate",
           returns=Life)  # fmt: skip
def decisions(serial: str) -> Life:
    certificate = register.entry(db.session(), serial)
    found = standing_of(db.session(), certificate, day_of(clock.now()))
    waits = pending.waiting(db.session(), certificate)
    return Life(
        serial=certificate.serial,
        worth=found.worth,
        expires_on=certificate.expires_on,
        renewable_from=found.term.opens_on if found.term else None,
        renewable_until=found.term.closes_on if found.term else None,
        replaces=found.replaces.serial if found.replaces else None,
        replaced_by=found.replaced_by.serial if found.replaced_by else None,
        name_on_file=found.name_on_file,
        waiting=waits.why if waits else None,
        decisions=[
            Decision(id=one.event.id, at=one.event.at, status=one.event.status, ground=one.event.ground,
                     reason=one.event.reason, decider=one.by, letter=one.event.id in found.with_letter)
            for one in found.events
        ],
    )  # fmt: skip


@operation("GET", "/certificates/<serial>/letters/<id:decision_id>", Permission.READ_REGISTER,
           "The letter about a decision", media_type="application/pdf")  # fmt: skip
def letter(serial: str, decision_id: int) -> Response:
    return letter_file(register.entry(db.session(), serial), decision_id)


@operation("POST", "/certificates/<serial>/replace", Permission.ISSUE_CERTIFICATES,
           "Replace, after a correction of the name", body=ReasonBody, returns=CertificateEntry,
           errors=(409, 503))  # fmt: skip
def replace(serial: str, body: ReasonBody) -> CertificateEntry:
    return _followed(serial, Succession.NAME_CORRECTED, body.reason)


@operation("POST", "/certificates/<serial>/renew", Permission.ISSUE_CERTIFICATES, "Give a new term",
           body=RenewBody, returns=CertificateEntry, errors=(409, 503))  # fmt: skip
def renew(serial: str, body: RenewBody) -> CertificateEntry:
    return _followed(serial, Succession.RENEWED, body.reason, body.training_hours)


@operation("GET", "/certificates/ending", Permission.READ_REGISTER, "Certificates whose term ends soon",
           query=EndingQuery, returns=EndingList)  # fmt: skip
def list_ending(query: EndingQuery) -> EndingList:
    found = ending(db.session(), day_of(clock.now()), query.months, query.page)
    return EndingList(certificates=[_ending(one) for one in found.entries], total=found.total)


@operation("POST", "/applications/<id:application_id>/name", Permission.ISSUE_CERTIFICATES,
           "Put the applicant's name right", body=NameBody, returns=NameAnswer, errors=(409,))  # fmt: skip
def correct_name(application_id: int, body: NameBody) -> NameAnswer:
    made = naming.correct_name(
        db.session(), principal().actor, application_id, body.name, body.reason, body.document, clock.now(),
        understood=body.understood,
    )  # fmt: skip
    due = [one.serial for one in awaiting_replacement(db.session(), made.candidate_id)]
    db.session.commit()
    return NameAnswer(before=made.before, name=made.after, certificates=due)


def _followed(serial: str, why: Succession, reason: str, hours: int = 0) -> CertificateEntry:
    choose = issuers(current_app.extensions["settings"])
    try:
        made = pending.succeed(
            db.session(), principal().actor, serial, why, reason, clock.now(), choose, training_hours=hours
        )
    except Unavailable:
        db.session.commit()  # the decision is kept, and waits
        raise
    db.session.commit()
    return entry_answer(made)


def _ending(one: Certificate) -> Ending:
    term = renewal_of(one)
    return Ending(
        serial=one.serial, holder=one.holder, scheme=one.scheme, level=one.level,
        expires_on=one.expires_on or one.issued_on,
        renewable_from=term.opens_on if term else None, renewable_until=term.closes_on if term else None,
    )  # fmt: skip

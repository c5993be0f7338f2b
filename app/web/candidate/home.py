"""A candidate's first page: what to do next, applications, sessions and results."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from flask import Blueprint, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from app.accounts.permissions import Permission
from app.core import clock
from app.core.db import db
from app.delivery import attempts
from app.models.certificate import CertificateStatus
from app.models.exam import Attempt, AttemptState
from app.models.registration import Application, ApplicationStatus, Seat, SessionState
from app.registration import queries
from app.results.history import LevelResults, candidate_results
from app.web import access
from app.web.titles import level_title

bp = Blueprint("candidate", __name__, url_prefix="/my")
_OVER = (SessionState.CLOSED, SessionState.RELEASED)


@dataclass(frozen=True)
class Step:
    """The one thing to do next."""

    text: str
    url: str = ""
    label: str = ""


@dataclass(frozen=True)
class Place:
    seat: Seat
    attempt: Attempt | None


@bp.get("/")
@access.requires(Permission.READ_OWN)
def home() -> ResponseReturnValue:
    user_id = access.principal().user_id
    applications = queries.applications_of(db.session(), user_id)
    places, results = _places(user_id), candidate_results(db.session(), user_id)
    return render_template(
        "candidate/home.html",
        applications=applications,
        places=places,
        results=results,
        step=next(_steps(applications, places, results)),
        now=clock.now(),
    )


def _places(user_id: int) -> list[Place]:
    own = attempts.of_user(db.session(), user_id)
    standing = {attempt.seat_id: attempt for attempt in own if attempt.state != AttemptState.VOIDED}
    return [Place(seat, standing.get(seat.id)) for seat in queries.seats_of_person(db.session(), user_id)]


def _steps(
    applications: Sequence[Application], places: Sequence[Place], results: Sequence[LevelResults]
) -> Iterator[Step]:
    """What there is to do, the most urgent first; never empty."""
    for place in places:
        running = place.attempt and place.attempt.state in (
            AttemptState.PREPARED, AttemptState.IN_PROGRESS, AttemptState.PAUSED
        )  # fmt: skip
        if place.seat.session.state == SessionState.OPEN and place.attempt and running:
            url = url_for("exam.show", attempt_id=place.attempt.id)
            yield Step(_("Your theory exam is open. Go in when you are ready."), url, _("To the exam"))
    for application in applications:
        if application.status == ApplicationStatus.DRAFT:
            url = url_for("candidate.application", application_id=application.id)
            text = _("Your application for %(level)s is not handed in yet.",
                     level=level_title(application.scheme, application.level))  # fmt: skip
            yield Step(text, url, _("Continue"))
    if any(place.seat.session.state not in _OVER for place in places):
        yield Step(_("You have a place in a session. Be there in time, with your identity document."))
    if any(application.status == ApplicationStatus.SUBMITTED for application in applications):
        yield Step(_("Your application is with the registrar. You see the decision here."))
    seated = {place.seat.application_id for place in places}
    if any(one.status == ApplicationStatus.ADMITTED and one.id not in seated for one in applications):
        yield Step(_("You are admitted. The registrar gives you a place in a session; it then stands here."))
    if any(place.seat.session.state == SessionState.CLOSED for place in places):
        yield Step(_("Your exam is over. Your score stands here as soon as it is released; you need not do anything."))
    if results:
        yield _after(results[0])
    yield Step(_("Apply for a level to begin."), url_for("candidate.apply"), _("Apply for a level"))


def _after(latest: LevelResults) -> Step:
    """Once the scores are out."""
    level = level_title(latest.scheme, latest.level.code)
    if any(one.status == CertificateStatus.VALID for one in latest.certificates):
        text = _("Your certificate for %(level)s is ready to download.", level=level)
    elif latest.certificates:
        text = _("Your certificate for %(level)s does not count at present. The reason stands with your results.",
                 level=level)  # fmt: skip
    elif latest.verdict.passed:
        text = _("You have passed both parts of %(level)s. Your certificate appears with your results.", level=level)
    else:
        text = _("Results for %(level)s are released. They say what counts and which part is still to be taken.",
                 level=level)  # fmt: skip
    return Step(text, url_for("candidate_results.index"), _("To my results and certificates"))

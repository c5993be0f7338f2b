"""A candidate's first page: what to do next, applications, sessions and results."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from flask import Blueprint, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from app.accounts.permissions import Permission
from app.core import clock
from app.core.db import db
from app.delivery import attempts
from app.models.exam import Attempt, AttemptState
from app.models.registration import Application, ApplicationStatus, Seat, SessionState
from app.registration import queries
from app.results.history import candidate_results
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
    places = _places(user_id)
    return render_template(
        "candidate/home.html",
        applications=applications,
        places=places,
        results=candidate_results(db.session(), user_id),
        step=_next_step(applications, places),
        now=clock.now(),
    )


def _places(user_id: int) -> list[Place]:
    own = attempts.of_user(db.session(), user_id)
    standing = {attempt.seat_id: attempt for attempt in own if attempt.state != AttemptState.VOIDED}
    return [Place(seat, standing.get(seat.id)) for seat in queries.seats_of_person(db.session(), user_id)]


def _next_step(applications: Sequence[Application], places: Sequence[Place]) -> Step:
    for place in places:
        running = place.attempt and place.attempt.state in (
            AttemptState.PREPARED, AttemptState.IN_PROGRESS, AttemptState.PAUSED
        )  # fmt: skip
        if place.seat.session.state == SessionState.OPEN and place.attempt and running:
            url = url_for("exam.show", attempt_id=place.attempt.id)
            return Step(_("Your theory exam is open. Go in when you are ready."), url, _("To the exam"))
    for application in applications:
        if application.status == ApplicationStatus.DRAFT:
            url = url_for("candidate.application", application_id=application.id)
            text = _("Your application for %(level)s is not handed in yet.",
                     level=level_title(application.scheme, application.level))  # fmt: skip
            return Step(text, url, _("Continue"))
    if any(place.seat.session.state not in _OVER for place in places):
        return Step(_("You have a place in a session. Be there in time, with your identity document."))
    if any(application.status == ApplicationStatus.SUBMITTED for application in applications):
        return Step(_("Your application is with the registrar. You see the decision here."))
    if any(application.status == ApplicationStatus.ADMITTED for application in applications):
        return Step(_("You are admitted. The registrar gives you a place in a session; it then stands here."))
    return Step(_("Apply for a level to begin."), url_for("candidate.apply"), _("Apply for a level"))

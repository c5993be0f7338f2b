"""The form that declares a conflict, with the examiners and registrars there are."""

from __future__ import annotations

from app.core.db import db
from app.models.account import Role
from app.models.registration import Tie
from app.registration.queries import people_with
from app.web.registrar.forms import ConflictForm
from app.web.state_names import state_name


def conflict_form() -> ConflictForm:
    form = ConflictForm()
    people = {user.id: user for role in (Role.EXAMINER, Role.REGISTRAR) for user in people_with(db.session(), role)}
    form.examiner.choices = [(user.id, f"{user.name} ({user.username})") for user in people.values()]
    form.tie.choices = [(tie.value, state_name(tie)) for tie in Tie]
    return form

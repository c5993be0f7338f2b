"""A whole demonstration: people, sites, and a theory and a practical session with their doors open."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from flask_babel import gettext as _
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.cli.demonstration import people
from app.cli.demonstration.accounts import Account, make_accounts, run_token
from app.cli.demonstration.applicants import enrolments
from app.cli.demonstration.history import earn, lower_levels
from app.core.audit import Actor
from app.core.crypto import IdentityVault
from app.models.account import Role
from app.models.exam import Attempt
from app.models.registration import Part, Seat, StaffRole
from app.practical.panels import assigning, stations
from app.registration import planning, roster, seating, sites
from app.registration.enrolment import admit_many, register_people
from app.registration.planning import Plan, Trial
from app.registration.sites import SiteFacts
from app.registration.staffing import needed
from app.results import conduct
from app.schemes.scheme import Level
from app.web.state_names import state_name

STAYS_OPEN = timedelta(days=30)


@dataclass(frozen=True)
class Wanted:
    level: Level
    candidates: int
    proctors: int | None = None
    examiners: int | None = None
    minutes: int | None = None
    stations: bool = False

    def staff(self) -> tuple[int, int]:
        """As many as the ratios ask for, unless told otherwise."""
        theory, practical = self.level.theory, self.level.practical
        proctors = needed(self.candidates, theory.proctor_ratio, 1)
        examiners = needed(self.candidates, practical.examiner_ratio, practical.examiners_at_least)
        return (
            proctors if self.proctors is None else self.proctors,
            examiners if self.examiners is None else self.examiners,
        )


class Stage:
    """Sets everything up through the use cases of the product; leaves the commit to its caller."""

    def __init__(self, session: Session, maker: Actor, wanted: Wanted, now: datetime, vault: IdentityVault) -> None:
        self.session, self.maker, self.wanted, self.now, self.vault = session, maker, wanted, now, vault
        self.run = run_token()

    def set_up(self) -> dict[str, Any]:
        proctors, examiners = self._staff()
        (registrar,), (auditor,), (author,), (reviewer,), (administrator,) = (
            self._accounts(role, [people.staff_name(place)])
            for place, role in enumerate((Role.REGISTRAR, Role.AUDITOR, Role.AUTHOR, Role.REVIEWER, Role.ADMINISTRATOR))
        )
        (verifier,) = self._accounts(Role.VERIFIER, [people.staff_name(5 + len(proctors) + len(examiners))])
        candidates = self._accounts(Role.CANDIDATE, [people.candidate_name(i) for i in range(self.wanted.candidates)])
        applications = self._admit(candidates, registrar)
        theory = self._opened(registrar, Part.THEORY, applications, proctors)
        self._mark_open_answers(registrar, theory, examiners)
        practical = self._opened(registrar, Part.PRACTICAL, applications, examiners)
        attempts = self._attempts(theory)
        return {
            "session": theory,
            "practical_session": practical,
            "candidates": [
                {**account.login(), "attempt": attempts[application]}
                for account, application in zip(candidates, applications, strict=True)
            ],
            "proctors": [account.login() for account in proctors],
            "examiners": [account.login() for account in examiners],
            "registrar": registrar.login(),
            "auditor": auditor.login(),
            "author": author.login(),
            "reviewer": reviewer.login(),
            "administrator": administrator.login(),
            "verifier": verifier.login(),
        }

    def _staff(self) -> tuple[list[Account], list[Account]]:
        proctors, examiners = self.wanted.staff()
        names = [people.staff_name(5 + place) for place in range(proctors + examiners)]
        return self._accounts(Role.PROCTOR, names[:proctors]), self._accounts(Role.EXAMINER, names[proctors:])

    def _accounts(self, role: Role, names: Sequence[str]) -> list[Account]:
        body = "" if role == Role.CANDIDATE else people.BODY
        return make_accounts(self.session, self.maker, role, names, self.run, body)

    def _admit(self, candidates: Sequence[Account], registrar: Account) -> list[int]:
        """Whoever needs a lower certificate gets it in the register first, level by level."""
        level = self.wanted.level
        lines = enrolments(candidates, level, self.now)
        numbers = register_people(self.session, self.maker, lines, self.now, self.vault)
        for lower in lower_levels(level):
            earlier = dict(zip(numbers, enrolments(candidates, lower, self.now), strict=True))
            earn(self.session, registrar.actor, lower, earlier, self.now, self.run)
        enrolled = dict(zip(numbers, lines, strict=True))
        return admit_many(self.session, registrar.actor, level, enrolled, self.now, demonstration=True)

    def _opened(self, registrar: Account, part: Part, applications: Sequence[int], staff: Sequence[Account]) -> int:
        actor, level = registrar.actor, self.wanted.level
        places = max(1, len(applications))
        name = _("Demonstration site %(run)s, %(part)s", run=self.run, part=state_name(part))
        site = sites.create_site(self.session, actor, SiteFacts(name, places, True, True))
        plan = Plan(level.scheme, level.code, part, site.id, self.now, self.now + STAYS_OPEN)
        trial = Trial(self.wanted.minutes if part == Part.THEORY else None)
        number = planning.plan_session(self.session, actor, plan, self.now, trial=trial).id
        seating.add_candidates(self.session, actor, number, applications, self.now)
        role = StaffRole.PROCTOR if part == Part.THEORY else StaffRole.EXAMINER
        for person in staff:
            roster.assign_staff(self.session, actor, number, person.user_id, role)
            roster.mark_present(self.session, person.actor, number, person.user_id, self.now)
        if part == Part.PRACTICAL and self.wanted.stations:
            self._with_stations(actor, number, staff)
        conduct.prepare(self.session, actor, number, self.now)
        conduct.open_doors(self.session, actor, number, self.now)
        return number

    def _with_stations(self, actor: Actor, number: int, staff: Sequence[Account]) -> None:
        sitting = planning.exam_session(self.session, number)
        rows = stations.suggested(sitting, self.wanted.candidates, len(staff))
        stations.set_stations(self.session, actor, number, rows, self.now)
        if staff:
            assigning.set_head(self.session, actor, number, staff[0].user_id)

    def _mark_open_answers(self, registrar: Account, session_id: int, examiners: Sequence[Account]) -> None:
        """The examiners mark open answers as well, where the level's papers hold any."""
        if StaffRole.EXAMINER not in roster.fitting_roles(planning.exam_session(self.session, session_id)):
            return
        for person in examiners:
            roster.assign_staff(self.session, registrar.actor, session_id, person.user_id, StaffRole.EXAMINER)

    def _attempts(self, session_id: int) -> dict[int, int]:
        rows = select(Seat.application_id, Attempt.id).join(Attempt, Attempt.seat_id == Seat.id)
        found = self.session.execute(rows.where(Seat.session_id == session_id))
        return dict(found.all())

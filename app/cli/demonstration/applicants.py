"""Candidates of a demonstration, with everything that admission asks for."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from app.cli.demonstration import evidence, people
from app.cli.demonstration.accounts import Account
from app.cli.demonstration.portraits import portrait
from app.models.registration import DocumentKind
from app.registration.applications import Statement
from app.registration.enrolment import Enrolment
from app.registration.facts import day_of
from app.registration.profiles import Profile
from app.schemes.scheme import Level


def enrolments(accounts: Sequence[Account], level: Level, now: datetime) -> list[Enrolment]:
    documents: dict[str, bytes] = {DocumentKind.TRAINING: evidence.training_proof(level)}
    if level.needs_recommendation:
        day = day_of(now).isoformat()
        documents[DocumentKind.RECOMMENDATION] = evidence.recommendation(level, people.EMPLOYERS[0], day)
    statement = _statement(level, now)
    return [
        Enrolment(account.user_id, _profile(account, index), portrait(index), statement, documents)
        for index, account in enumerate(accounts)
    ]


def _profile(account: Account, index: int) -> Profile:
    return Profile(
        name=account.name,
        identity_type="resident",
        identity_number=people.identity_number(account.user_id),
        employer=people.EMPLOYERS[index % len(people.EMPLOYERS)],
        school=people.SCHOOLS[index % len(people.SCHOOLS)] if index % 3 == 0 else "",
    )


def _statement(level: Level, now: datetime) -> Statement:
    fitting = level.eligibility.any_of
    return Statement(
        occupation=fitting[0] if fitting else "",
        training_hours=level.training_hours,
        training_mode=level.training_modes[0],
        recommending_employer=people.EMPLOYERS[0] if level.needs_recommendation else "",
        recommended_on=day_of(now) if level.needs_recommendation else None,
    )

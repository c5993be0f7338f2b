"""Who may apply for which level: every reason against, from the scheme and what is on file."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from app.core.errors import N_, Refusal
from app.schemes.scheme import Level


@dataclass(frozen=True)
class Facts:
    """What is on file about an application on the day of the decision."""

    today: date
    identity: bool = False
    photo: bool = False
    occupation: str = ""
    training_hours: int = 0
    training_mode: str = ""
    documents: frozenset[str] = frozenset()
    recommending_employer: str = ""
    recommended_on: date | None = None
    certificates: Mapping[str, str] = field(default_factory=dict)
    """Level → standing of the person's certificate of it today: valid, suspended, expired, replaced or revoked."""


@dataclass(frozen=True)
class Reason:
    """One thing in the way: a code for programs, a sentence with its figures for people."""

    code: str
    message: str
    params: Mapping[str, Any] = field(default_factory=dict)

    def as_dict(self) -> dict[str, Any]:
        return {"code": self.code, "params": dict(self.params)}


def reasons_against(level: Level, facts: Facts, lower: Level | None = None) -> list[Reason]:
    """All of them, in the order of the application form. `lower` is the level that this one builds on."""
    return [*_about_person(facts), *_about_status(level, facts), *_about_training(level, facts),
            *_about_register(level, facts, lower), *_about_recommendation(level, facts)]  # fmt: skip


def refuse_unless_eligible(reasons: list[Reason]) -> None:
    if reasons:
        raise Refusal(
            "not_eligible",
            N_("%(count)s conditions are not met yet. Each is listed with the application; mend them, then try again."),
            details={"reasons": [reason.as_dict() for reason in reasons]},
            count=len(reasons),
        )


def _about_person(facts: Facts) -> Iterator[Reason]:
    if not facts.identity:
        yield Reason("identity_missing", N_("No identity document is on file. Enter its number."))
    if not facts.photo:
        yield Reason("photo_missing", N_("No photo is on file. Upload a recent one with a plain background."))


def _about_status(level: Level, facts: Facts) -> Iterator[Reason]:
    fitting = level.eligibility.any_of
    if fitting and facts.occupation not in fitting:
        yield Reason(
            "status_not_fitting",
            N_("The occupation or schooling given does not fit this level. Choose the one that applies to you."),
        )


def _about_training(level: Level, facts: Facts) -> Iterator[Reason]:
    if facts.training_hours < level.training_hours:
        yield Reason(
            "training_hours_short",
            N_("%(have)s hours of training are on file; this level needs at least %(need)s."),
            {"have": facts.training_hours, "need": level.training_hours},
        )
    if facts.training_mode not in level.training_modes:
        yield Reason(
            "training_mode_not_fitting",
            N_("Say how the training was held. This level accepts only: %(modes)s."),
            {"modes": list(level.training_modes)},
        )
    if "training" not in facts.documents:
        yield Reason("training_evidence_missing", N_("No proof of training is on file. Upload it as PDF or picture."))


def _about_register(level: Level, facts: Facts, lower: Level | None) -> Iterator[Reason]:
    if lower is not None:
        yield from _about_prerequisite(lower, facts.certificates.get(lower.code))
    if facts.certificates.get(level.code) in ("valid", "suspended"):
        yield Reason("already_certified", N_("The register already holds a certificate of this level for this person."))


def _about_prerequisite(lower: Level, standing: str | None) -> Iterator[Reason]:
    names = {"level": lower.code}
    if standing is None:
        yield Reason(
            "prerequisite_missing",
            N_("The register holds no %(level)s certificate for this person. It has to be earned first."),
            names,
        )
    elif standing != "valid":
        yield Reason(
            "prerequisite_not_valid",
            N_("The %(level)s certificate in the register is not valid today (%(standing)s)."),
            {**names, "standing": standing},
        )


def _about_recommendation(level: Level, facts: Facts) -> Iterator[Reason]:
    if not level.needs_recommendation:
        return
    if "recommendation" not in facts.documents:
        yield Reason("recommendation_missing", N_("The employer's recommendation is missing. Upload the document."))
    if not facts.recommending_employer.strip():
        yield Reason("recommending_employer_missing", N_("Give the name of the employer who recommends."))
    if facts.recommended_on is None:
        yield Reason("recommendation_date_missing", N_("Give the date of the recommendation."))
    elif facts.recommended_on > facts.today:
        yield Reason(
            "recommendation_date_in_future",
            N_("The recommendation is dated %(date)s, which lies ahead. Correct the date."),
            {"date": facts.recommended_on.isoformat()},
        )

"""Every reason against issuing a certificate; none means that it may be issued."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from app.core.errors import N_
from app.registration.eligibility import Reason
from app.results.verdict import PRACTICAL, THEORY, PartScore, Sitting, counting, stand_together, worth
from app.schemes.scheme import Level

__all__ = ["Facts", "Reason", "reasons_against"]

_MISSING = {
    THEORY: N_("There is no released theory score. Release the theory session, or seat the candidate in one."),
    PRACTICAL: N_("There is no released practical score. Release the practical session, or seat the candidate in one."),
}
_FAILED = {
    THEORY: N_("The theory score is %(score)s; %(needed)s is needed."),
    PRACTICAL: N_("The practical score is %(score)s; %(needed)s is needed."),
}
_OUTLIVED = {
    THEORY: N_(
        "The theory was passed, but counted only until %(until)s, before the practical was sat. It must be resat."
    ),
    PRACTICAL: N_(
        "The practical was passed, but counted only until %(until)s, before the theory was sat. It must be resat."
    ),
}


_CRITICAL = N_("Key criteria of the practical were missed: %(criteria)s. It must be resat, whatever its score is.")


@dataclass(frozen=True)
class Facts:
    """What is on file on the day of the decision."""

    admitted: bool
    sittings: tuple[Sitting, ...] = ()
    admission: tuple[Reason, ...] = ()
    """What the rules of admission hold against the person today: training, prerequisite, documents, photo."""
    open_incidents: int = 0
    standing_serial: str | None = None
    revoked_serial: str | None = None
    """One of this application that was revoked for a reason which a new one would undo."""
    prerequisite_is_demonstration: bool = False
    """The lower certificate is one of a demonstration, and the one to be issued is not."""
    against_name: tuple[Reason, ...] = ()
    """What of the name cannot be printed; see printable.py."""
    against_decider: tuple[Reason, ...] = ()
    """What ties whoever decides to the person; see deciders.py."""


def reasons_against(level: Level, facts: Facts) -> tuple[Reason, ...]:
    """All of them, so that everything can be mended at once."""
    if level.demonstration:
        return (Reason("scheme_demonstration", N_("This scheme only shows item types; nobody is certified by it.")),)
    return (*_about_admission(facts), *_about_parts(level, facts.sittings), *_about_record(facts))


def _about_admission(facts: Facts) -> Iterator[Reason]:
    if not facts.admitted:
        yield Reason("not_admitted", N_("The application is not admitted. Decide it first."))
    yield from (reason for reason in facts.admission if reason.code != "already_certified")
    if facts.prerequisite_is_demonstration:
        yield Reason(
            "prerequisite_demonstration",
            N_("The lower level's certificate is a demonstration and proves nothing. A real one is needed."),
        )


def _about_parts(level: Level, sittings: tuple[Sitting, ...]) -> Iterator[Reason]:
    theory, practical = counting(level, sittings)
    scores = [worth(level, part, sitting) for part, sitting in ((THEORY, theory), (PRACTICAL, practical))]
    for score in scores:
        yield from _about_score(score)
    if theory and practical and all(score.passed for score in scores) and not stand_together(theory, practical):
        earlier = min(theory, practical, key=lambda one: one.sat_at)
        until = _day(earlier)
        yield Reason(f"{earlier.part}_outlived", _OUTLIVED[earlier.part], {"until": until.isoformat() if until else ""})


def _about_score(score: PartScore) -> Iterator[Reason]:
    if score.score is None:
        yield Reason(f"{score.part}_missing", _MISSING[score.part])
    elif score.score < score.pass_mark:
        figures = {"score": _plain(score.score), "needed": _plain(score.pass_mark)}
        yield Reason(f"{score.part}_failed", _FAILED[score.part], figures)
    if score.failed_critical:
        missed = "、".join(f"{one.id} {one.name}" for one in score.failed_critical)
        yield Reason(f"{score.part}_critical", _CRITICAL, {"criteria": missed})


def _about_record(facts: Facts) -> Iterator[Reason]:
    if facts.open_incidents:
        yield Reason(
            "incident_open",
            N_("%(count)s incidents of this candidate are open. Resolve them first."),
            {"count": facts.open_incidents},
        )
    if facts.standing_serial:
        yield Reason(
            "already_issued",
            N_("The register already holds certificate %(serial)s of this level for this person."),
            {"serial": facts.standing_serial},
        )
    if facts.revoked_serial:
        yield Reason(
            "revoked_before",
            N_("Certificate %(serial)s of this application was revoked. A new application and new parts are needed."),
            {"serial": facts.revoked_serial},
        )
    yield from facts.against_name
    yield from facts.against_decider


def _plain(figure: object) -> str:
    text = f"{figure:f}"
    return text.rstrip("0").rstrip(".") if "." in text else text


def _day(sitting: Sitting) -> date | None:
    return sitting.valid_until.date() if sitting.valid_until else None

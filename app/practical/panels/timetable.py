"""The timetable of a practical: found, or refused with what forbids it and what would help."""

from __future__ import annotations

from app.core.errors import N_, Refusal
from app.practical.panels.rostering.bounds import Bound
from app.practical.panels.rostering.building import build, finished
from app.practical.panels.rostering.exhausting import TooLarge, exhaust
from app.practical.panels.rostering.mending import lacking, remedies, unpaired
from app.practical.panels.rostering.remedy import told
from app.practical.panels.rostering.values import Plan, Problem

EXHAUSTED = "exhausted"
NOT_FOUND = "not_found"

REASONS = {
    "task_without_station": N_("No station shows the task %(slots)s. Add one, or add the task to a station."),
    "block_without_station": N_(
        "The tasks before examiners (%(slots)s) are shown one after the other at one station, and no station"
        " shows all of them. Add one."
    ),
    "span_too_short": N_(
        "The tasks of a candidate take %(need)s minutes with the gaps between them, and the session gives"
        " %(have)s. Shorten the gaps or the tasks, or give the candidates more minutes."
    ),
    "window_too_short": N_(
        "The tasks of one candidate take %(need)s minutes, and the session is open for %(have)s. Let it close later."
    ),
    "stretch_too_short": N_(
        "One candidate takes %(need)s minutes before the examiners, who attend %(have)s at most without a rest."
        " Allow a longer stretch."
    ),
    "site_capacity": N_(
        "The site takes %(have)s candidates at once; with these tasks and hours it would have to take %(need)s."
    ),
    "too_few_examiners": N_("%(count)s candidates need %(need)s examiners, and %(have)s are on the panel."),
    "ties_leave_too_few": N_(
        "Ties leave %(candidates)s with %(have)s of this panel's examiners, and each candidate needs 2."
    ),
    "ties_and_limits": N_(
        "With the ties on file and the most candidates an examiner may have, %(candidates)s cannot get two examiners."
    ),
    "examiners_time": N_(
        "%(have)s examiners cannot attend %(count)s candidates in the hours of the session with the rests they"
        " are due; at least %(need)s are needed."
    ),
    "desks_time": N_(
        "%(have)s stations with examiners cannot take %(count)s candidates in the hours of the session;"
        " at least %(need)s are needed."
    ),
    "places_time": N_(
        "%(have)s places for %(slots)s cannot take %(count)s candidates in the hours of the session;"
        " at least %(need)s are needed."
    ),
    EXHAUSTED: N_("Every possibility was tried, and none keeps all rules at once for these %(count)s candidates."),
    NOT_FOUND: N_(
        "No timetable was found for these %(count)s candidates. That proves nothing: no count of people, places or"
        " hours forbids one, but too little is to spare. Call two more examiners with a station, or let the session"
        " close later, and allocate again."
    ),
}


def find_roster(problem: Problem) -> dict[int, Plan]:
    """Examiners, stations, places and times of everybody; the same input gives the same answer.

    A refusal says what forbids it (`proved`: by a count, or because everything was tried) and ways to help, each of
    which was solved before it is named.
    """
    if not problem.candidates:
        return {}
    bound = lacking(problem)
    if bound is None:
        if roster := build(problem):
            return roster
        bound = unpaired(problem)
    if bound is None:
        try:
            if (stays := exhaust(problem)) is not None:
                return finished(problem, stays)
        except TooLarge:
            raise refusal(problem, Bound(NOT_FOUND, 0, 0, ()), proved=False) from None
        bound = Bound(EXHAUSTED, 0, 0, ())
    raise refusal(problem, bound, proved=True)


def refusal(problem: Problem, bound: Bound, *, proved: bool) -> Refusal:
    details = {
        "constraint": bound.constraint,
        "proved": proved,
        "have": bound.have,
        "need": bound.need,
        "candidates": list(bound.candidates),
        "slots": list(bound.slots),
        "remedies": [[told(one) for one in way] for way in remedies(problem, bound)],
    }
    return Refusal(
        "timetable_impossible" if proved else "timetable_not_found", REASONS[bound.constraint], status=409,
        details=details, have=bound.have, need=bound.need, count=len(problem.candidates),
        candidates=", ".join(map(str, bound.candidates)), slots=", ".join(bound.slots),
    )  # fmt: skip

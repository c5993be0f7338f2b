"""Flags in words: what was found, what it does not prove, and what to do."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from flask_babel import gettext

from app.core.errors import N_
from app.practical.agreement.flags import Flag, FlagKind

_ABOUT_LEVEL = N_(
    "It does not show who is right: the others may be wrong together, and it says nothing of a single candidate."
)
_LOOK = N_(
    "Talk with the examiner and look at the evidence of a few sheets together. Where a result hangs on it, have a third"
    " sheet made."
)
FOUND = {
    FlagKind.STRICT: N_("%(name)s gives %(value)s points fewer than the others would (%(low)s to %(high)s)."),
    FlagKind.LENIENT: N_("%(name)s gives %(value)s points more than the others would (%(low)s to %(high)s)."),
    FlagKind.DRIFT: N_("%(name)s moves by %(signed)s points an hour against the others (%(low)s to %(high)s)."),
    FlagKind.TOTALS: N_(
        "Only %(percent)s %% of candidates need no third examiner; at least %(wanted)s %% are expected."
    ),
    FlagKind.CRITERION: N_(
        "%(criterion)s: in only %(percent)s %% of cases both give the same band or the next; at least %(wanted)s %% are"
        " expected."
    ),
    FlagKind.RELIABILITY: N_("The reliability of one examiner's total is %(value)s; at least %(limit)s is expected."),
    FlagKind.HALO: N_("%(name)s's criteria differ only %(percent)s %% as much from one another as the others' do."),
    FlagKind.ANCHOR: N_("%(name)s is %(signed)s points from the experts at anchor seat %(seat)s."),
    FlagKind.DISCONNECTED: N_("The panel falls into %(value)s parts that share no candidate."),
}
NOT_PROVED = {
    FlagKind.STRICT: _ABOUT_LEVEL,
    FlagKind.LENIENT: _ABOUT_LEVEL,
    FlagKind.DRIFT: N_(
        "It may be chance or the partners moving; a change that all examiners share cannot be seen this way."
    ),
    FlagKind.TOTALS: N_("It does not say whose sheets are off; candidates near the pass mark make it lower."),
    FlagKind.CRITERION: N_("It may be the wording of the criterion or the task, not the examiners."),
    FlagKind.RELIABILITY: N_("It is low also where the candidates are much alike, though the examiners agree."),
    FlagKind.HALO: N_("Candidates may really have been even in all criteria."),
    FlagKind.ANCHOR: N_("One performance is one performance; a slip of the hand looks the same."),
    FlagKind.DISCONNECTED: N_("Nobody did anything wrong: severity compares within each part only."),
}
TO_DO = {
    FlagKind.STRICT: _LOOK,
    FlagKind.LENIENT: _LOOK,
    FlagKind.DRIFT: N_("Offer a break, read the descriptors together again, and look whether the line goes on."),
    FlagKind.TOTALS: N_("Gather the panel between two candidates and compare the furthest sheets with their evidence."),
    FlagKind.CRITERION: N_("Read its descriptors together with the panel and settle what earns which band."),
    FlagKind.RELIABILITY: N_("Look at the criteria that agree least, and call third sheets where they are due."),
    FlagKind.HALO: N_("Ask the examiner to mark each criterion by its descriptors, and look at two sheets together."),
    FlagKind.ANCHOR: N_("Go through the sheet with the examiner beside the experts' points."),
    FlagKind.DISCONNECTED: N_("Pair examiners of different parts for the next candidates."),
}


@dataclass(frozen=True)
class Told:
    kind: str
    found: str
    not_proved: str
    to_do: str


def told(flag: Flag, names: Mapping[int, str]) -> Told:
    found = flag.found
    absolute = flag.kind in (FlagKind.STRICT, FlagKind.LENIENT)
    low, high = (found.low, found.high) if found.low is not None else (found.value, found.value)
    if absolute:
        low, high = sorted((abs(low or 0), abs(high or 0)))
    words = {
        "name": names.get(flag.examiner or 0, ""),
        "value": _plain(flag, abs(found.value) if absolute else found.value),
        "signed": f"{found.value:+.1f}",
        "low": f"{low:.1f}" if absolute else f"{low:+.1f}",
        "high": f"{high:.1f}" if absolute else f"{high:+.1f}",
        "percent": f"{found.value * 100:.0f}",
        "wanted": f"{flag.limit * 100:.0f}",
        "limit": f"{flag.limit:.2f}",
        "criterion": flag.criterion or "",
        "seat": flag.seat or "",
    }
    return Told(
        str(flag.kind), gettext(FOUND[flag.kind]) % words, gettext(NOT_PROVED[flag.kind]), gettext(TO_DO[flag.kind])
    )


def _plain(flag: Flag, value: float) -> str:
    if flag.kind == FlagKind.DISCONNECTED:
        return f"{value:.0f}"
    return f"{value:.2f}" if flag.kind == FlagKind.RELIABILITY else f"{value:.1f}"

"""The difference between two versions of a sheet, in words."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from app.core.errors import N_
from app.practical.forms.body import CriterionBody, DeductionBody, FormBody, GroupBody


@dataclass(frozen=True)
class Change:
    message: str
    params: dict[str, Any] = field(default_factory=dict)


Entry = CriterionBody | DeductionBody | GroupBody
_ADDED = N_("%(what)s is new.")
_REMOVED = N_("%(what)s is gone.")
_CHANGED = {
    "points": N_("%(what)s: %(before)s points become %(after)s."),
    "name": N_("%(what)s: the name “%(before)s” becomes “%(after)s”."),
    "name_en": N_("%(what)s: the English name “%(before)s” becomes “%(after)s”."),
    "area": N_("%(what)s: moves from “%(before)s” to “%(after)s”."),
    "each": N_("%(what)s: %(before)s points each time become %(after)s."),
    "most": N_("%(what)s: at most %(before)s times becomes at most %(after)s."),
    "weight": N_("%(what)s: %(before)s percent become %(after)s."),
}


def differences(before: FormBody, after: FormBody) -> tuple[Change, ...]:
    """Empty where nothing was changed."""
    return tuple(_differences(before, after))


def _differences(before: FormBody, after: FormBody) -> Iterator[Change]:
    for was, now in ((before.criteria, after.criteria), (before.deductions, after.deductions)):
        yield from _entries(was, now)
    yield from _entries(before.groups, after.groups)
    kept = [one.id for one in before.criteria if one.id in {two.id for two in after.criteria}]
    order = [one.id for one in after.criteria if one.id in set(kept)]
    if kept != order:
        yield Change(N_("The criteria stand in another order: %(order)s."), {"order": ", ".join(order)})


def _entries(before: Sequence[Entry], after: Sequence[Entry]) -> Iterator[Change]:
    was: Mapping[str, Entry] = {one.id: one for one in before}
    now: Mapping[str, Entry] = {one.id: one for one in after}
    for key, one in now.items():
        if key not in was:
            yield Change(_ADDED, {"what": _what(one)})
        else:
            yield from _fields(was[key], one)
    for key, one in was.items():
        if key not in now:
            yield Change(_REMOVED, {"what": _what(one)})


def _fields(before: Entry, after: Entry) -> Iterator[Change]:
    for name, message in _CHANGED.items():
        was, now = getattr(before, name, None), getattr(after, name, None)
        if was != now:
            yield Change(message, {"what": _what(after), "before": was or "—", "after": now or "—"})
    if isinstance(before, CriterionBody) and isinstance(after, CriterionBody):
        yield from _criterion(before, after)


def _criterion(before: CriterionBody, after: CriterionBody) -> Iterator[Change]:
    what = {"what": _what(after)}
    if before.critical != after.critical:
        become, no_more = N_("%(what)s becomes critical."), N_("%(what)s is critical no more.")
        yield Change(become if after.critical else no_more, what)
    if after.critical and before.critical_below != after.critical_below:
        if after.critical_below:
            message = N_("%(what)s: missed with fewer than %(below)s points.")
            yield Change(message, {**what, "below": after.critical_below})
        else:
            yield Change(N_("%(what)s: missed only without any points."), what)
    for place in range(max(len(before.bands), len(after.bands))):
        was = before.bands[place] if place < len(before.bands) else None
        now = after.bands[place] if place < len(after.bands) else None
        grade = (now or was).grade  # type: ignore[union-attr]
        if (was.low if was else "") != (now.low if now else ""):
            message = N_("%(what)s, %(grade)s: from %(before)s points becomes from %(after)s.")
            yield Change(message, {**what, "grade": grade, "before": (was.low if was else "") or "—",
                                   "after": (now.low if now else "") or "—"})  # fmt: skip
        if (was.text if was else "", was.text_en if was else "") != (
            now.text if now else "",
            now.text_en if now else "",
        ):
            yield Change(N_("%(what)s, %(grade)s: the description is worded anew."), {**what, "grade": grade})


def _what(one: Entry) -> str:
    """A criterion by its code and name; who rates has a code that people never see."""
    return one.name or one.id if isinstance(one, GroupBody) else f"{one.id} {one.name}".strip()

"""The paper as its page needs it: sections by type, materials before their items, what stands at each position."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import groupby
from typing import Any

from flask import url_for
from sqlalchemy.orm import Session

from app.core.errors import N_
from app.delivery import showing
from app.delivery.papers import level_of
from app.models.exam import Attempt, Response
from app.models.practice import PracticeResponse
from app.web.api.media import picture_address
from app.web.titles import full_title
from question_bank.item_types import CHOICE_TYPES, ITEM_TYPES

Entry = dict[str, Any]
BY_PARTS = frozenset({"fill", "ordering", "matching"})
SHARES = N_("Each right part gives its share of the marks.")
NO_SHARES = N_("Marks are given only when every part is right.")
SHARE_OF_OPTIONS = N_("Two or more options are right; each right one gives its share, a wrong one takes all marks.")


@dataclass(frozen=True)
class Group:
    """Items that belong together: those of one material, or one item alone."""

    stimulus: dict[str, Any] | None
    entries: tuple[Entry, ...]


@dataclass(frozen=True)
class Section:
    """What stands under the name of one type; a material's items stand where most of them belong."""

    type: str
    anchor: str
    """Its name within the page."""
    tasks: tuple[str, ...]
    marks: float
    """Of each item of the type; others of a material's items say their own."""
    groups: tuple[Group, ...]

    @property
    def entries(self) -> tuple[Entry, ...]:
        return tuple(entry for group in self.groups for entry in group.entries)

    @property
    def mixed(self) -> bool:
        return any(entry["type"] != self.type for entry in self.entries)


def paper_view(session: Session, attempt: Attempt, now: datetime, words: Callable[[str], str]) -> dict[str, Any]:
    shown = showing.started(session, attempt, now)
    standing = showing.responses_of(session, attempt) if attempt.last_seq else {}
    paper = showing.paper_shown(session, attempt, words, picture_address(attempt.id))
    form = level_of(attempt.session.scheme, attempt.session.level).theory.paper
    entries = entries_of(paper["items"], standing, partial=form.partial_credit)
    return {
        **{name: shown[name] for name in ("client", "state", "deadline", "next_seq")},
        "id": attempt.id,
        "server_time": attempt.paused_at or now,
        "title": full_title(attempt.session.scheme, attempt.session.level),
        "seat": attempt.seat.number,
        "positions": len(entries),
        "sections": sections(entries, paper.get("stimuli", []), list(form.types), partial=form.partial_credit),
        "changes_url": url_for("api.attempts_changes", attempt_id=attempt.id),
        "plays_url": url_for("api.media_play", attempt_id=attempt.id),
    }


def sections(
    entries: Sequence[Entry], stimuli: Sequence[dict[str, Any]], order: Sequence[str], *, partial: bool
) -> list[Section]:
    """As the paper stands: nothing is moved, only headed."""
    numbered = {one["number"]: one for one in stimuli}
    groups = []
    for key, found in groupby(entries, key=lambda entry: (entry.get("stimulus", 0), not_shared(entry))):
        groups.append(Group(numbered.get(key[0]), tuple(found)))
    made: list[Section] = []
    for kind, of_kind in groupby(groups, key=lambda group: _home(group, order)):
        members = tuple(of_kind)
        marks = next(entry["marks"] for group in members for entry in group.entries if entry["type"] == kind)
        again = sum(section.type == kind for section in made)
        anchor = f"section-{kind}-{again}" if again else f"section-{kind}"
        made.append(Section(kind, anchor, tasks(kind, partial=partial), marks, members))
    return made


def not_shared(entry: Entry) -> int:
    """Sets an item without material apart from its neighbours."""
    return 0 if entry.get("stimulus") else int(entry["position"])


def tasks(kind: str, *, partial: bool) -> tuple[str, ...]:
    """What to do with items of a type and how they count, as msgids."""
    if kind in BY_PARTS:
        return ITEM_TYPES[kind].task, SHARES if partial else NO_SHARES
    return (SHARE_OF_OPTIONS if partial and kind == "multiple" else ITEM_TYPES[kind].task,)


def _home(group: Group, order: Sequence[str]) -> str:
    """As papers are drawn: the type most of its items have, of two the one that comes first on a paper."""
    counts = Counter(str(entry["type"]) for entry in group.entries)
    return min(counts, key=lambda kind: (-counts[kind], order.index(kind)))


def entries_of(
    items: Sequence[Entry], standing: Mapping[int, Response] | Mapping[int, PracticeResponse], *, partial: bool
) -> list[Entry]:
    """The items as the page shows them, with what stands at each."""
    return [_entry(item, standing.get(item["position"]), partial=partial) for item in items]


def _entry(item: Entry, standing: Response | PracticeResponse | None, *, partial: bool) -> Entry:
    return {
        **item,
        "control": "choice" if item["type"] in CHOICE_TYPES else item["type"],
        "tasks": tasks(item["type"], partial=partial),
        "answer": standing.answer if standing else [],
        "flagged": bool(standing and standing.flagged),
        "seq": standing.seq if standing else 0,
    }

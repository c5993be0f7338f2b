"""An item as its author wrote it: a value that files, the linter and the database share."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from question_bank.item_types import ITEM_TYPES, Criterion, ItemContent
from question_bank.stimuli import Media, Stimulus, digests

THOUSANDTH = Decimal("0.001")
SECONDS = 60
EXAM, PRACTICE = USES = ("exam", "practice")


@dataclass(frozen=True)
class BankItem:
    id: str
    scheme: str
    level: str
    row: str
    content: str
    type: str
    point: str
    difficulty: Decimal
    stem: str
    key: tuple[str, ...]
    rationale: str
    source: str
    options: Mapping[str, str] = field(default_factory=dict)
    author: str = ""
    reviewer: str = ""
    status: str = ""
    enemies: frozenset[str] = frozenset()
    seconds: int = SECONDS
    """The time a candidate of the level is expected to need."""
    case: bool = False
    """A situation or data that must be weighed, not a single point of knowledge."""
    feedback: Mapping[str, str] = field(default_factory=dict)
    """Why each wrong option is wrong, by its id."""
    stimulus: Stimulus | None = None
    criteria: tuple[Criterion, ...] = ()
    media: Mapping[str, Media] = field(default_factory=dict)
    """The pictures its texts show, by the name they have there."""
    use: str = EXAM
    """Whether papers are drawn from it or anyone may practise with it; of the item, so no part of a version."""

    def shown(self) -> ItemContent:
        return ItemContent(self.stem, self.options, self.key, self.criteria)

    def right(self) -> list[str]:
        return [text for option, text in self.options.items() if option in self.key]

    def wrong(self) -> list[str]:
        return [text for option, text in self.options.items() if option not in self.key]

    def digest(self) -> str:
        """Over all that makes a version; enemies belong to the pair and not to the version."""
        state = [
            self.id, self.scheme, self.level, self.row, self.content, self.type, self.point,
            str(self.difficulty.quantize(THOUSANDTH)), self.stem, list(self.options.items()), self.stored_key(),
            self.rationale, self.source, self.author, self.reviewer, self.status, *self._further(),
        ]  # fmt: skip
        return hashlib.sha256(json.dumps(state, ensure_ascii=False, separators=(",", ":")).encode()).hexdigest()

    def stored_key(self) -> list[str]:
        """In the one order in which it is kept."""
        kind = ITEM_TYPES.get(self.type)
        return list(kind.stored_key(self.key)) if kind else sorted(self.key)

    def _further(self) -> list[dict[str, Any]]:
        """What items did not have from the beginning; without any of it an item keeps the digest it had."""
        further: dict[str, Any] = {
            "seconds": self.seconds if self.seconds != SECONDS else None,
            "case": self.case,
            "feedback": sorted(self.feedback.items()),
            "stimulus": self.stimulus.digest() if self.stimulus else "",
            "criteria": [[one.text, str(one.points.normalize())] for one in self.criteria],
            "media": digests(self.media),
        }
        told = {name: value for name, value in further.items() if value}
        return [told] if told else []

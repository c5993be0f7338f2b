"""An item as its author wrote it: a value that files, the linter and the database share."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal

from question_bank.item_types import ItemContent

THOUSANDTH = Decimal("0.001")


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

    def shown(self) -> ItemContent:
        return ItemContent(self.stem, self.options, self.key)

    def right(self) -> list[str]:
        return [text for option, text in self.options.items() if option in self.key]

    def wrong(self) -> list[str]:
        return [text for option, text in self.options.items() if option not in self.key]

    def digest(self) -> str:
        """Over all that makes a version; enemies belong to the pair and not to the version."""
        state = [
            self.id, self.scheme, self.level, self.row, self.content, self.type, self.point,
            str(self.difficulty.quantize(THOUSANDTH)), self.stem, list(self.options.items()), sorted(self.key),
            self.rationale, self.source, self.author, self.reviewer, self.status,
        ]  # fmt: skip
        return hashlib.sha256(json.dumps(state, ensure_ascii=False, separators=(",", ":")).encode()).hexdigest()

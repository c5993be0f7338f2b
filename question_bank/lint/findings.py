"""What the linter says about an item, or about a file as a whole."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any


@dataclass(frozen=True)
class Finding:
    """`message` is a msgid with its params. It never tells which option is the key."""

    rule: str
    file: str
    message: str
    params: Mapping[str, Any] = field(default_factory=dict)
    item: str = ""

    def as_json(self, words: str) -> dict[str, str]:
        return {"rule": self.rule, "file": self.file, "item": self.item, "words": words}


@dataclass(frozen=True)
class Mark:
    """What a rule about single items finds; whose item it is, its caller knows."""

    rule: str
    message: str
    params: Mapping[str, Any] = field(default_factory=dict)

    def at(self, file: str, item: str) -> Finding:
        return Finding(self.rule, file, self.message, self.params, item)

"""What an author writes, and what is wrong with any item whatever its type."""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from app.core.errors import N_


@dataclasses.dataclass(frozen=True)
class Criterion:
    """A line of the sheet on which examiners mark an open answer."""

    text: str
    points: Decimal


@dataclasses.dataclass(frozen=True)
class ItemContent:
    """What an author writes; option texts by id, in the author's order."""

    stem: str
    options: Mapping[str, str] = dataclasses.field(default_factory=dict)
    key: tuple[str, ...] = ()
    criteria: tuple[Criterion, ...] = ()


@dataclasses.dataclass(frozen=True)
class ContentProblem:
    """`message` is a msgid; `field` is where in the item it is."""

    field: str
    message: str
    params: Mapping[str, Any] = dataclasses.field(default_factory=dict)


def stem_problems(content: ItemContent) -> list[ContentProblem]:
    return [] if content.stem.strip() else [ContentProblem("stem", N_("The stem is empty; write the question."))]


def option_problems(content: ItemContent) -> list[ContentProblem]:
    found: list[ContentProblem] = []
    if len(content.options) < 3:
        message = N_("A choice item has at least three options, not %(count)s.")
        found.append(ContentProblem("options", message, {"count": len(content.options)}))
    return [*found, *text_problems(content)]


def text_problems(content: ItemContent) -> list[ContentProblem]:
    """Options that say nothing, or the same."""
    found: list[ContentProblem] = []
    texts = [text.strip() for text in content.options.values()]
    for option, text in zip(content.options, texts, strict=True):
        if not text:
            found.append(ContentProblem(f"options.{option}", N_("The option is empty; write its text.")))
        elif texts.count(text) > 1:
            found.append(ContentProblem(f"options.{option}", N_("Another option says the same; change one of them.")))
    return found


def unknown_keys(content: ItemContent) -> list[ContentProblem]:
    message = N_("The key names option “%(option)s”, which the item does not have.")
    found = [ContentProblem("key", message, {"option": one}) for one in content.key if one not in content.options]
    if len(set(content.key)) != len(content.key):
        found.append(ContentProblem("key", N_("The key names an option twice; name each once.")))
    return found

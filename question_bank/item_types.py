"""What each type of item is: a right content, a right response, its score, the order of its options.

A response is a list of strings; [] stands for unanswered. The bank, the engine and the interchange formats ask
`ITEM_TYPES[code]` and never the code itself, so that a new type is one class and one line here.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Mapping, Sequence
from decimal import ROUND_DOWN, Decimal
from random import Random
from types import MappingProxyType
from typing import ClassVar

from app.core.errors import N_, Refusal
from question_bank.chance import shuffled
from question_bank.item_content import ContentProblem, ItemContent, option_problems, stem_problems, unknown_keys

__all__ = ["ITEM_TYPES", "ContentProblem", "ItemContent", "ItemType"]

HUNDREDTH = Decimal("0.01")
NOTHING = Decimal(0)


class ItemType(ABC):
    code: ClassVar[str]
    name: ClassVar[str]
    shuffles: ClassVar[bool] = True

    @abstractmethod
    def content_problems(self, content: ItemContent) -> list[ContentProblem]:
        """Everything that keeps this content from being an item of the type."""

    @abstractmethod
    def check_response(self, answer: object, options: Sequence[str]) -> tuple[str, ...]:
        """The answer in the one form that is stored; refuses what this item cannot be answered with."""

    @abstractmethod
    def score(self, response: Sequence[str], key: Sequence[str], marks: Decimal, partial: bool = False) -> Decimal:
        """From 0 to `marks`, exact, never rounded up."""

    def option_ids(self, content: ItemContent) -> tuple[str, ...]:
        return tuple(content.options)

    def option_order(self, options: Sequence[str], rng: Random) -> tuple[str, ...]:
        return tuple(shuffled(options, rng)) if self.shuffles else tuple(options)


class Choice(ItemType):
    """Options with ids, of which some are the key."""

    at_most: ClassVar[int | None] = None

    def check_response(self, answer: object, options: Sequence[str]) -> tuple[str, ...]:
        message = N_("An answer is a list of option ids. Send a list, empty for no answer.")
        if not isinstance(answer, list | tuple) or not all(isinstance(one, str) for one in answer):
            raise Refusal("answer_malformed", message)
        for one in answer:
            if one not in options:
                message = N_("This item has no option “%(option)s”. Choose among %(known)s.")
                raise Refusal("unknown_option", message, option=one[:20], known=", ".join(options))
        if len(set(answer)) != len(answer):
            raise Refusal("option_repeated", N_("An option is named twice. Name each option once."))
        if self.at_most is not None and len(answer) > self.at_most:
            message = N_("This item takes one option and %(count)s were chosen. Choose one.")
            raise Refusal("too_many_options", message, count=len(answer))
        return tuple(sorted(answer))

    def score(self, response: Sequence[str], key: Sequence[str], marks: Decimal, partial: bool = False) -> Decimal:
        return marks if response and set(response) == set(key) else NOTHING

    def content_problems(self, content: ItemContent) -> list[ContentProblem]:
        return [*stem_problems(content), *option_problems(content), *self.key_problems(content)]

    @abstractmethod
    def key_problems(self, content: ItemContent) -> list[ContentProblem]: ...


class TrueFalse(Choice):
    """The option texts belong to the catalogues, so an item carries none."""

    code, name = "truefalse", N_("True/false")
    shuffles = False
    at_most = 1
    OPTIONS: ClassVar[Mapping[str, str]] = MappingProxyType({"T": N_("True"), "F": N_("False")})

    def option_ids(self, content: ItemContent) -> tuple[str, ...]:
        return tuple(self.OPTIONS)

    def content_problems(self, content: ItemContent) -> list[ContentProblem]:
        found = stem_problems(content)
        if content.options:
            found.append(ContentProblem("options", N_("A true/false item has no options of its own; remove them.")))
        return [*found, *self.key_problems(content)]

    def key_problems(self, content: ItemContent) -> list[ContentProblem]:
        if len(content.key) == 1 and content.key[0] in self.OPTIONS:
            return []
        return [ContentProblem("key", N_("The key of a true/false item is T or F."))]


class SingleChoice(Choice):
    code, name = "single", N_("Single choice")
    at_most = 1

    def key_problems(self, content: ItemContent) -> list[ContentProblem]:
        found = unknown_keys(content)
        if len(content.key) != 1:
            message = N_("A single-choice item has exactly one key, not %(count)s.")
            found.append(ContentProblem("key", message, {"count": len(content.key)}))
        return found


class MultipleChoice(Choice):
    """All or nothing; with partial credit a share for each right option, and nothing once a wrong one is chosen."""

    code, name = "multiple", N_("Multiple choice")

    def key_problems(self, content: ItemContent) -> list[ContentProblem]:
        found = unknown_keys(content)
        if len(content.key) < 2:
            found.append(ContentProblem("key", N_("A multiple-choice item has at least two keys.")))
        elif len(content.key) >= len(content.options):
            found.append(ContentProblem("key", N_("At least one option of a multiple-choice item is wrong.")))
        return found

    def score(self, response: Sequence[str], key: Sequence[str], marks: Decimal, partial: bool = False) -> Decimal:
        chosen, right = set(response), set(key)
        if not partial or chosen == right or not chosen <= right:
            return super().score(response, key, marks)
        return (marks * len(chosen) / len(right)).quantize(HUNDREDTH, ROUND_DOWN)


ITEM_TYPES: Mapping[str, ItemType] = MappingProxyType(
    {kind.code: kind for kind in (TrueFalse(), SingleChoice(), MultipleChoice())}
)

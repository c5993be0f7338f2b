"""The one interface of every item type: right content, right response, score, order of options, how it is described."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Sequence
from decimal import ROUND_DOWN, Decimal
from typing import ClassVar

from app.core.errors import N_, Refusal
from question_bank.chance import Chance, shuffled
from question_bank.item_content import ContentProblem, ItemContent

HUNDREDTH = Decimal("0.01")
NOTHING = Decimal(0)


class ItemType(ABC):
    code: ClassVar[str]
    name: ClassVar[str]
    task: ClassVar[str]
    """One sentence that tells a candidate what to do with items of the type."""
    interaction: ClassVar[str]
    """What interchange formats call it: the interaction of QTI."""
    shuffles: ClassVar[bool] = True
    key_in_order: ClassVar[bool] = False
    """The order of the key's entries means something."""
    marked_by_people: ClassVar[bool] = False

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
        """What a response may name."""
        return tuple(content.options)

    def option_order(self, options: Sequence[str], chance: Chance) -> tuple[str, ...]:
        return tuple(shuffled(options, chance)) if self.shuffles else tuple(options)

    def stored_key(self, key: Sequence[str]) -> tuple[str, ...]:
        """The key in the one form that is kept, so that the same key has the same digest."""
        return tuple(key) if self.key_in_order else tuple(sorted(key))


def listed(answer: object) -> tuple[str, ...]:
    """Any response is a list of strings."""
    if not isinstance(answer, list | tuple) or not all(isinstance(one, str) for one in answer):
        raise Refusal("answer_malformed", N_("An answer is a list of option ids. Send a list, empty for no answer."))
    return tuple(answer)


def known(named: str, options: Sequence[str]) -> None:
    if named not in options:
        message = N_("This item has no option “%(option)s”. Choose among %(known)s.")
        raise Refusal("unknown_option", message, option=named[:20], known=", ".join(options))


def share(marks: Decimal, right: int, of: int) -> Decimal:
    """So many of so many parts, rounded down to hundredths."""
    return (marks * right / of).quantize(HUNDREDTH, ROUND_DOWN)


def no_options(content: ItemContent, message: str) -> list[ContentProblem]:
    return [ContentProblem("options", message)] if content.options else []

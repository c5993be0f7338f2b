"""True/false, single and multiple choice: options with ids, of which some are the key."""

from __future__ import annotations

from abc import abstractmethod
from collections.abc import Mapping, Sequence
from decimal import Decimal
from types import MappingProxyType
from typing import ClassVar

from app.core.errors import N_, Refusal
from question_bank.item_content import ContentProblem, ItemContent, option_problems, stem_problems, unknown_keys
from question_bank.item_types.base import NOTHING, ItemType, known, listed, no_options, share


class Choice(ItemType):
    interaction = "choiceInteraction"
    at_most: ClassVar[int | None] = None

    def check_response(self, answer: object, options: Sequence[str]) -> tuple[str, ...]:
        given = listed(answer)
        for one in given:
            known(one, options)
        if len(set(given)) != len(given):
            raise Refusal("option_repeated", N_("An option is named twice. Name each option once."))
        if self.at_most is not None and len(given) > self.at_most:
            message = N_("This item takes one option and %(count)s were chosen. Choose one.")
            raise Refusal("too_many_options", message, count=len(given))
        return tuple(sorted(given))

    def score(self, response: Sequence[str], key: Sequence[str], marks: Decimal, partial: bool = False) -> Decimal:
        return marks if response and set(response) == set(key) else NOTHING

    def content_problems(self, content: ItemContent) -> list[ContentProblem]:
        return [*stem_problems(content), *option_problems(content), *self.key_problems(content)]

    @abstractmethod
    def key_problems(self, content: ItemContent) -> list[ContentProblem]: ...


class TrueFalse(Choice):
    """The option texts belong to the catalogues, so an item carries none."""

    code, name = "truefalse", N_("True/false")
    task = N_("Decide whether the statement is right.")
    shuffles = False
    at_most = 1
    OPTIONS: ClassVar[Mapping[str, str]] = MappingProxyType({"T": N_("True"), "F": N_("False")})

    def option_ids(self, content: ItemContent) -> tuple[str, ...]:
        return tuple(self.OPTIONS)

    def content_problems(self, content: ItemContent) -> list[ContentProblem]:
        message = N_("A true/false item has no options of its own; remove them.")
        return [*stem_problems(content), *no_options(content, message), *self.key_problems(content)]

    def key_problems(self, content: ItemContent) -> list[ContentProblem]:
        if len(content.key) == 1 and content.key[0] in self.OPTIONS:
            return []
        return [ContentProblem("key", N_("The key of a true/false item is T or F."))]


class SingleChoice(Choice):
    code, name = "single", N_("Single choice")
    task = N_("Exactly one option is right.")
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
    task = N_("Two or more options are right; marks are given only when all right ones and no wrong one are chosen.")

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
        return share(marks, len(chosen), len(right))

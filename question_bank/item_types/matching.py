"""Matching: to each premise (1, 2, …) the one choice (A, B, …) that belongs to it."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from decimal import Decimal

from app.core.errors import N_, Refusal
from question_bank.chance import Chance, shuffled
from question_bank.item_content import ContentProblem, ItemContent, stem_problems, text_problems
from question_bank.item_types.base import NOTHING, ItemType, known, listed, share


class Matching(ItemType):
    """Key and response are pairs such as “2-B”. A choice may belong to several premises, or to none."""

    code, name = "matching", N_("Matching")
    task = N_("Choose for each entry on the left what belongs to it.")
    interaction = "matchInteraction"

    def content_problems(self, content: ItemContent) -> list[ContentProblem]:
        found = [*stem_problems(content), *text_problems(content)]
        left, right = premises(content.options), choices(content.options)
        if len(left) < 2 or len(right) < 2:
            message = N_("A matching item has at least two entries (1, 2 …) and two choices (A, B …).")
            found.append(ContentProblem("options", message))
        pairs = [split(pair) for pair in content.key]
        for one, other in pairs:
            if one not in left or other not in right:
                message = N_("The key “%(pair)s” is no pair of an entry and a choice of this item, such as 1-B.")
                found.append(ContentProblem("key", message, {"pair": f"{one}-{other}"[:20]}))
        if sorted(one for one, _ in pairs) != sorted(left):
            found.append(ContentProblem("key", N_("The key gives each entry exactly one choice.")))
        return found

    def check_response(self, answer: object, options: Sequence[str]) -> tuple[str, ...]:
        given = listed(answer)
        for pair in given:
            one, other = split(pair)
            known(one, premises(options))
            known(other, choices(options))
        if len({split(pair)[0] for pair in given}) != len(given):
            raise Refusal("option_repeated", N_("An option is named twice. Name each option once."))
        return tuple(sorted(given))

    def score(self, response: Sequence[str], key: Sequence[str], marks: Decimal, partial: bool = False) -> Decimal:
        right = len(set(response) & set(key))
        if right == len(key):
            return marks
        return share(marks, right, len(key)) if partial else NOTHING

    def option_order(self, options: Sequence[str], chance: Chance) -> tuple[str, ...]:
        """The entries stand as written, the choices are shuffled."""
        return (*premises(options), *shuffled(choices(options), chance))


def premises(options: Iterable[str]) -> tuple[str, ...]:
    return tuple(one for one in options if one.isdecimal())


def choices(options: Iterable[str]) -> tuple[str, ...]:
    return tuple(one for one in options if not one.isdecimal())


def split(pair: str) -> tuple[str, str]:
    one, _, other = pair.partition("-")
    return one, other

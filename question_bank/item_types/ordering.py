"""Ordering: options to be put into the one right order."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal

from app.core.errors import N_, Refusal
from question_bank.item_content import ContentProblem, ItemContent, option_problems, stem_problems, unknown_keys
from question_bank.item_types.base import NOTHING, ItemType, known, listed, share


class Ordering(ItemType):
    """A response names every option once, first to last. With partial credit each option in its place counts."""

    code, name = "ordering", N_("Ordering")
    task = N_("Put the steps into the right order by giving each its number.")
    interaction = "orderInteraction"
    key_in_order = True

    def content_problems(self, content: ItemContent) -> list[ContentProblem]:
        found = [*stem_problems(content), *option_problems(content), *unknown_keys(content)]
        if len(content.key) != len(content.options):
            message = N_("The key names %(count)s of %(options)s options; name every one, first to last.")
            found.append(ContentProblem("key", message, {"count": len(content.key), "options": len(content.options)}))
        return found

    def check_response(self, answer: object, options: Sequence[str]) -> tuple[str, ...]:
        """An order that is begun names fewer options: "" stands where none is chosen yet."""
        given = listed(answer)
        if given and len(given) != len(options):
            message = N_("An order has %(places)s places and %(count)s were sent. Send each place, empty ones too.")
            raise Refusal("wrong_number_of_places", message, places=len(options), count=len(given))
        named = [one for one in given if one]
        for one in named:
            known(one, options)
        if len(set(named)) != len(named):
            raise Refusal("option_repeated", N_("An option is named twice. Name each option once."))
        return given if named else ()

    def score(self, response: Sequence[str], key: Sequence[str], marks: Decimal, partial: bool = False) -> Decimal:
        right = sum(one == other for one, other in zip(response, key, strict=False))
        if right == len(key):
            return marks
        return share(marks, right, len(key)) if partial else NOTHING

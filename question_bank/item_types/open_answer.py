"""Open answer: a text that examiners mark on a sheet."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal

from app.core.errors import N_, Refusal
from question_bank.item_content import ContentProblem, ItemContent, stem_problems
from question_bank.item_types.base import NOTHING, ItemType, listed, no_options
from question_bank.item_types.fill import check_text

LONGEST = 4000


class OpenAnswer(ItemType):
    """The engine gives nothing for the text itself: its marks are those of the examiners' sheets."""

    code, name = "open", N_("Open answer")
    task = N_("Write your answer in your own words.")
    interaction = "extendedTextInteraction"
    shuffles = False
    marked_by_people = True

    def content_problems(self, content: ItemContent) -> list[ContentProblem]:
        found = [*stem_problems(content), *no_options(content, N_("An open item has no options; remove them."))]
        if content.key:
            message = N_("An open item has no key; what counts stands in its criteria.")
            found.append(ContentProblem("key", message))
        if not content.criteria:
            message = N_("An open item needs criteria, each with its points, for the examiners' sheet.")
            found.append(ContentProblem("criteria", message))
        elif any(one.points <= 0 or not one.text.strip() for one in content.criteria):
            found.append(ContentProblem("criteria", N_("Every criterion has a text and more than 0 points.")))
        return found

    def check_response(self, answer: object, options: Sequence[str]) -> tuple[str, ...]:
        given = listed(answer)
        if len(given) > 1:
            raise Refusal("answer_malformed", N_("An open item takes one text. Send it as a list of one."))
        for one in given:
            check_text(one, LONGEST)
        return given if any(one.strip() for one in given) else ()

    def score(self, response: Sequence[str], key: Sequence[str], marks: Decimal, partial: bool = False) -> Decimal:
        return NOTHING

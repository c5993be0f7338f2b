"""Fill-in: gaps in the stem, each with the forms that count as right."""

from __future__ import annotations

import re
from collections.abc import Sequence
from decimal import Decimal
from unicodedata import category, normalize

from app.core.errors import N_, Refusal
from question_bank.item_content import ContentProblem, ItemContent, stem_problems
from question_bank.item_text import GAP
from question_bank.item_types.base import NOTHING, ItemType, listed, no_options, share

BETWEEN_FORMS = "|"
LONGEST = 200
LONGEST_NUMBER = 20
"""Longer rows of digits are compared sign by sign, as codes are."""
_HAN = re.compile(r"[\u3400-\u9fff]")
_NUMBER = re.compile(r"[+-]?(?:\d{1,3}(?:,\d{3})+(?:\.\d*)?|\d+(?:\.\d*)?|\.\d+)")
_CODE = re.compile(r"0\d+")
"""A row of digits such as 010: the key says it with its zeros, and without them it is another one."""
_SAME_SIGN = str.maketrans(dict.fromkeys("\u2010\u2011\u2012\u2013\u2212", "-"))


class FillIn(ItemType):
    """The key holds one entry for each gap, its accepted forms set apart by “|”; a response one text for each gap."""

    code, name = "fill", N_("Fill-in")
    task = N_("Write the missing words or figures into each gap.")
    interaction = "textEntryInteraction"
    shuffles = False
    key_in_order = True

    def option_ids(self, content: ItemContent) -> tuple[str, ...]:
        return tuple(str(number) for number in range(1, len(GAP.findall(content.stem)) + 1))

    def content_problems(self, content: ItemContent) -> list[ContentProblem]:
        message = N_("A fill-in item has no options; its accepted answers stand in the key.")
        found = [*stem_problems(content), *no_options(content, message)]
        gaps = len(self.option_ids(content))
        if not gaps:
            found.append(ContentProblem("stem", N_("The stem has no gap; mark each with four underscores (____).")))
        elif len(content.key) != gaps:
            message = N_("The stem has %(gaps)s gaps and the key answers %(count)s; give one entry for each gap.")
            found.append(ContentProblem("key", message, {"gaps": gaps, "count": len(content.key)}))
        for entry in content.key:
            if not all(normalised(form) for form in entry.split(BETWEEN_FORMS)):
                found.append(ContentProblem("key", N_("An accepted form is empty; write it or take out the “|”.")))
            elif any(len(form) > LONGEST for form in entry.split(BETWEEN_FORMS)):
                message = N_("An accepted form is longer than the %(most)s characters a gap takes.")
                found.append(ContentProblem("key", message, {"most": LONGEST}))
        return found

    def check_response(self, answer: object, options: Sequence[str]) -> tuple[str, ...]:
        given = listed(answer)
        if given and len(given) != len(options):
            message = N_(
                "This item has %(gaps)s gaps and %(count)s texts were sent. Send one for each gap, empty ones too."
            )
            raise Refusal("wrong_number_of_gaps", message, gaps=len(options), count=len(given))
        for one in given:
            check_text(one, LONGEST)
        return given if any(one.strip() for one in given) else ()

    def score(self, response: Sequence[str], key: Sequence[str], marks: Decimal, partial: bool = False) -> Decimal:
        right = sum(accepts(entry, text) for entry, text in zip(key, response, strict=False))
        if right == len(key):
            return marks
        return share(marks, right, len(key)) if partial else NOTHING


def accepts(entry: str, text: str) -> bool:
    return not {normalised(text), _plain(text)}.isdisjoint(map(asked, entry.split(BETWEEN_FORMS)))


def asked(form: str) -> str:
    """What an accepted form is compared by: normalised, unless its zeros belong to it."""
    return _plain(form) if _CODE.fullmatch(_plain(form)) else normalised(form)


def normalised(text: str) -> str:
    """Widths of characters and digits, case, blanks and the way a number is written make no difference."""
    plain = _plain(text)
    bare, percent = (plain[:-1].rstrip(), "%") if plain.endswith("%") else (plain, "")
    if _NUMBER.fullmatch(bare) and len(bare) <= LONGEST_NUMBER:
        return format(Decimal(bare.replace(",", "")).normalize() + 0, "f") + percent
    return plain


def _plain(text: str) -> str:
    """Without what nobody sees, such as marks of direction; every kind of minus is one."""
    seen = "".join(sign for sign in normalize("NFKC", text).translate(_SAME_SIGN) if category(sign) != "Cf")
    return ("" if _HAN.search(text) else " ").join(seen.casefold().split())


def check_text(text: str, longest: int) -> None:
    """Written answers are kept as typed, as long as they can be stored and shown."""
    if len(text) > longest:
        message = N_("This answer has %(length)s characters and at most %(most)s fit. Shorten it.")
        raise Refusal("answer_too_long", message, length=len(text), most=longest)
    if "\x00" in text or any("\ud800" <= sign <= "\udfff" for sign in text):
        raise Refusal("answer_malformed", N_("This answer holds a character that cannot be stored. Take it out."))

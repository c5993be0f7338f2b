"""What only one type of item can have: gaps, pairs, steps, criteria."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Iterator, Mapping

from app.core.errors import N_
from question_bank.bank_item import BankItem
from question_bank.item_text import GAP
from question_bank.item_types.fill import BETWEEN_FORMS, asked, normalised
from question_bank.item_types.matching import choices, premises, split
from question_bank.lint.findings import Mark

MOST_GAPS = 4
MOST_STEPS = 8
MOST_ENTRIES = 8
MOST_FORMS = 12
LEAST_CRITERIA = 2
HEAVIEST = 0.7


def check(item: BankItem) -> Iterator[Mark]:
    if rule := _RULES.get(item.type):
        yield from rule(item)


def _fill(item: BankItem) -> Iterator[Mark]:
    if len(item.key) > MOST_GAPS:
        message = N_("%(count)s gaps in one stem are too many to keep its sense; %(most)s at most.")
        yield Mark("fill_gaps", message, {"count": len(item.key), "most": MOST_GAPS})
    if GAP.match(item.stem.strip()):
        yield Mark("fill_opens", N_("The stem opens with a gap; let it first say what is asked."))
    said = normalised(GAP.sub(" ", item.stem))
    for entry in item.key:
        forms = [asked(form) for form in entry.split(BETWEEN_FORMS)]
        if len(forms) > MOST_FORMS:
            message = N_("A gap accepts %(count)s forms; ask so that fewer can be meant.")
            yield Mark("fill_forms", message, {"count": len(forms)})
        if len(set(forms)) < len(forms):
            yield Mark("fill_forms", N_("Two accepted forms are the same once width, case and blanks are set aside."))
        if any(len(form) > 1 and not form.isdecimal() and form in said for form in forms):
            yield Mark("fill_told", N_("The stem itself says what one of its gaps asks for."))
    if any(_unit_twice(item.stem, number, entry) for number, entry in enumerate(item.key)):
        yield Mark("fill_unit", N_("A gap is followed by its unit and an accepted form brings the unit again."))


def _unit_twice(stem: str, number: int, entry: str) -> bool:
    after = GAP.split(stem)[number + 1 : number + 2]
    unit = re.match(r"\s*([^\s\d，。；：、？！])", after[0]) if after else None
    if not unit:
        return False
    brings = re.compile(rf"[\d.,]+\s*{re.escape(unit[1])}")
    return any(brings.fullmatch(form.strip()) for form in entry.split(BETWEEN_FORMS))


def _matching(item: BankItem) -> Iterator[Mark]:
    left, right = premises(item.options), choices(item.options)
    used = Counter(split(pair)[1] for pair in item.key)
    if len(left) == len(right) and all(used[one] == 1 for one in right):
        message = N_("%(count)s entries and as many choices: the last needs no knowledge. Add one that fits none.")
        yield Mark("matching_last", message, {"count": len(left)})
    if len(left) > MOST_ENTRIES:
        message = N_("%(count)s entries are too many to hold in mind; %(most)s at most.")
        yield Mark("matching_long", message, {"count": len(left), "most": MOST_ENTRIES})


def _ordering(item: BankItem) -> Iterator[Mark]:
    if not 3 <= len(item.options) <= MOST_STEPS:
        message = N_("%(count)s steps to put in order; 3 to %(most)s are sensible.")
        yield Mark("ordering_steps", message, {"count": len(item.options), "most": MOST_STEPS})
    if list(item.key) == list(item.options):
        yield Mark("ordering_given", N_("The steps are written down in the order that is asked for; mix them."))


def _open(item: BankItem) -> Iterator[Mark]:
    total = sum(one.points for one in item.criteria)
    if len(item.criteria) < LEAST_CRITERIA:
        message = N_("An open answer with %(count)s criterion is marked by feeling; name at least %(least)s.")
        yield Mark("open_criteria", message, {"count": len(item.criteria), "least": LEAST_CRITERIA})
    elif any(float(one.points) > HEAVIEST * float(total) for one in item.criteria):
        yield Mark("open_weights", N_("One criterion carries nearly all points; divide it."))


_RULES: Mapping[str, Callable[[BankItem], Iterator[Mark]]] = {
    "fill": _fill,
    "matching": _matching,
    "ordering": _ordering,
    "open": _open,
}

"""Time and difficulty: estimates that can be true."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal

from app.core.errors import N_
from question_bank.bank_item import BankItem
from question_bank.lint.findings import Mark
from question_bank.lint.texts import shown

FASTEST = 6
"""Characters a second; ordinary reading of Chinese is 5 to 8."""
SLOWEST = 3
THINKING = {"truefalse": 60, "single": 180, "multiple": 180}
OTHER_THINKING = 300
OPEN_THINKING = 1800
EASIEST, HARDEST = Decimal("0.95"), Decimal("0.25")


def check(item: BankItem) -> Iterator[Mark]:
    read = len(shown(item))
    shared = len(item.stimulus.text) if item.stimulus else 0
    thinking = OPEN_THINKING if item.type == "open" else THINKING.get(item.type, OTHER_THINKING)
    low, high = read // FASTEST, (read + shared) // SLOWEST + thinking
    if not low <= item.seconds <= high:
        message = N_(
            "%(seconds)s s for %(length)s characters: between %(low)s and %(high)s s are to be expected for this type."
        )
        params = {"seconds": item.seconds, "length": read + shared, "low": low, "high": high}
        yield Mark("time_estimate", message, params)
    if not HARDEST <= item.difficulty <= EASIEST:
        message = N_("A difficulty of %(difficulty)s says nothing about candidates; keep it from %(low)s to %(high)s.")
        bounds = {"difficulty": str(item.difficulty), "low": str(HARDEST), "high": str(EASIEST)}
        yield Mark("difficulty_bounds", message, bounds)

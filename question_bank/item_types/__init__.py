"""What each type of item is. A response is a list of strings; [] stands for unanswered.

The bank, the engine and the interchange formats ask `ITEM_TYPES[code]` and never the code itself, so that a new type is
one module and one line here.
"""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

from question_bank.item_content import ContentProblem, Criterion, ItemContent
from question_bank.item_types.base import ItemType
from question_bank.item_types.choice import Choice, MultipleChoice, SingleChoice, TrueFalse
from question_bank.item_types.fill import FillIn
from question_bank.item_types.matching import Matching
from question_bank.item_types.open_answer import OpenAnswer
from question_bank.item_types.ordering import Ordering

__all__ = ["CHOICE_TYPES", "ITEM_TYPES", "ContentProblem", "Criterion", "ItemContent", "ItemType", "TrueFalse"]

ITEM_TYPES: Mapping[str, ItemType] = MappingProxyType(
    {
        kind.code: kind
        for kind in (
            TrueFalse(),
            SingleChoice(),
            MultipleChoice(),
            FillIn(),
            Ordering(),
            Matching(),
            OpenAnswer(),
        )
    }
)
CHOICE_TYPES = frozenset(code for code, kind in ITEM_TYPES.items() if isinstance(kind, Choice))

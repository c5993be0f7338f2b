"""Signs: full width between Chinese characters, none doubled, none left open."""

from __future__ import annotations

import re
from collections.abc import Iterator

from app.core.errors import N_
from question_bank.bank_item import BankItem
from question_bank.lint.findings import Mark
from question_bank.lint.texts import fields, told_field

PAIRS = {"“": "”", "‘": "’", "（": "）", "《": "》", "【": "】", "「": "」", "(": ")"}
_CLOSING = {closing: opening for opening, closing in PAIRS.items()}
_HAN = "\\u4e00-\\u9fff"
_HALF = re.compile(
    rf"[{_HAN}”）》％%][,;:?!](?:[{_HAN}“（《]|$)|[{_HAN}]\.(?:[{_HAN}]|$)|\""
    rf"|[{_HAN}]\([^()]*[{_HAN}][^()]*\)|\([^()]*[{_HAN}][^()]*\)[{_HAN}，。]"
)
_DOUBLED = re.compile(r"[，。；：、]{2,}|[？！][，。；、]|。[？！]|。”。")


def check(item: BankItem) -> Iterator[Mark]:
    for name, text in fields(item):
        yield from in_text(text, told_field(name))
    if item.rationale and not re.search(r"[。！？]”?$|）$", item.rationale):
        yield Mark("no_full_stop", N_("The rationale ends without a full stop."))


def in_text(text: str, name: str) -> Iterator[Mark]:
    for rule, pattern, message in (
        ("half_width", _HALF, N_("Half-width sign “%(words)s” (%(field)s); write it full width.")),
        ("doubled_sign", _DOUBLED, N_("Signs that do not go together: “%(words)s” (%(field)s).")),
    ):
        if found := pattern.search(text):
            yield Mark(rule, message, {"words": found.group(), "field": name})
    if left := _unmatched(text):
        message = N_("“%(sign)s” (%(field)s) is left open or closes nothing.")
        yield Mark("unmatched", message, {"sign": left, "field": name})


def _unmatched(text: str) -> str:
    """The first sign without its partner. “1)” at a line's beginning counts lists and is fine."""
    is_open: list[str] = []
    for sign in re.sub(r"(?m)^\s*\d+[)）]", "", text):
        if sign in PAIRS:
            is_open.append(sign)
        elif sign in _CLOSING and (not is_open or is_open.pop() != _CLOSING[sign]):
            return sign
    return is_open[-1] if is_open else ""

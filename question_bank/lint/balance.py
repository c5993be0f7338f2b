"""Rules about the items of a file together: nothing may be guessed from where keys stand or how long they are."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence

from app.core.errors import N_
from question_bank.bank_item import BankItem
from question_bank.item_types import CHOICE_TYPES, TrueFalse
from question_bank.lint.chi_square import Balance, balance
from question_bank.lint.findings import Finding
from question_bank.lint.negation import is_negative, negations
from question_bank.lint.options import has_absolute
from question_bank.lint.texts import plain

AT_LEAST = 6
"""Fewer items of a type than this say nothing about balance."""
LONGEST_SHARE = 1 / 3
NEGATIVE_SHARE = 0.1
TRUE_SHARES = (0.4, 0.6)
TELLING = 6
"""So many statements with a negation, all true or all false, give the next one away."""
EASY_SPREAD = 0.02


def check(items: Sequence[BankItem], file: str) -> Iterator[Finding]:
    for found in balances(items, file):
        if found.type != TrueFalse.code and not found.even:
            yield _uneven(found)
    by_type = _by_type(items)
    yield from _true_and_false(by_type.get(TrueFalse.code, []), file)
    yield from _longest(by_type.get("single", []), file)
    yield from _negatives([item for item in items if item.type in CHOICE_TYPES and item.options], file)
    yield from _one_difficulty(items, file)


def balances(items: Sequence[BankItem], file: str) -> list[Balance]:
    """One for every choice type of which the file holds enough."""
    kinds = _by_type(item for item in items if item.type in CHOICE_TYPES)
    return [balance(alike, file) for _, alike in sorted(kinds.items()) if len(alike) >= AT_LEAST]


def _by_type(items: Iterator[BankItem] | Sequence[BankItem]) -> Mapping[str, list[BankItem]]:
    kinds: dict[str, list[BankItem]] = defaultdict(list)
    for item in items:
        kinds[item.type].append(item)
    return kinds


def _uneven(found: Balance) -> Finding:
    message = N_(
        "Keys of type %(type)s stand unevenly (%(counts)s; chi-square %(statistic)s, df %(df)s, p %(p)s); "
        "move some of them."
    )
    params = {"type": found.type, "counts": found.told_counts(), "statistic": found.statistic,
              "df": found.df, "p": found.p}  # fmt: skip
    return Finding("key_positions", found.file, message, params)


def _true_and_false(items: Sequence[BankItem], file: str) -> Iterator[Finding]:
    true = sum(item.key == ("T",) for item in items)
    low, high = (round(len(items) * share) for share in TRUE_SHARES)
    if len(items) >= AT_LEAST and not low <= true <= high:
        message = N_("%(true)s of %(count)s true/false items are true; about half should be.")
        yield Finding("true_false_balance", file, message, {"true": true, "count": len(items)})
    absolute = [item.key == ("T",) for item in items if has_absolute(plain(item.stem))]
    if len(items) >= AT_LEAST and absolute and not any(absolute):
        message = N_(
            "Absolute words stand in %(count)s false statements and in no true one; take them out or balance them."
        )
        yield Finding("absolute_words", file, message, {"count": len(absolute)})
    negated = [item.key for item in items if negations(item.stem)]
    if len(negated) >= TELLING and len(set(negated)) == 1:
        message = N_("All %(count)s statements with a negation have the same truth value; turn some of them round.")
        yield Finding("negation_tells", file, message, {"count": len(negated)})


def _longest(items: Sequence[BankItem], file: str) -> Iterator[Finding]:
    longest = [item for item in items if max(map(len, item.wrong())) < max(map(len, item.right()))]
    if len(items) >= AT_LEAST and len(longest) > LONGEST_SHARE * len(items):
        message = N_(
            "In %(longest)s of %(count)s single-choice items the key is the longest option; at most a third may."
        )
        yield Finding("key_longest", file, message, {"longest": len(longest), "count": len(items)})


def _negatives(items: Sequence[BankItem], file: str) -> Iterator[Finding]:
    negative = sum(map(is_negative, items))
    if len(items) >= AT_LEAST and negative > max(1, NEGATIVE_SHARE * len(items)):
        message = N_("%(negative)s of %(count)s choice items ask for what is wrong; turn some of them round.")
        yield Finding("negatives", file, message, {"negative": negative, "count": len(items)})


def _one_difficulty(items: Sequence[BankItem], file: str) -> Iterator[Finding]:
    shares = [float(item.difficulty) for item in items]
    if len(shares) >= 2 * AT_LEAST and max(shares) - min(shares) < EASY_SPREAD:
        message = N_("All %(count)s items have the same difficulty; estimate each on its own.")
        yield Finding("one_difficulty", file, message, {"count": len(shares)})

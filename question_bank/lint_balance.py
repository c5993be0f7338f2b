"""Rules about the items of a file together: nothing may be guessed from where keys stand or how long they are."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence

from app.core.errors import N_
from app.schemes.scheme import scheme
from question_bank.bank_item import BankItem
from question_bank.blueprint import check_fill, make_blueprint
from question_bank.lint_findings import Finding
from question_bank.lint_wording import has_absolute, is_negative
from question_bank.pool_item import PoolItem

AT_LEAST = 6
"""Fewer items of a type than this say nothing about balance."""
LONGEST_SHARE = 1 / 3
NEGATIVE_SHARE = 0.1
TRUE_SHARES = (0.4, 0.6)
TIMES = 3
"""How often over the bank should fill every cell."""
CHI_SQUARE_5_PERCENT = {1: 3.841, 2: 5.991, 3: 7.815, 4: 9.488, 5: 11.070, 6: 12.592, 7: 14.067}


def check(items: Sequence[BankItem], file: str) -> Iterator[Finding]:
    for kind in sorted({item.type for item in items}):
        alike = [item for item in items if item.type == kind]
        if len(alike) < AT_LEAST:
            continue
        if alike[0].options:
            yield from _positions(alike, kind, file)
        else:
            yield from _true_and_false(alike, file)
        if kind == "single":
            yield from _longest(alike, file)
    yield from _negatives([item for item in items if item.options], file)


def _positions(items: Sequence[BankItem], kind: str, file: str) -> Iterator[Finding]:
    """Chi-square of how often each letter is a key, against what its presence among the options makes likely."""
    seen = Counter(letter for item in items for letter in item.key)
    due: Counter[str] = Counter()
    for item in items:
        due.update(dict.fromkeys(item.options, len(item.key) / len(item.options)))
    statistic = sum((seen[letter] - share) ** 2 / share for letter, share in due.items())
    if statistic > CHI_SQUARE_5_PERCENT.get(len(due) - 1, 2 * len(due)):
        message = N_("Keys of type %(type)s stand unevenly (%(counts)s; chi-square %(statistic)s); move some of them.")
        counts = " ".join(f"{letter}{seen[letter]}" for letter in sorted(due))
        yield Finding(
            "key_positions", file, message, {"type": kind, "counts": counts, "statistic": round(statistic, 1)}
        )


def _true_and_false(items: Sequence[BankItem], file: str) -> Iterator[Finding]:
    true = sum(item.key == ("T",) for item in items)
    low, high = (round(len(items) * share) for share in TRUE_SHARES)
    if not low <= true <= high:
        message = N_("%(true)s of %(count)s true/false items are true; about half should be.")
        yield Finding("true_false_balance", file, message, {"true": true, "count": len(items)})
    absolute = [item.key == ("T",) for item in items if has_absolute(item.stem)]
    if absolute and not any(absolute):
        message = N_(
            "Absolute words stand in %(count)s false statements and in no true one; take them out or balance them."
        )
        yield Finding("absolute_words", file, message, {"count": len(absolute)})


def _longest(items: Sequence[BankItem], file: str) -> Iterator[Finding]:
    longest = [item for item in items if max(map(len, item.wrong())) < max(map(len, item.right()))]
    if len(longest) > LONGEST_SHARE * len(items):
        message = N_(
            "In %(longest)s of %(count)s single-choice items the key is the longest option; at most a third may."
        )
        yield Finding("key_longest", file, message, {"longest": len(longest), "count": len(items)})


def _negatives(items: Sequence[BankItem], file: str) -> Iterator[Finding]:
    negative = sum(map(is_negative, items))
    if len(items) >= AT_LEAST and negative > max(1, NEGATIVE_SHARE * len(items)):
        message = N_("%(negative)s of %(count)s choice items ask for what is wrong; turn some of them round.")
        yield Finding("negatives", file, message, {"negative": negative, "count": len(items)})


def coverage(items: Sequence[BankItem]) -> Iterator[Finding]:
    """Cells of the work contents met among `items` that they do not fill three times over."""
    for code, level in sorted({(item.scheme, item.level) for item in items}):
        here = [item for item in items if (item.scheme, item.level) == (code, level)]
        met = {(item.row, item.content) for item in here}
        for short in check_fill(make_blueprint(scheme(code).level(level)), map(_counted, here), TIMES):
            if (short.cell.row, short.cell.content) not in met:
                continue
            message = N_("Row %(row)s, %(content)s holds %(found)s items of type %(type)s; %(needed)s are needed.")
            params = {"row": short.cell.row, "content": short.cell.content, "type": short.cell.type,
                      "found": short.found, "needed": short.needed}  # fmt: skip
            yield Finding("coverage", f"{level} {short.cell.row} {short.cell.content}", message, params)


def _counted(item: BankItem) -> PoolItem:
    return PoolItem(
        item.id, 0, 0, item.type, item.row, item.content, item.difficulty, tuple(item.options), item.enemies, ""
    )

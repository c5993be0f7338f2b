"""The linter of the bank: what a careful reviewer would mark in the margin, found by rule.

docs/item-writing.md says of every rule what it asks, why, and where it comes from. A family of rules is one module; a
rule takes values and answers with findings. No item can be excused from a rule.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from question_bank.bank_item import BankItem
from question_bank.interchange import FoundItem
from question_bank.lint import (
    balance,
    coverage,
    effort,
    figures,
    forms,
    laws,
    materials,
    negation,
    options,
    pairs,
    punctuation,
    reasons,
    stems,
    sums,
    telling,
)
from question_bank.lint.chi_square import Balance
from question_bank.lint.clues import Clues
from question_bank.lint.enemies import propose_enemies
from question_bank.lint.findings import Finding, Mark
from question_bank.lint.pairs import Pair

__all__ = ["Balance", "Finding", "Pair", "Report", "by_rule", "examine", "in_groups", "lint", "propose_enemies"]

ITEM_RULES: tuple[Callable[[BankItem], Iterator[Mark]], ...] = (
    stems.check,
    negation.check,
    options.check,
    figures.check,
    sums.check,
    laws.check,
    punctuation.check,
    materials.tables,
    reasons.check,
    effort.check,
    forms.check,
)


@dataclass(frozen=True)
class Report:
    """All findings, and what is worth telling also when there are none."""

    items: int
    findings: Sequence[Finding]
    balances: Sequence[Balance]
    undrawn: Sequence[coverage.Undrawn]


def examine(found: Sequence[FoundItem], whole: bool = False) -> Report:
    """`whole`: these are all items there are, so that a cell without any is a gap."""
    groups = _by_file(found)
    items = [one.item for one in found]
    measured = [one for file, here in groups.items() for one in balance.balances(here, file)]
    return Report(len(found), lint(found, whole), measured, coverage.undrawn(items))


def lint(found: Sequence[FoundItem], whole: bool = False) -> list[Finding]:
    """Every finding, in the order of files and items."""
    items = [one.item for one in found]
    rules = (*ITEM_RULES, Clues(items).check)
    findings = [mark.at(one.file, one.item.id) for one in found for rule in rules for mark in rule(one.item)]
    for file, here in _by_file(found).items():
        findings += balance.check(here, file)
    findings += materials.check(found)
    findings += pairs.near_duplicates(found)
    findings += telling.check(found)
    findings += coverage.check(items, whole)
    return sorted(findings, key=lambda finding: (finding.file, finding.item, finding.rule))


def in_groups(items: Iterable[BankItem]) -> list[FoundItem]:
    """Items without files, looked at by row and work content as if each had a file of its own."""
    return [FoundItem(item, f"{item.level} {item.row} {item.content}", 0) for item in items]


def by_rule(findings: Iterable[Finding]) -> Mapping[str, int]:
    counted: dict[str, int] = defaultdict(int)
    for finding in findings:
        counted[finding.rule] += 1
    return dict(counted)


def _by_file(found: Sequence[FoundItem]) -> Mapping[str, list[BankItem]]:
    groups: dict[str, list[BankItem]] = defaultdict(list)
    for one in found:
        groups[one.file].append(one.item)
    return groups

"""The linter of the bank: what a careful reviewer would mark in the margin, found by rule."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence

from question_bank import lint_balance, lint_pairs, lint_wording
from question_bank.bank_item import BankItem
from question_bank.interchange import FoundItem
from question_bank.lint_findings import Finding


def lint(found: Sequence[FoundItem]) -> list[Finding]:
    """Every finding, in the order of files and items."""
    findings: list[Finding] = []
    groups: dict[str, list[BankItem]] = defaultdict(list)
    for one in found:
        groups[one.file].append(one.item)
        findings += lint_wording.check(one.item, one.file)
    for file, items in groups.items():
        findings += lint_balance.check(items, file)
    findings += lint_pairs.near_duplicates(found)
    findings += lint_balance.coverage([one.item for one in found])
    return sorted(findings, key=lambda finding: (finding.file, finding.item, finding.rule))


def in_groups(items: Iterable[BankItem]) -> list[FoundItem]:
    """Items without files, looked at by row and work content as if each had a file of its own."""
    return [FoundItem(item, f"{item.level} {item.row} {item.content}", 0) for item in items]


def by_rule(findings: Iterable[Finding]) -> Mapping[str, int]:
    counted: dict[str, int] = defaultdict(int)
    for finding in findings:
        counted[finding.rule] += 1
    return dict(counted)

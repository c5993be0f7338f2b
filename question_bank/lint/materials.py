"""Shared material: two to five items that belong to it, short enough to keep in mind, in tables that are whole."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator, Sequence

from app.core.errors import N_
from question_bank.bank_item import BankItem
from question_bank.interchange import FoundItem
from question_bank.lint import figures, laws, punctuation, sums
from question_bank.lint.alike import alike
from question_bank.lint.findings import Finding, Mark
from question_bank.lint.texts import plain
from question_bank.stimuli import Stimulus

SIZES = (2, 5)
LONGEST = 600
ALIKE = 70
_BAR = re.compile(r"^\s*\|.*\|\s*$")
_RULE = re.compile(r"^[\s|:-]+$")


def check(found: Sequence[FoundItem]) -> Iterator[Finding]:
    sets: dict[str, list[BankItem]] = defaultdict(list)
    materials: dict[str, tuple[Stimulus, str]] = {}
    for one in found:
        if one.item.stimulus:
            digest = one.item.stimulus.digest()
            sets[digest].append(one.item)
            materials.setdefault(digest, (one.item.stimulus, one.file))
    for digest, (stimulus, file) in materials.items():
        yield from (mark.at(file, stimulus.id) for mark in _of_set(stimulus, sets[digest]))
    yield from _alike([one for one in materials.values() if one[0].text])


def tables(item: BankItem) -> Iterator[Mark]:
    if "|" in item.stem:
        yield from _tables(item.stem)


def _of_set(stimulus: Stimulus, items: Sequence[BankItem]) -> Iterator[Mark]:
    low, high = SIZES
    if len(items) > high or (len(items) < low and not stimulus.audio):
        message = N_("The material has %(count)s items; %(low)s to %(high)s should belong to it.")
        yield Mark("set_size", message, {"count": len(items), "low": low, "high": high})
    if len({(item.scheme, item.level, item.row) for item in items}) > 1:
        yield Mark("set_apart", N_("Items of one material belong to different levels or rows; no paper can hold them."))
    if len(stimulus.text) > LONGEST:
        message = N_("The material has %(length)s characters; %(most)s are enough for one reading.")
        yield Mark("set_long", message, {"length": len(stimulus.text), "most": LONGEST})
    yield from _tables(stimulus.text)
    yield from sums.totals(stimulus.text)
    yield from punctuation.in_text(stimulus.text, "stimulus")
    yield from figures.in_text(stimulus.text, "stimulus", stimulus.text)
    yield from laws.in_text(stimulus.text, "stimulus")
    if len(items) > 1 and not any(item.case for item in items):
        yield Mark("set_case", N_("None of the items of this material is marked as a case."))


def _tables(text: str) -> Iterator[Mark]:
    lines = text.split("\n")
    runs: list[list[str]] = [[]]
    for line in lines:
        if _BAR.match(line):
            runs[-1].append(line.strip())
        elif runs[-1]:
            runs.append([])
    for run in filter(None, runs):
        widths = {line.count("|") for line in run}
        if len(run) < 3 or not _RULE.match(run[1]):
            yield Mark("table_form", N_("A table needs a head, a line of hyphens below it and at least one row."))
        elif len(widths) > 1:
            yield Mark("table_form", N_("The rows of a table have different numbers of cells; fill them up."))
    if any("|" in plain_line and not _BAR.match(plain_line) for plain_line in lines):
        yield Mark("table_form", N_("A line holds a bar (|) and is no row of a table; begin and end rows with bars."))


def _alike(materials: Sequence[tuple[Stimulus, str]]) -> Iterator[Finding]:
    for one, other, percent in alike([plain(stimulus.text) for stimulus, _ in materials], ALIKE):
        (stimulus, file), (known, known_file) = materials[other], materials[one]
        message = N_("The material is %(percent)s %% the same as %(other)s (%(file)s); write another situation.")
        params = {"percent": round(percent), "other": known.id, "file": known_file}
        yield Finding("set_alike", file, message, params, stimulus.id)

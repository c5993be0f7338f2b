"""The linter: the shipped bank, and banks made of its pieces, beside comparing every two stems without any rule."""

from __future__ import annotations

import random
import resource
import sys
import time
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import numpy as np
from rapidfuzz import fuzz, process

from question_bank.interchange import FoundItem, expand, read_files
from question_bank.lint import lint
from question_bank.lint.pairs import ALIKE

CONTENT = Path(__file__).parents[1] / "question_bank" / "content"
SIZES = (1_500, 20_000)
BARE_AT_MOST = 5_000
"""Comparing every two of more takes minutes."""
IN_A_FILE = 50


def made_up(shipped: Sequence[FoundItem], count: int, seed: int = 1) -> list[FoundItem]:
    """Items of the shipped lengths and types, whose words come from three stems each."""
    rng = random.Random(seed)  # noqa: S311
    stems = [one.item.stem for one in shipped if not one.item.stimulus]
    found = []
    for number in range(count):
        item = rng.choice(shipped).item
        options = {letter: _mixed(stems, len(text), rng) for letter, text in item.options.items()}
        stem = _mixed(stems, len(item.stem), rng) + "？"
        made = replace(item, id=f"{item.id}-{number}", stem=stem, options=options, stimulus=None)
        found.append(FoundItem(made, f"{number // IN_A_FILE}.yaml", 1))
    return found


def _mixed(stems: Sequence[str], length: int, rng: random.Random) -> str:
    piece = max(1, length // 3)
    places = ((text, rng.randrange(max(1, len(text) - piece))) for text in rng.choices(stems, k=3))
    return "".join(text[at : at + piece] for text, at in places)[: max(2, length)]


def bare(found: Sequence[FoundItem]) -> None:
    stems = [one.item.stem for one in found]
    for start in range(0, len(stems), 500):
        process.cdist(stems[start : start + 500], stems[start:], scorer=fuzz.ratio, score_cutoff=ALIKE, dtype=np.uint8)


def measure(name: str, found: Sequence[FoundItem]) -> None:
    started = time.perf_counter()
    findings = lint(found, whole=True)
    seconds = time.perf_counter() - started
    memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024
    beside = ""
    if len(found) <= BARE_AT_MOST:
        started = time.perf_counter()
        bare(found)
        beside = f"  every two stems compared: {time.perf_counter() - started:5.1f} s"
    print(f"  {name:<22}{seconds:6.1f} s  {len(findings):6,} findings  {memory:5,} MB{beside}")


def main(sizes: Sequence[int] = SIZES) -> None:
    shipped = read_files(expand([str(CONTENT)]))
    print("lint, one process")
    measure(f"shipped, {len(shipped):,} items", shipped)
    for size in sizes:
        measure(f"made up, {size:,} items", made_up(shipped, size))


if __name__ == "__main__":
    main([int(size) for size in sys.argv[1:]] or SIZES)

"""Typing: characters per minute times accuracy, against the target of the task; text and digits apart.

Net characters are those typed less the edits that lead from them to the text (its beginning as far as it was typed):
characters × (1 - edits / characters). They are compared with what the target asks for in the minutes of the part, or
with the whole text where that is shorter.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from decimal import Decimal
from itertools import pairwise
from typing import Any

from app.practical.scoring.distance import edits_to_beginning, plain
from app.practical.scoring.values import NOTHING, ONE, Done, Scored, floored, shown

PARTS = ("text", "digits")
GRACE = Decimal(10)
"""Seconds by which the last writing of a part may be late, for the network's sake."""


def score(block: Mapping[str, Any], entries: Sequence[Done]) -> Scored:
    """The mean of the parts that the task has."""
    parts = [_part(part, block, entries) for part in PARTS if block.get(part)]
    share = sum((share for share, _ in parts), start=NOTHING) / len(parts) if parts else NOTHING
    pastes = sum(1 for entry in entries if entry.kind == "paste")
    return Scored(floored(share), {"parts": [facts for _, facts in parts], "pastes": pastes})


def net_characters(typed: str, wanted: str) -> tuple[int, int]:
    """(characters typed, edits needed); what is typed far beyond the text is cut off as it can only be wrong."""
    written, text = plain(typed)[: 2 * len(plain(wanted)) + 20], plain(wanted)
    return len(written), edits_to_beginning(written, text)


def _part(part: str, block: Mapping[str, Any], entries: Sequence[Done]) -> tuple[Decimal, dict[str, Any]]:
    wanted, minutes, target = str(block[part]), Decimal(block["minutes"][part]), Decimal(block["targets"][part])
    own = [entry for entry in entries if entry.data.get("part") == part]
    begun = next((entry.seconds for entry in own if entry.kind == "part"), None)
    writings = [entry for entry in own if entry.kind == "typed"]
    last = writings[-1] if writings else None
    took = last.seconds - (begun if begun is not None else writings[0].seconds) if last else NOTHING
    seconds = minutes * 60 if took <= minutes * 60 + GRACE else took
    characters, wrong = net_characters(last.data["text"], wanted) if last else (0, 0)
    net = max(0, characters - wrong)
    due = min(target * minutes, Decimal(len(plain(wanted)))) * seconds  # times the minutes, so that nothing is rounded
    facts = {
        "part": part,
        "characters": characters,
        "wrong": wrong,
        "of": len(plain(wanted)),
        "minutes": shown(seconds / 60),
        "per_minute": shown(Decimal(60 * characters) / seconds),
        "accuracy": shown(100 * (ONE - Decimal(wrong) / characters)) if characters else "0",
        "target": str(target),
        "largest_leap": _leap(writings),
    }
    return (min(ONE, net * minutes * 60 / due) if due else NOTHING), facts


def _leap(writings: Sequence[Done]) -> int:
    """The most characters that came between two savings: far more than fingers can do tells of something else."""
    lengths = [0, *(len(one.data["text"]) for one in writings)]
    return max((after - before for before, after in pairwise(lengths)), default=0)

"""What the candidates' side knows: every change that was ever sent, and everything that was acknowledged."""

from __future__ import annotations

import json
import time
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any


@dataclass
class Journal:
    """Of one attempt. `sent` and `acked` go by the number of the change."""

    attempt: int
    sent: dict[int, tuple[int, list[str], bool | None]] = field(default_factory=dict)
    left_at: dict[int, float] = field(default_factory=dict)
    """When a change was first sent, by the harness's clock, which no fault moves and the database shares."""
    acked_at: dict[int, float] = field(default_factory=dict)
    acked: int = 0
    receipts: list[tuple[int, str]] = field(default_factory=list)
    submitted: str = ""
    """The final receipt, once handing in was acknowledged."""
    hand_ins: int = 0
    """How often handing in was asked for; the answer may have been lost."""
    over_at: float = 0.0
    """When the server first said that the exam is over; 0 for who was told nothing, or left before."""
    vanished: int = 0
    """1 for who left without a word."""
    breaches: list[str] = field(default_factory=list)
    """Answers that must never be given, as the candidate's side saw them."""
    last_ack_began: float = 0.0
    replays: int = 0
    takeovers: int = 0
    failures: int = 0

    def leaves(self, numbers: list[int]) -> None:
        for seq in numbers:
            self.left_at.setdefault(seq, time.time())

    def acknowledge(self, acked: int, receipt: str, began: float) -> None:
        if acked > max(self.left_at, default=0):
            self.breaches.append(f"change {acked} was acknowledged and never sent")
        for seq in range(self.acked + 1, acked + 1):
            self.acked_at[seq] = time.time()
        self.acked = max(self.acked, acked)
        self.receipts.append((acked, receipt))
        self.last_ack_began = max(self.last_ack_began, began)


def write(path: Path, journals: list[Journal]) -> None:
    path.write_text("".join(json.dumps(asdict(one)) + "\n" for one in journals))


def read(path: Path) -> list[dict[str, Any]]:
    """As plain values with numbers for keys, for the checker."""
    journals = [json.loads(line) for line in path.read_text().splitlines()]
    for one in journals:
        for name in ("sent", "left_at", "acked_at"):
            one[name] = {int(seq): told for seq, told in one[name].items()}
    return journals

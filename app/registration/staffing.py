"""How many proctors and examiners a session needs, and the gate before its doors open."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from app.core.errors import N_, Refusal

_MESSAGES = {
    "proctor": N_(
        "%(have)s proctors are present and %(need)s are needed for %(candidates)s candidates. "
        "Mark more proctors as present, then open the session."
    ),
    "examiner": N_(
        "%(have)s examiners are present and %(need)s are needed for %(candidates)s candidates. "
        "Mark more examiners as present, then open the session."
    ),
}


def needed(candidates: int, ratio: int, at_least: int = 0) -> int:
    """One for every `ratio` candidates or part of them, and never fewer than `at_least`."""
    return max(at_least, -(-candidates // ratio))


@dataclass(frozen=True)
class Gate:
    """Who is needed in the room and who is there; only those present count."""

    role: str
    have: int
    need: int
    candidates: int

    @property
    def passed(self) -> bool:
        return self.have >= self.need

    def check(self) -> None:
        if not self.passed:
            raise Refusal(
                "understaffed",
                _MESSAGES[self.role],
                status=409,
                details=self.as_dict(),
                have=self.have,
                need=self.need,
                candidates=self.candidates,
            )

    def as_dict(self) -> dict[str, Any]:
        return {"role": self.role, "have": self.have, "need": self.need, "candidates": self.candidates}

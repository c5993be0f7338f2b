"""How far a long piece of work has come, for whoever wants to show it."""

from __future__ import annotations


class Progress:
    """Says nothing; the command line has one that draws a bar."""

    def begin(self, what: str, total: int) -> None:
        """A stretch of work of so many steps begins; `what` is a msgid."""

    def advance(self, steps: int = 1) -> None:
        """So many steps are done."""


SILENT = Progress()

"""The place in a revision where a signature goes once everything around it has been hashed."""

from __future__ import annotations

from typing import Protocol, Self

EMPTY_RANGE = b"[0 0 0 0]".ljust(50)
CONTENTS = b"/Contents <"


class Running(Protocol):
    """A hash that is still running."""

    def copy(self) -> Self: ...
    def update(self, data: bytes, /) -> None: ...
    def digest(self) -> bytes: ...


class NoRoom(Exception):
    """What should fill a hole is longer than the hole: its length in bytes."""

    def __init__(self, needed: int) -> None:
        super().__init__(needed)
        self.needed = needed


def entries_with_room(room: int) -> bytes:
    return b"/ByteRange %s /Contents <%s>" % (EMPTY_RANGE, b"0" * (2 * room))


class Hole:
    """A revision whose signature is still to be filled in."""

    def __init__(self, revision: bytes, offset: int, before: Running) -> None:
        self._start = revision.index(CONTENTS, revision.index(b"/ByteRange " + EMPTY_RANGE)) + len(CONTENTS) - 1
        self._end = revision.index(b">", self._start) + 1
        after = offset + self._end
        spans = b"[0 %d %d %d]" % (offset + self._start, after, len(revision) - self._end)
        self._revision = revision.replace(EMPTY_RANGE, spans.ljust(50), 1)
        covered = before.copy()
        covered.update(self._revision[: self._start])
        covered.update(self._revision[self._end :])
        self.digest: bytes = covered.digest()

    def filled(self, contents: bytes) -> bytes:
        """The revision with this signature in it."""
        room = self._end - self._start - 2
        if 2 * len(contents) > room:
            raise NoRoom(len(contents))
        digits = contents.hex().encode().ljust(room, b"0")
        return b"%s<%s>%s" % (self._revision[: self._start], digits, self._revision[self._end :])

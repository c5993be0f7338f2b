"""Whether a process has forked since something was made in it; asked on the hot path, so without a system call."""

from __future__ import annotations

import os

_times = 0


def generation() -> int:
    """Another number in each child than in its parent: connections and threads of before are not its own."""
    return _times


def _forked() -> None:
    global _times  # noqa: PLW0603 - the one thing this module is for
    _times += 1


os.register_at_fork(after_in_child=_forked)

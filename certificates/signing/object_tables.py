"""The table at a revision's end that says where its objects stand: in lines, or in a stream as PDF 1.5 has it."""

from __future__ import annotations

from collections.abc import Iterable


def in_lines(offsets: dict[int, int], trailer: bytes) -> bytes:
    lines = [b"xref\n"]
    for run in _runs(offsets):
        lines.append(b"%d %d\n" % (run[0], len(run)))
        lines.extend(b"%010d 00000 n \n" % offsets[number] for number in run)
    return b"%strailer\n<< %s >>\n" % (b"".join(lines), trailer)


def in_stream(number: int, offsets: dict[int, int], trailer: bytes) -> bytes:
    runs = _runs(offsets)
    index = b" ".join(b"%d %d" % (run[0], len(run)) for run in runs)
    rows = b"".join(b"\x01" + offsets[one].to_bytes(4, "big") + b"\0\0" for run in runs for one in run)
    head = b"/Type /XRef /W [1 4 2] /Index [%s] %s /Length %d" % (index, trailer, len(rows))
    return b"%d 0 obj\n<< %s >>\nstream\n%s\nendstream\nendobj\n" % (number, head, rows)


def _runs(numbers: Iterable[int]) -> list[list[int]]:
    """Grouped where they follow each other."""
    runs: list[list[int]] = []
    for number in sorted(numbers):
        if runs and runs[-1][-1] == number - 1:
            runs[-1].append(number)
        else:
            runs.append([number])
    return runs

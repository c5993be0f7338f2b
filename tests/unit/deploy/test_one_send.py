"""What goes over the line is what was given, in fewer pieces."""

from __future__ import annotations

from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from deploy.one_send import OneSend


class Line:
    def __init__(self) -> None:
        self.pieces: list[bytes] = []

    def sendall(self, data: bytes) -> None:
        self.pieces.append(data)

    def sendfile(self, file: Any) -> int:
        self.pieces.append(b"file")
        return 4

    def fileno(self) -> int:
        return 7


HEAD = b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\n"


def test_head_and_body_leave_together() -> None:
    line = Line()
    whole = OneSend(line)
    whole.sendall(HEAD)
    whole.sendall(b"{}")
    whole.sendall(b"more")
    whole.flush()
    assert line.pieces == [HEAD + b"{}", b"more"]


def test_an_answer_without_a_body_leaves_at_the_end_and_a_file_after_its_head() -> None:
    line = Line()
    whole = OneSend(line)
    whole.sendall(HEAD)
    whole.flush()
    whole.flush()
    whole.sendall(HEAD)
    assert whole.sendfile("a file") == 4
    assert (line.pieces, whole.fileno()) == ([HEAD, HEAD, b"file"], 7)


@given(st.lists(st.sampled_from([HEAD, b"", b"{}", b"HTTP/1.", b"\r\n\r\n", b"x" * 100]), max_size=8))
def test_nothing_is_lost_doubled_or_moved(pieces: list[bytes]) -> None:
    line = Line()
    whole = OneSend(line)
    for piece in pieces:
        whole.sendall(piece)
    whole.flush()
    assert b"".join(line.pieces) == b"".join(pieces)

"""The board as it goes over the line: one snapshot for all who watch a room, kept for two seconds."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256
from typing import Any

from sqlalchemy.orm import Session

from app.models.registration import ExamSession
from proctoring.board import Board, picture
from proctoring.presence import presence
from proctoring.volatile import volatile

KEPT_MS = 2000
_PASSING: Any = {"server_time": True, "candidates": {"__all__": {"time_left_seconds", "seconds_since_sign"}}}
"""What moves with the time alone, and so makes no new picture."""


@dataclass(frozen=True)
class Snapshot:
    etag: str
    text: str

    @classmethod
    def of(cls, board: Board) -> Snapshot:
        lasting = board.model_dump_json(exclude=_PASSING)
        return cls(sha256(lasting.encode()).hexdigest()[:32], board.model_dump_json())


def live(session: Session, exam: ExamSession, now: datetime) -> Snapshot:
    """The snapshot of the last two seconds, or a new one. Commit afterwards."""
    kept = volatile().ask(lambda client: client.get(_key(exam.id)))
    if kept:
        etag, _, body = str(kept).partition("\n")
        return Snapshot(etag, body)
    made = Snapshot.of(picture(session, exam, presence(), now))
    volatile().ask(lambda client: client.set(_key(exam.id), f"{made.etag}\n{made.text}", px=KEPT_MS))
    return made


def forget(session_id: int) -> None:
    """After an intervention the next look shows it; call when it is committed."""
    volatile().ask(lambda client: client.delete(_key(session_id)))


def _key(session_id: int) -> str:
    return f"board:{session_id}"

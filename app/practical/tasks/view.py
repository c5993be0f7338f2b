"""A task as its candidate sees it and as the examiners see it, as plain data for pages, programs and tablets."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy.orm import Session

from app.models.stations import StationTurn
from app.models.task_work import TaskEntry, TaskScore
from app.models.tasks import SeatTask
from app.practical.scoring import chat
from app.practical.scoring.faults import marks_of
from app.practical.scoring.values import Done, standing
from app.practical.tasks import card as task_card
from app.practical.tasks import computers as task_computers
from app.practical.tasks import plays as task_plays
from app.practical.tasks import times as task_times
from app.practical.tasks.rows import (
    at_computer,
    block_of,
    deadline_of,
    done_at,
    entries_of,
    kind_of,
    running,
    title_of,
)


def state_of(task: SeatTask, now: datetime) -> str:
    """waiting, running or ended; what is past its time has ended though nobody has closed it yet."""
    if task.started_at is None:
        return "waiting"
    if task.ended_at is not None or (at_computer(task) and not running(task, now)):
        return "ended"
    return "running"


def summary(task: SeatTask, turn: StationTurn | None, now: datetime) -> dict[str, Any]:
    """A line of the candidate's list. What the task is about is told once it may be begun."""
    at = turn.starts_at if turn else None
    told = task_times.may_begin(at, now) and task.seat.session.state == "open"
    return {
        "id": task.id,
        "session": task.seat.session_id,
        "slot": task.slot,
        "kind": kind_of(task),
        "title": title_of(task) if told or task.started_at else None,
        "attended": not at_computer(task),
        "minutes": task.minutes,
        "state": state_of(task, now),
        "may_begin": told and at_computer(task) and task.started_at is None,
        "turn_at": at,
        "not_before": task_times.not_before(at),
        "station": turn.station.name if turn else None,
        "place": turn.place if turn else None,
        "started_at": task.started_at,
        "deadline": deadline_of(task) if at_computer(task) else None,
        "ended_at": task.ended_at,
    }


def candidate_view(session: Session, task: SeatTask, now: datetime) -> dict[str, Any]:
    """Card, data and own work; never a script, a trap, a sheet or a key."""
    stored = entries_of(session, task)
    plays = task_plays.plays_of(task)
    return {
        "id": task.id,
        "kind": kind_of(task),
        "state": state_of(task, now),
        "deadline": deadline_of(task),
        "card": task_card.card_of(task.version.body),
        "task": task_card.shown(kind_of(task), task.version.body),
        "plays": plays,
        "plays_left": max(0, plays - task_plays.heard(stored)),
        "work": work_of(task, stored),
    }


def work_of(task: SeatTask, stored: Sequence[TaskEntry]) -> dict[str, Any]:
    """What stands of what the candidate did, by the kind of task."""
    kind, entries = kind_of(task), done_at(task, stored)
    match kind:
        case "chat":
            return {"turns": turns_of(task, stored), "ended": sorted(chat.ended(entries))}
        case "typing":
            return {"texts": _typed(entries), "begun": _begun(task, stored)}
        case "faults":
            marks = marks_of(entries)
            return {"marks": [{"id": m.id, "at": str(m.at), "fault": m.kind, "remark": m.remark} for m in marks]}
    return {"values": standing(entries)}


def turns_of(task: SeatTask, stored: Sequence[TaskEntry]) -> list[dict[str, Any]]:
    """What was said in a chat, numbered in the order of the transcript."""
    spoken = sorted((entry for entry in stored if entry.kind in ("say", "line")), key=lambda entry: entry.id)
    turns = chat.transcript(block_of(task), done_at(task, spoken))
    return [
        {
            "number": number,
            "conversation": turn.conversation,
            "who": turn.who,
            "text": turn.text,
            "at": entry.at.isoformat(),
            "seconds": int(turn.at),
            "client": str(entry.client),
            "seq": entry.seq,
        }
        for number, (turn, entry) in enumerate(zip(turns, spoken, strict=True), 1)
    ]


def _typed(entries: Sequence[Done]) -> dict[str, str]:
    return {entry.data["part"]: entry.data["text"] for entry in entries if entry.kind == "typed"}


def _begun(task: SeatTask, stored: Sequence[TaskEntry]) -> dict[str, str]:
    found: dict[str, str] = {}
    for entry in stored:
        if entry.kind == "part":
            found.setdefault(entry.data["part"], entry.at.isoformat())
    return found


def examiner_view(session: Session, task: SeatTask, now: datetime) -> dict[str, Any]:
    """Everything: card, script, traps, watch lines, what the candidate did and what the engine found in it."""
    body, stored = task.version.body, entries_of(session, task)
    score = session.get(TaskScore, task.id)
    return {
        "id": task.id,
        "slot": task.slot,
        "kind": kind_of(task),
        "title": title_of(task),
        "minutes": task.minutes,
        "attended": not at_computer(task),
        "state": state_of(task, now),
        "started_at": task.started_at,
        "ended_at": task.ended_at,
        "card": task_card.card_of(body),
        "shown": task_card.shown(kind_of(task), body),
        "role": body.get("role"),
        "block": dict(block_of(task)) if at_computer(task) else None,
        "sheet": body.get("sheet", []),
        "traps": body.get("traps", []),
        "sound": bool(task_plays.plays_of(task)),
        "heard": task_plays.heard(stored),
        "computers": task_computers.used(stored),
        "work": work_of(task, stored) if at_computer(task) else {},
        "share": score.share if score else None,
        "facts": score.facts if score else {},
    }

"""A demonstration with some life in it: a room at work, sheets half marked, a session to come, a certificate issued."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from flask import Flask

from app.core import clock
from app.core.db import db
from app.models.exam import Attempt
from app.models.practical import RubricSheet
from app.models.registration import Seat
from deploy.demonstration_events import certificate, session_to_come, under_review
from deploy.demonstration_people import Account, Call, demonstration, logged_in
from deploy.first_start import ROOT, flask
from proctoring.presence import presence

ALL = 90
ANSWERED = (61, 58, ALL, 47, 33, 66, 72, 54, 29, 41, 63, 70, 38, 52, 49, 80, 44, 57, 36, 68, 59, 26)
"""How far the other candidates of the room are; behind them one has not come."""
PAUSED, EXTENDED, MOVED, SILENT = 3, 4, 8, 12
"""Places among them: away for a moment, given more time, gone on at another computer, not heard of for a while."""


@dataclass(frozen=True)
class Day:
    app: Flask
    room: int
    attempt: int
    sheet: int
    planned: int
    certificate: bytes
    candidate: Account
    proctor: Account
    examiner: Account
    registrar: Account
    auditor: Account
    author: Account
    reviewer: Account
    reviewed: str
    signs: Callable[[], None]
    """Everybody in the room gives a sign of life, but for the silent one."""

    def move_back(self, attempt: int, minutes: int) -> None:
        _move_back(self.app, attempt, minutes)


def live_through(app: Flask) -> Day:
    flask(app, "db", "upgrade")
    flask(app, "bank", "import", *(str(path) for path in sorted((ROOT / "question_bank" / "content").rglob("*.yaml"))))
    issued = certificate(app)
    made = demonstration(app, len(ANSWERED) + 2, "--stations", "--examiners", "4")
    first, *others = made["candidates"]
    signs = _room(app, others, logged_in(app, made["proctors"][0]))
    sheet, examiner = _half_marked(app, made)
    reviewed = under_review(app, logged_in(app, made["author"]))
    planned = session_to_come(app, logged_in(app, made["registrar"]))
    return Day(
        app, made["session"], first["attempt"], sheet, planned, issued, first, made["proctors"][0], examiner,
        made["registrar"], made["auditor"], made["author"], made["reviewer"], reviewed, signs,
    )  # fmt: skip


def _room(app: Flask, others: Sequence[Account], proctor: Call) -> Callable[[], None]:
    at_work: list[int] = []
    for place, (account, number) in enumerate(zip(others, ANSWERED, strict=False)):
        attempt = account["attempt"]
        _sit(logged_in(app, account), attempt, number, flagged=place % 4, hand_in=number == ALL)
        if number != ALL:
            at_work += [attempt] if place != SILENT else []
            _move_back(app, attempt, minutes=45 - place)
    proctor("POST", f"/attempts/{others[PAUSED]['attempt']}/pause", {"reason": "身体不适，由监考人员陪同离场"})
    more = {"reason": "电脑故障，更换座位", "seconds": 600}
    proctor("POST", f"/attempts/{others[EXTENDED]['attempt']}/extend", more)
    logged_in(app, others[MOVED])("POST", f"/attempts/{others[MOVED]['attempt']}/start")

    def signs() -> None:
        with app.app_context():
            now = clock.now()
            for attempt in at_work:
                presence().beat(attempt, now - timedelta(seconds=attempt * 7 % 19))
            presence().beat(others[SILENT]["attempt"], now - timedelta(seconds=95))

    return signs


def _sit(candidate: Call, attempt: int, number: int, flagged: int = 0, hand_in: bool = False) -> None:
    begun = candidate("POST", f"/attempts/{attempt}/start")
    items = begun["paper"]["items"][:number]
    changes = [
        {"seq": place, "position": item["position"], "answer": [item["options"][0]["id"]], "flagged": place <= flagged}
        for place, item in enumerate(items, start=begun["next_seq"])
    ]
    candidate("POST", f"/attempts/{attempt}/changes", {"client": begun["client"], "changes": changes})
    if hand_in:
        candidate("POST", f"/attempts/{attempt}/submit", {"client": begun["client"]})


def _move_back(app: Flask, attempt: int, minutes: int) -> None:
    """As if the candidate had begun earlier."""
    with app.app_context():
        row, earlier = db.session.get_one(Attempt, attempt), timedelta(minutes=minutes)
        if row.started_at and row.deadline:
            row.started_at, row.deadline = row.started_at - earlier, row.deadline - earlier
        if row.last_saved_at:
            row.last_saved_at -= earlier
        db.session.commit()


def _half_marked(app: Flask, made: dict[str, Any]) -> tuple[int, Account]:
    """Six criteria of the first seat; whose sheet it is."""
    for account in made["examiners"]:
        examiner = logged_in(app, account)
        sheet = examiner("GET", "/sheets")["sheets"][0]
        examiner("POST", f"/sheets/{sheet['id']}/begin")
        shares = (1, 0.8, 0.9, 1, 0.7, 0.8)
        points = {
            one["id"]: round(float(one["points"]) * share * 2) / 2
            for one, share in zip(sheet["criteria"], shares, strict=False)
        }
        examiner("PUT", f"/sheets/{sheet['id']}/marks", {"marks": points})
    with app.app_context():
        seat = db.session.get_one(Seat, db.session.get_one(RubricSheet, sheet["id"]).seat_id)
        seat.practical_started_at = clock.now() - timedelta(minutes=23, seconds=40)
        db.session.commit()
    return sheet["id"], account

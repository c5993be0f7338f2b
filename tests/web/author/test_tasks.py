"""The task bank on screen: writing loses nothing, judging takes two, files are looked through first."""

from __future__ import annotations

import io
import re
from typing import Any

import sqlalchemy as sa
from flask import Flask
from sqlalchemy.orm import Session

from app.models.account import Role
from app.models.tasks import PracticalTask, TaskState, TaskVersion
from question_bank.tasks.drafts import draft_of
from question_bank.tasks.files import pack
from tests.factories import tasks, theory
from tests.web.author.desk import Desk

LEVEL = f"{theory.SCHEME}/{theory.LEVEL}"
CODE = "call-express-01"


def draft(session: Session, author: Desk, kind: str = "call") -> TaskVersion:
    made = tasks.draft(session, author.actor, kind)
    session.commit()
    return made


def newest(session: Session, code: str = CODE) -> TaskVersion:
    session.expire_all()
    query = sa.select(TaskVersion).join(PracticalTask).where(PracticalTask.code == code)
    return session.scalars(query.order_by(TaskVersion.number.desc())).first() or TaskVersion()


def typed(version: TaskVersion, **changes: Any) -> dict[str, Any]:
    """The editor's fields as they stand."""
    draft = draft_of(version.body)
    common, card, traps = draft.common, draft.common["card"], draft.common["traps"]
    fields = {
        "revision": version.number, "edition": version.edition, "level": draft.levels, "trade": common["trade"],
        "title": common["title"], "source": common["source"], "situation": card["situation"], "asks": card["asks"],
        "rules": "\r\n".join(card["rules"]), "data": "\r\n".join(f"{d['label']} | {d['value']}" for d in card["data"]),
        "block": draft.block.replace("\n", "\r\n"), "criterion": [one["criterion"] for one in common["sheet"]],
        "trap-id": [*(one["id"] for one in traps), ""], "right": [*(one["right"] for one in traps), ""],
        "trap": [*(one["trap"] for one in traps), ""],
    }  # fmt: skip
    for one in common["sheet"]:
        fields |= {f"{part}-{one['criterion']}": one[part] for part in ("watch", "full", "fails")}
    return fields | changes


def test_a_new_task_begins_with_what_its_kind_needs(author: Desk, session: Session) -> None:
    given = {"level": LEVEL, "kind": "chat", "trade": "health", "code": "chat-1", "title": "三位顾客"}
    author.post("/tasks/new", **given)
    page = author.get("/tasks/chat-1/edit")
    assert "customers:" in page
    assert 'name="watch-J08"' in page
    assert "chat-1" in author.post("/tasks/new", 422, **given).text
    author.post("/tasks/new", 422, **{**given, "code": "no blanks please"})


def test_saving_the_editor_as_it_stands_changes_nothing_but_the_count(author: Desk, session: Session) -> None:
    for kind in tasks.CRITERIA:
        version = draft(session, author, kind)
        code, body = version.task.code, dict(version.body)
        author.post(f"/tasks/{code}/edit", **typed(version))
        assert newest(session, code).body == body, kind


def test_what_is_wrong_is_told_with_its_line_and_everything_typed_is_kept(author: Desk, session: Session) -> None:
    version = draft(session, author)
    block = "persona: 某人\nopening: x\nmood: [a]\nfacts:\n  - {id: f1, fact: a, told: sometimes} # 备注\n"
    author.post(f"/tasks/{CODE}/edit", **typed(version, block=block, rules="", title="刚起的名"))
    page = author.get(f"/tasks/{CODE}/edit")
    assert "备注" in page
    assert "刚起的名" in page
    assert re.search(r'href="#f-block">[^<]*5[^<]*</a>', page)
    assert 'href="#f-card.rules"' in page
    answer = author.post(f"/tasks/{CODE}/edit", 422, **typed(newest(session), block="a: [", do="submit"))
    assert "a: [" in answer.text
    assert newest(session).state == TaskState.DRAFT


def test_a_saving_from_an_older_state_is_shown_again_not_lost(author: Desk, session: Session) -> None:
    version = draft(session, author)
    older = typed(version, title="后来者的名")
    author.post(f"/tasks/{CODE}/edit", **typed(version, title="先来者的名"))
    answer = author.post(f"/tasks/{CODE}/edit", 409, **older)
    assert "后来者的名" in answer.text
    assert newest(session).body["title"] == "先来者的名"
    author.post(f"/tasks/{CODE}/edit", **{**older, "edition": newest(session).edition})
    assert newest(session).body["title"] == "后来者的名"


def test_from_the_editor_into_use_and_out_again(author: Desk, reviewer: Desk, session: Session) -> None:
    version = draft(session, author)
    author.post(f"/tasks/{CODE}/edit", **typed(version, do="submit"))
    author.post(f"/tasks/{CODE}/judging/approve", 403)
    assert "J01" in reviewer.get(f"/tasks/{CODE}/review")
    seen = {"revision": 1, "edition": newest(session).edition}
    reviewer.post(f"/tasks/{CODE}/judging/approve", **seen, reason="很好")
    reviewer.post(f"/tasks/{CODE}/judging/put-in-use", **seen)
    assert newest(session).state == TaskState.IN_USE
    author.post(f"/tasks/{CODE}/writing/revise")
    assert newest(session).number == 2
    author.post(f"/tasks/{CODE}/writing/give-up", revision=2, edition=1)
    reviewer.post(f"/tasks/{CODE}/judging/retire", reason="泄露")
    assert CODE in reviewer.get("/tasks?state=retired")
    author.get(f"/tasks/{CODE}/changes")
    author.get(f"/tasks/{CODE}?version=9", 404)


def test_a_recording_comes_with_the_form_and_is_heard_by_the_workshop_alone(author: Desk, session: Session) -> None:
    version = draft(session, author, "ticket")
    code = version.task.code
    fields = typed(version, gone="ticket.wav", sound=(io.BytesIO(b"no sound"), "ticket.wav"))
    assert "ticket.wav" in author.post(f"/tasks/{code}/edit", 422, **fields).text
    good = typed(version, gone="ticket.wav", sound=(io.BytesIO(tasks.sound(2)), "ticket.wav"))
    author.post(f"/tasks/{code}/edit", **good)
    answer = author.client.get(f"/bank/tasks/{code}/versions/1/sounds/ticket.wav", headers=author.headers)
    assert (answer.data, answer.mimetype) == (tasks.sound(2), "audio/wav")


def test_files_are_looked_through_then_taken_in_as_drafts(author: Desk, session: Session) -> None:
    package = pack(tasks.found(tasks.task(), tasks.task("ticket")).tasks)
    page = author.post("/tasks/import", 200, file=(io.BytesIO(package), "tasks.zip")).text
    assert session.scalars(sa.select(PracticalTask)).all() == []
    token = re.search(r'name="token" value="([^"]+)"', page)
    assert token
    author.post("/tasks/import/run", token=token[1])
    assert {one.state for one in session.scalars(sa.select(TaskVersion))} == {TaskState.DRAFT}
    page = author.post("/tasks/import", 422, file=(io.BytesIO(b"kind: call"), "a.yaml")).text
    assert "a.yaml" in page
    author.post("/tasks/import", 422)


def test_what_is_in_use_goes_out_as_a_package(author: Desk, session: Session) -> None:
    author.post("/tasks/export", 405)
    tasks.in_use(session, ("call", "ticket"))
    session.commit()
    answer = author.client.get("/bank/tasks/export?kind=ticket", headers=author.headers)
    assert answer.data.startswith(b"PK")


def test_an_auditor_reads_and_changes_nothing(store: Flask, session: Session, author: Desk) -> None:
    draft(session, author)
    auditor = Desk(store, session, Role.AUDITOR)
    auditor.get(f"/tasks/{CODE}")
    auditor.get("/tasks/new", 403)
    auditor.post(f"/tasks/{CODE}/writing/submit", 403)

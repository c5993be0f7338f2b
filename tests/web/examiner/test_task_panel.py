"""The panel of a task: every kind shows its script or its key, what was done and what the engine found."""

from __future__ import annotations

from typing import Any
from uuid import UUID

import pytest
from flask import Flask, render_template_string
from sqlalchemy.orm import Session

from app.core.audit import Actor
from app.core.clock import now as clock_now
from app.practical.tasks import chat as task_chat
from app.practical.tasks import work as task_work
from app.practical.tasks.proposals import proposals
from app.practical.tasks.work import Entry
from tests.factories import desk_tasks

PANEL = '{% from "examiner/_task.html" import task_panel with context %}{{ task_panel(task, proposal) }}'
ACTOR = Actor(None, "candidate", "test")
CLIENT = UUID(int=77)
DONE: dict[str, tuple[list[Entry], list[str]]] = {
    "chat": (
        [Entry(1, "say", {"conversation": "c1", "text": "您好，王女士"})],
        ["您好，王女士", "说明时限", "结束时已等"],
    ),
    "ticket": ([Entry(1, "values", {"values": {"name": "周兰"}})], ["周兰", "周岚", "错误"]),
    "typing": (
        [Entry(1, "part", {"part": "text"}), Entry(2, "typed", {"part": "text", "text": "客户来电咨询"}),
         Entry(3, "paste", {"part": "text"})],
        ["客户来电咨询", "曾 1 次尝试粘贴"],
    ),
    "faults": (
        [Entry(1, "mark", {"id": "1", "at": "3", "fault": "greeting", "remark": "没说您好"}),
         Entry(2, "mark", {"id": "2", "at": "42", "fault": "privacy", "remark": ""})],
        ["没说您好", "误判", "这是规定的核实", "未核实即念出地址"],
    ),
    "report": ([Entry(1, "values", {"values": {"q3": ["一", "三"], "q4": "加人"}})], ["一、三", "加人", "由您评判"]),
    "roster": (
        [Entry(1, "values", {"values": {"p1": "early", "p2": "early"}})],
        ["员工1与员工2不能同班", "满足需求", "早班"],
    ),
}  # fmt: skip


def panel(store: Flask, task: Any, proposal: Any = None) -> str:
    with store.test_request_context(headers={"Accept-Language": "zh-CN"}):
        return render_template_string(PANEL, task=task, proposal=proposal)


@pytest.mark.parametrize("kind", DONE)
def test_a_task_that_was_done(store: Flask, session: Session, kind: str) -> None:
    [seat] = desk_tasks.seats(session, desk_tasks.open_session(session))
    user, (entries, shown) = seat.application.candidate.user_id, DONE[kind]
    task = task_work.start(session, ACTOR, user, desk_tasks.drawn(session, seat, kind).id, clock_now())
    task_chat.speak(session, task, clock_now())
    task_work.store(session, user, task.id, CLIENT, entries, clock_now())
    task_work.finish(session, ACTOR, user, task.id, clock_now())
    session.commit()
    proposal = next(iter(proposals(session, seat.id).values()), None)
    text = panel(store, task, proposal)
    for words in [*shown, "客户催促", "看回复是否及时", "已完成"]:
        assert words in text
    assert ("系统建议" in text) == (kind in ("ticket", "typing", "faults"))


def test_a_task_before_the_examiners_shows_its_script(store: Flask, session: Session) -> None:
    [seat] = desk_tasks.seats(session, desk_tasks.open_session(session))
    task = desk_tasks.drawn(session, seat, "call")
    session.commit()
    text = panel(store, task)
    for words in ("暗中的事实1", "问到才说", "答3", "道谢"):
        assert words in text


@pytest.mark.parametrize("kind", DONE)
def test_a_task_that_was_not_begun(store: Flask, session: Session, kind: str) -> None:
    [seat] = desk_tasks.seats(session, desk_tasks.open_session(session))
    task = desk_tasks.drawn(session, seat, kind)
    session.commit()
    assert "尚未开始" in panel(store, task)

"""Tasks at a computer, short and complete, drawn for a candidate whose practical session is open."""

from __future__ import annotations

import hashlib
import io
import wave
from copy import deepcopy
from itertools import count
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.core.clock import now as clock_now
from app.models.account import User
from app.models.bank import MediaFile
from app.models.registration import ExamSession, Part, Seat, SessionState
from app.models.tasks import PracticalTask, SeatTask, TaskState, TaskVersion
from tests.factories import practical, theory

_numbers = count(1)
AUDIO = "call.wav"
COMMON: dict[str, Any] = {
    "scheme": theory.SCHEME, "levels": [theory.LEVEL], "trade": "express", "source": "own",
    "card": {
        "situation": "您是快递公司的客服。", "rules": ["先核实身份。", "不承诺做不到的事。"],
        "data": [{"label": "网点", "value": "东城"}], "asks": "请处理。",
    },
    "sheet": [{"criterion": "J08", "watch": "看回复是否及时", "full": "及时", "fails": "不回复"}],
    "traps": [{"id": "t1", "trap": "客户催促", "right": "不慌"}, {"id": "t2", "trap": "客户要赔", "right": "按规定"}],
}  # fmt: skip
CHAT: dict[str, Any] = {
    "customers": [
        {"id": "c1", "name": "王女士", "mood": "angry", "resolved_by": "说明时限", "facts": [], "lines": [
            {"id": "l1", "say": "我的包裹在哪里？", "after": 0, "wait": 5, "once": True},
            {"id": "l2", "say": "那什么时候能到？", "reply_to": "l1", "wait": 0, "once": True},
            {"id": "l3", "say": "能退款吗？", "if_mentions": ["退款", "赔偿"], "wait": 2, "once": True},
            {"id": "n1", "say": "还在吗？", "if_silent": 60, "wait": 5, "once": True},
        ]},
        {"id": "c2", "name": "李先生", "mood": "calm", "resolved_by": "改好地址", "facts": [], "lines": [
            {"id": "l1", "say": "我想改地址。", "after": 0, "wait": 5, "once": True},
            {"id": "l2", "say": "改到西城，谢谢。", "reply_to": "l1", "wait": 0, "once": True},
        ]},
    ],
    "phrases": ["您好，很高兴为您服务。"],
}  # fmt: skip
TICKET: dict[str, Any] = {
    "audio": AUDIO, "plays": 2, "transcript": [{"who": "客户", "say": "我姓周，电话 138 0000 0001。"}],
    "fields": [
        {"id": "name", "label": "姓名", "type": "text", "answer": ["周岚"], "near": 0, "weight": "1", "required": True},
        {"id": "phone", "label": "电话", "type": "phone", "answer": ["138 0000 0001"], "near": 0, "weight": "2",
         "required": True},
        {"id": "kind", "label": "类别", "type": "choice", "options": ["查询", "投诉"], "answer": ["投诉"], "near": 0,
         "weight": "1", "required": True},
        {"id": "note", "label": "说明", "type": "long", "answer": [], "near": 0, "weight": "1", "required": False},
    ],
}  # fmt: skip
TYPING: dict[str, Any] = {
    "text": "客户来电咨询包裹进度。", "digits": "1380000000113900000002", "minutes": {"text": 5, "digits": 3},
    "targets": {"text": 40, "digits": 80},
}  # fmt: skip
FAULTS: dict[str, Any] = {
    "audio": AUDIO, "plays": 2, "seconds": "60",
    "transcript": [{"from": "0", "to": "5", "who": "客服", "say": "喂。"},
                   {"from": "20", "to": "26", "who": "客服", "say": "您的地址是东城路一号。"}],
    "kinds": [{"id": "greeting", "name": "未问候"}, {"id": "privacy", "name": "泄露信息"}],
    "faults": [{"id": "f1", "kind": "greeting", "from": "0", "to": "5", "why": "没有问候"},
               {"id": "f2", "kind": "privacy", "from": "20", "to": "26", "why": "未核实即念出地址"}],
    "decoys": [{"from": "40", "to": "44", "why_not": "这是规定的核实"}],
}  # fmt: skip
REPORT: dict[str, Any] = {
    "tables": [{"title": "六月", "columns": ["周", "来电", "接通"],
                "rows": [["一", "100", "90"], ["二", "120", "96"], ["三", "80", "76"]]}],
    "text": "请看六月的数据。",
    "questions": [
        {"id": "q1", "ask": "三周共来电多少？", "type": "number", "answer": ["300"], "tolerance": "0", "weight": "2"},
        {"id": "q2", "ask": "哪一周接通率最低？", "type": "choice", "options": ["一", "二", "三"], "answer": ["二"],
         "tolerance": "0", "weight": "1"},
        {"id": "q3", "ask": "哪些周高于八成？", "type": "multiple", "options": ["一", "二", "三"],
         "answer": ["一", "三"], "tolerance": "0", "weight": "1"},
        {"id": "q4", "ask": "您会怎么办？", "type": "long", "guide": "看措施", "tolerance": "0", "weight": "1"},
    ],
}  # fmt: skip
ROSTER: dict[str, Any] = {
    "intervals": [{"from": "09:00", "calls": 20}, {"from": "09:30", "calls": 30}, {"from": "10:00", "calls": 20}],
    "aht": 240, "service_level": {"share": "0.8", "seconds": 20}, "shrinkage": "0.1",
    "staff": [{"id": f"p{number}", "name": f"员工{number}", "may": ["early", "late"]} for number in range(1, 9)],
    "shifts": [{"id": "early", "name": "早班", "from": "09:00", "to": "10:30"},
               {"id": "late", "name": "晚班", "from": "09:30", "to": "10:30"}],
    "limits": {"most_staff": 8, "must_work": ["p1"], "per_shift": [], "together": [], "apart": [["p1", "p2"]]},
    "best": {"p1": "early", "p2": "late", "p3": "early", "p4": "early", "p5": "early", "p6": "early", "p7": "late",
             "p8": "early"},
}  # fmt: skip
CALL: dict[str, Any] = {
    "persona": "周岚", "opening": "喂！", "mood": ["着急"], "ending": "道谢",
    "facts": [{"id": f"f{n}", "fact": f"暗中的事实{n}", "told": "if_asked"} for n in range(1, 4)],
    "lines": [{"when": f"问{n}", "say": f"答{n}"} for n in range(1, 4)],
}  # fmt: skip
BLOCKS = {
    "chat": CHAT, "ticket": TICKET, "typing": TYPING, "faults": FAULTS, "report": REPORT, "roster": ROSTER,
    "call": CALL,
}  # fmt: skip


def body(kind: str, **changed: Any) -> dict[str, Any]:
    block = deepcopy(BLOCKS[kind]) | changed
    named = {"code": f"{kind}-{next(_numbers)}", "kind": kind, "title": f"题目{kind}"}
    return {**deepcopy(COMMON), **named, ("role" if kind == "call" else kind): block}


def sound(seconds: int = 3) -> bytes:
    """A quiet recording that every browser can play."""
    held = io.BytesIO()
    with wave.open(held, "wb") as file:
        file.setnchannels(1)
        file.setsampwidth(2)
        file.setframerate(8000)
        file.writeframes(bytes(2 * 8000 * seconds))
    return held.getvalue()


def in_use(session: Session, kind: str, **changed: Any) -> TaskVersion:
    content = sound()
    digest = hashlib.sha256(content).hexdigest()
    if session.get(MediaFile, digest) is None:
        session.add(MediaFile(sha256=digest, type="audio/wav", content=content))
    written = body(kind, **changed)
    task = PracticalTask(code=written["code"], scheme=theory.SCHEME, kind=kind, trade="express")
    version = TaskVersion(
        task=task, number=1, state=TaskState.IN_USE, levels=[theory.LEVEL], body=written, digest=written["code"],
        media={AUDIO: digest} if kind in ("ticket", "faults") else {},
    )  # fmt: skip
    session.add(version)
    session.flush()
    return version


def open_session(session: Session, *, candidates: int = 1) -> ExamSession:
    """An open practical; nothing is drawn for its candidates."""
    exam = practical.practical_session(session, candidates=candidates)
    assert exam.part == Part.PRACTICAL
    exam.state, exam.opened_at = SessionState.OPEN, clock_now()
    session.flush()
    return exam


def seats(session: Session, exam: ExamSession) -> list[Seat]:
    return list(session.scalars(select(Seat).where(Seat.session_id == exam.id).order_by(Seat.number)))


def drawn(session: Session, seat: Seat, kind: str, *, minutes: int = 15, **changed: Any) -> SeatTask:
    """A task of this kind for the candidate, in the scheme's place of the same name."""
    task = SeatTask(seat_id=seat.id, slot=kind, version=in_use(session, kind, **changed), minutes=minutes)
    session.add(task)
    session.flush()
    return task


def candidate_of(session: Session, seat: Seat) -> User:
    return session.get_one(User, seat.application.candidate.user_id)

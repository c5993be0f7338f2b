"""Tasks of the practical as files and in the bank: short, and right in every part."""

from __future__ import annotations

import io
import wave
from collections.abc import Sequence
from copy import deepcopy
from typing import Any

from sqlalchemy.orm import Session

from app.core.audit import Actor
from app.core.clock import now as clock_now
from app.models.tasks import TaskVersion
from question_bank.stimuli import Media
from question_bank.tasks.body import TaskFile, block_name, body_of
from question_bank.tasks.drafts import draft_of
from question_bank.tasks.files import FoundTask, FoundTasks
from question_bank.tasks.keeping import take_in
from question_bank.tasks.reading import as_yaml, read_task
from question_bank.tasks.subject import hold, task_id_of
from question_bank.tasks.writing import create_task
from tests.factories import theory

OPERATOR = Actor(None, "operator", "test")
CRITERIA = {
    "call": ["J01", "J02", "J03", "J04", "J05", "J06", "J07"],
    "complaint": ["J02", "J04", "J05", "J07", "J12", "J13", "J14"],
    "sale": ["J01", "J09", "J10", "J11"], "chat": ["J08"], "ticket": ["J05"], "typing": ["J15"], "faults": ["J16"],
    "report": ["M04", "M05", "M06"], "roster": ["M12"], "coaching": ["M08", "M11"], "briefing": ["M09", "M10"],
}  # fmt: skip
_ROLE = {
    "persona": "周女士，着急。", "opening": "喂，我的快递呢？", "mood": ["起初着急", "得到说明后平静"],
    "facts": [{"id": f"f{n}", "fact": f"事实之{n}", "told": "if_asked"} for n in range(1, 9)],
    "lines": [{"when": f"时机之{n}", "say": f"台词之{n}"} for n in range(1, 7)], "ending": "道谢后挂断。",
}  # fmt: skip
BLOCKS: dict[str, Any] = {
    "role": _ROLE,
    "chat": {
        "customers": [
            {"id": "c1", "name": "王女士", "mood": "angry", "resolved_by": "说明时限", "lines": [
                {"id": "l1", "say": "包裹在哪里？", "after": 0}, {"id": "l2", "say": "何时能到？", "reply_to": "l1"}]},
            {"id": "c2", "name": "李先生", "mood": "calm", "resolved_by": "改好地址", "lines": [
                {"id": "l1", "say": "我想改地址。", "after": 20}, {"id": "n1", "say": "在吗？", "if_silent": 60}]},
        ],
        "phrases": ["您好。"],
    },
    "ticket": {
        "audio": "ticket.wav", "plays": 2, "transcript": [{"who": "customer", "say": "我姓周。"}],
        "fields": [
            {"id": "name", "label": "姓名", "type": "text", "answer": ["周岚岚"], "near": 1},
            {"id": "phone", "label": "电话", "type": "phone", "answer": ["138 0000 0001"]},
            {"id": "kind", "label": "类别", "type": "choice", "options": ["查询", "投诉"], "answer": ["投诉"]},
        ],
    },
    "typing": {"text": "客户来电咨询包裹进度。" * 30, "digits": "1380000 " * 60, "minutes": {"text": 5, "digits": 3},
               "targets": {"text": 40, "digits": 80}},
    "faults": {
        "audio": "faults.wav", "plays": 2, "seconds": 60,
        "transcript": [{"from": 0, "to": 10, "who": "agent", "say": "喂？"},
                       {"from": 10, "to": 30, "who": "customer", "say": "我要查件。"}],
        "kinds": [{"id": "greeting", "name": "问候"}, {"id": "tone", "name": "语气"}],
        "faults": [{"id": "x1", "kind": "greeting", "from": 0, "to": 5, "why": "没有问候"}],
        "decoys": [{"from": 40, "to": 45, "why_not": "正常停顿"}],
    },
    "report": {
        "tables": [{"title": "一周话务", "columns": ["日期", "来电", "接起"],
                    "rows": [["周一", 100, 90], ["周二", 200, 150], ["周三", 300, 285]]}],
        "text": "请阅读后作答。",
        "questions": [
            {"id": "q1", "ask": "接通率是多少？", "type": "number", "answer": 87.5, "tolerance": 0.1,
             "formula": "sum(T1!C1:C3) / sum(T1!B1:B3) * 100"},
            {"id": "q2", "ask": "哪天最低？", "type": "choice", "options": ["周一", "周二", "周三"], "answer": "周二"},
            {"id": "q3", "ask": "怎样改进？", "type": "long", "guide": "增加班次"},
        ],
    },
    "roster": {
        "intervals": [{"from": "09:00", "calls": 20}, {"from": "09:30", "calls": 30}], "aht": 240,
        "service_level": {"share": 0.8, "seconds": 20}, "shrinkage": 0.1,
        "staff": [{"id": "p1", "name": "甲", "may": ["early"]}, {"id": "p2", "name": "乙", "may": ["early", "late"]}],
        "shifts": [{"id": "early", "name": "早班", "from": "09:00", "to": "12:00"},
                   {"id": "late", "name": "晚班", "from": "09:30", "to": "12:30", "break": ["11:00", "11:30"]}],
        "limits": {"most_staff": 2, "apart": [["p1", "p2"]]}, "best": {"p1": "early", "p2": "late"},
    },
}  # fmt: skip


def data(kind: str = "call", code: str = "", trade: str = "express", **changes: Any) -> dict[str, Any]:
    """The fields of a file."""
    level = "intermediate" if CRITERIA[kind][0].startswith("M") else "junior"
    told = code or f"{kind}-{trade}-01"
    found: dict[str, Any] = {
        "code": told, "scheme": theory.SCHEME, "kind": kind, "levels": [level], "trade": trade,
        "title": f"任务 {told}",
        "card": {"situation": f"您是客服，编号 {told}。", "rules": ["先核实身份。"],
                 "data": [{"label": "网点", "value": "东城"}], "asks": "请处理。"},
        "sheet": [{"criterion": one, "watch": "看", "full": "都做到", "fails": "没做到"} for one in CRITERIA[kind]],
        "traps": [{"id": "t1", "trap": "催促", "right": "不慌"}, {"id": "t2", "trap": "要赔", "right": "按规定"}],
        "source": "own", block_name(kind): deepcopy(BLOCKS[block_name(kind)]),
    }  # fmt: skip
    if kind == "coaching":
        found["role"]["record"] = {
            "transcript": [{"at": n * 5, "who": "agent", "say": f"第{n}句"} for n in range(5)],
            "quality_sheet": [{"point": "问候", "result": "缺少"}],
        }
    if kind == "briefing":
        found["role"] |= {"agenda": ["目标"], "questions": ["为什么？", {"ask": "几点？", "right": "九点"}]}
    return found | changes


def text(kind: str = "call", **how: Any) -> str:
    return as_yaml(data(kind, **how))


def made(fields: dict[str, Any]) -> TaskFile:
    """As a file would give it."""
    return read_task(as_yaml(fields), "test.yaml")


def task(kind: str = "call", **how: Any) -> TaskFile:
    return made(data(kind, **how))


def sound(seconds: int = 1) -> bytes:
    kept = io.BytesIO()
    with wave.open(kept, "wb") as file:
        file.setnchannels(1)
        file.setsampwidth(1)
        file.setframerate(8000)
        file.writeframes(b"\x80" * 8000 * seconds)
    return kept.getvalue()


def found(*tasks: TaskFile) -> FoundTasks:
    listed = [FoundTask(f"{one.code}.yaml", one, {name: Media(name, sound()) for name in one.media}) for one in tasks]
    return FoundTasks(listed)


def in_use(session: Session, kinds: Sequence[str] = ("call",), trades: Sequence[str] = ("express",)) -> None:
    """One task for each kind and trade, in use."""
    tasks = [task(kind, trade=trade) for kind in kinds for trade in trades]
    take_in(session, OPERATOR, found(*tasks), clock_now())


def draft(session: Session, author: Actor, kind: str = "call", **how: Any) -> TaskVersion:
    one = task(kind, **how)
    sounds = [Media(name, sound()) for name in one.media]
    return create_task(session, author, draft_of(body_of(one)), clock_now(), sounds)


def used(session: Session, code: str) -> TaskVersion:
    version = hold(session, task_id_of(session, code)).in_use
    assert version is not None
    return version

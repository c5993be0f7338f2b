"""Task cards for candidates, and on sheets of their own what only examiners may see: script, traps, what to watch."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy.orm import Session

from app.models.tasks import SeatTask, TaskVersion
from app.practical.tasks.drawn import slots_of, tasks_by_seat
from certificates.papers.practical import wording as words
from certificates.papers.practical.day import Day
from certificates.papers.practical.paper import Block, Facts, Leaf, Lines, Paper, Table

CARDS = ("考核任务卡", "Task Cards for Candidates")
SCRIPTS = ("考评员用脚本", "Scripts for Examiners")
ONLY = "仅供考评员使用，不得向考生出示  For examiners only, never shown to candidates"
TOLD = {
    "opening": "开场即说 at once",
    "if_asked": "问到才说 if asked",
    "only_if_verified": "核验身份后才说 once identified",
    "late": "后段才说 late",
}
FOR = "使用座位号 For seats"


def cards(session: Session, day: Day) -> Paper:
    """What a candidate is handed at the beginning of a task played before examiners."""
    leaves = [_leaf(number, slot, version, seats, _card(version.body)) for number, (slot, version, seats) in
              enumerate(_drawn(session, day), 1)]  # fmt: skip
    return Paper(*CARDS, day.line, leaves, day.sitting.demonstration)


def scripts(session: Session, day: Day) -> Paper:
    leaves = [
        _leaf(number, slot, version, seats, [*_role(version.body), *_key(version.body)], ONLY)
        for number, (slot, version, seats) in enumerate(_drawn(session, day), 1)
    ]
    return Paper(*SCRIPTS, day.line, leaves, day.sitting.demonstration)


def _drawn(session: Session, day: Day) -> list[tuple[str, TaskVersion, list[int]]]:
    """Every task that is played before examiners once, with the seats that drew it, in the scheme's order."""
    numbers = {one.seat_id: one.number for one in day.people if not one.absent}
    attended = [slot.id for slot in slots_of(day.sitting.scheme, day.sitting.level) if slot.attended]
    found: dict[tuple[int, str], tuple[SeatTask, list[int]]] = {}
    for seat, tasks in tasks_by_seat(session, day.sitting.id).items():
        for one in tasks:
            if one.slot in attended and seat in numbers:
                found.setdefault((attended.index(one.slot), one.version.task.code), (one, []))[1].append(numbers[seat])
    return [(one.slot, one.version, sorted(seats)) for _, (one, seats) in sorted(found.items(), key=lambda f: f[0])]


def _leaf(
    number: int, slot: str, version: TaskVersion, seats: Sequence[int], blocks: Sequence[Block], warning: str = ""
) -> Leaf:
    body = version.body
    facts = Facts([(words.TASK, words.task(version.task.kind)), (FOR, "、".join(map(str, seats))),
                   ("任务编号 Code", version.task.code), ("版本 Version", str(version.number))])  # fmt: skip
    return Leaf(f"{number} {slot}", str(body.get("title", "")), [facts, *blocks], warning=warning)


def _card(body: Mapping[str, Any]) -> list[Block]:
    card = body.get("card") or {}
    rules = [f"{number}. {rule}" for number, rule in enumerate(card.get("rules") or (), 1)]
    data = [(str(one.get("label", "")), str(one.get("value", ""))) for one in card.get("data") or ()]
    blocks: list[Block] = [Lines([str(card.get("situation", ""))], "情境  Situation", 11)]
    if rules:
        blocks.append(Lines(rules, "业务规则  Rules", 10))
    if data:
        blocks.append(Table(("项目 Item", "内容 Value"), data, (1, 3), "屏幕资料  On the screen"))
    record = (body.get("role") or {}).get("record") or {}
    if said := record.get("transcript"):
        rows = [(f"{int(one.get('at', 0))}s", _who(one.get("who")), str(one.get("say", ""))) for one in said]
        blocks.append(Table(("时间 At", "说话人 Who", "内容 Words"), rows, (1, 1.6, 8), "录音文字  Transcript"))
    if sheet := record.get("quality_sheet"):
        checked = [(str(one.get("point", "")), str(one.get("result", ""))) for one in sheet]
        blocks.append(Table(("检查点 Point", "结果 Result"), checked, (1, 1), "质检单  Quality sheet"))
    if agenda := (body.get("role") or {}).get("agenda"):
        blocks.append(Lines([_text(one) for one in _several(agenda)], "议程  Agenda", 10))
    return [*blocks, Lines([str(card.get("asks", ""))], "要求  What is asked", 11)]


def _role(body: Mapping[str, Any]) -> list[Block]:
    role = body.get("role") or {}
    facts = [(TOLD.get(one.get("told"), str(one.get("told", ""))), str(one.get("fact", ""))) for one in
             role.get("facts") or ()]  # fmt: skip
    lines = [(str(one.get("when", "")), str(one.get("say", ""))) for one in role.get("lines") or ()]
    blocks: list[Block] = [Lines([str(role.get("persona", ""))], "人物  Persona", 10)]
    if role.get("opening"):
        blocks.append(Lines([str(role["opening"])], "开场白  Opening", 11))
    if role.get("mood"):
        blocks.append(Lines([_text(one) for one in _several(role["mood"])], "情绪变化  Mood"))
    blocks += [Table(("何时说 Told", "事实 Fact"), facts, (1.4, 4), "隐藏事实  Hidden facts"),
               Table(("时机 When", "台词 Say"), lines, (2, 4), "台词  Lines")]  # fmt: skip
    if role.get("questions"):
        blocks.append(Lines([_text(one) for one in _several(role["questions"])], "提问  Questions"))
    if role.get("ending"):
        blocks.append(Lines([str(role["ending"])], "结束  Ending"))
    return blocks


def _key(body: Mapping[str, Any]) -> list[Block]:
    traps = [(str(one.get("trap", "")), str(one.get("right", ""))) for one in body.get("traps") or ()]
    sheet = [(str(one.get("criterion", "")), str(one.get("watch", "")), str(one.get("full", "")),
              str(one.get("fails", ""))) for one in body.get("sheet") or ()]  # fmt: skip
    return [
        Table(("陷阱 Trap", "正确处理 Right"), traps, (1, 1), "易错点  Traps"),
        Table(
            ("要点 Criterion", "观察 Watch", "满分 Full", "最低 Fails"),
            sheet,
            (1.2, 3, 3, 3),
            "评分提示  What to watch",
        ),
    ]


def _who(who: object) -> str:
    return {"agent": "客服 Agent", "customer": "客户 Customer"}.get(str(who), str(who))


def _several(value: object) -> Sequence[Any]:
    return value if isinstance(value, list | tuple) else [value]


def _text(value: object) -> str:
    """A line of a script, whether it was written as words or in parts."""
    if isinstance(value, Mapping):
        return "；".join(str(one) for key, one in value.items() if key != "id" and one)
    return str(value)

"""The score register of a practical on paper: every candidate's marks and verdict, and who signs for them."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime
from typing import Any

from app.models.registration import SessionState
from certificates.papers.practical import wording as words
from certificates.papers.practical.day import Day, moment
from certificates.papers.practical.paper import Block, Facts, Leaf, Lines, Paper, Signatures, Slip, Table

TITLE, TITLE_EN = "操作技能考核成绩登记册", "Score Register of the Practical"
SCORE, VERDICT, REMARK = "成绩\nScore", "结论\nVerdict", "备注 Remark"
PASSED, FAILED, OPEN = "合格\nPassed", "不合格\nFailed", "未评定\nOpen"
MISSED = "关键项未达到 missed: {names}"
VERSION = "第 {number} 版 version {number}"
DIGEST = "登记册校验值 SHA-256 of the register"
SIGNED = "考评组长 {name} 于 {at} 在系统中签署。Signed in the system by the head, {name}, {at}."
UNSIGNED = "尚未由考评组长在系统中签署，以下内容可能变化。Not signed in the system; what stands here may still change."
NO_HEAD = "本场次未指定考评组长。No head was named for this panel."
BOTH = "两名考评员都签署后才显示分数。Points stand here once both examiners have signed."


def paper(day: Day, rows: Sequence[Mapping[str, Any]], digest: str, signed_at: datetime | None) -> Paper:
    """`rows` as the register has them; `signed_at` if the head's signature holds for them."""
    absent = _absent(day)
    head = (words.SEAT, words.NAME, words.FIRST, words.SECOND, words.THIRD, SCORE, VERDICT, REMARK)
    table = Table(head, [_row(row, absent) for row in rows], (1.2, 2.6, 2.6, 2.6, 2.6, 1.4, 1.9, 2.6))
    state = SIGNED.format(name=day.head, at=moment(signed_at)) if signed_at else UNSIGNED if day.head else NO_HEAD
    people = [(words.HEAD, day.head)] if day.head else []
    people += [(words.EXAMINER, one.name) for one in day.examiners]
    people.append((words.REGISTRAR, ""))
    blocks: list[Block | Slip] = [
        Facts(day.facts), table, Facts([(DIGEST, digest)]), Lines([state, BOTH]), Signatures(people),
    ]  # fmt: skip
    return Paper(TITLE, TITLE_EN, day.line, [Leaf("成绩登记册", TITLE, blocks)], day.sitting.demonstration)


def _row(row: Mapping[str, Any], absent: Collection[int]) -> tuple[str, ...]:
    sheets = {one["order"]: one for one in row["sheets"]}
    missed = MISSED.format(names="、".join(row["missed"])) if row["missed"] else ""
    return (
        str(row["seat"]), str(row["candidate"]), *(_sheet(sheets.get(order)) for order in ("first", "second", "third")),
        row["score"] or "", _verdict(row, absent), missed,
    )  # fmt: skip


def _sheet(one: Mapping[str, Any] | None) -> str:
    if one is None:
        return ""
    told = [str(one["examiner"]), one["total"] or "—"]
    if one["version"] > 1:
        told.append(VERSION.format(number=one["version"]))
    return "\n".join(told)


def _absent(day: Day) -> set[int]:
    """Who was recorded as such; once the doors are closed, everybody who never began as well."""
    if day.sitting.state in (SessionState.CLOSED, SessionState.RELEASED):
        return {one.number for one in day.people}
    return {one.number for one in day.people if one.absent}


def _verdict(row: Mapping[str, Any], absent: Collection[int]) -> str:
    if not row["examined"] and row["seat"] in absent:
        return words.ABSENT
    if row["score"] is None:
        return OPEN
    return PASSED if row["passed"] else FAILED

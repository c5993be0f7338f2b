"""The record of a practical examination (考场情况记录): staff, presence, numbers, changes, incidents, lost time."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from app.models.account import User
from app.models.attendance import PresenceInterval
from app.models.practical import RubricSheet, SheetOrder, SheetState
from app.models.registration import Seat, StaffRole
from app.models.room_record import RoomRemark
from app.models.stations import PanelChange, SeatAbsence
from app.models.tasks import SeatTask
from app.practical.typed.finish import Finished
from certificates.papers.practical import wording as words
from certificates.papers.practical.day import Day, clock, moment
from certificates.papers.practical.paper import Block, Facts, Leaf, Lines, Paper, Room, Row, Signatures, Table
from certificates.papers.record import wording as record_wording
from proctoring import incidents

TITLE, TITLE_EN = "操作技能考核考场情况记录表", "Record of the Practical Examination"
ROLES = {"examiner": words.EXAMINER, "proctor": "监考人员 Proctor"}
KINDS = {
    "candidate_absent": "考生缺考 Candidate absent",
    "candidate_came": "考生后到 Candidate came after all",
    "examiner_absent": "考评员缺席 Examiner absent",
    "station_out": "考位停用 Station out of order",
    "station_back": "考位恢复 Station works again",
    "conflict_declared": "回避 Tie declared",
    "assigned_by_hand": "人工指定 Assigned by hand",
}
SECTIONS = {
    "numbers": "一、考生情况  Candidates",
    "absent": "缺考考生  Absent candidates",
    "staff": "二、考评人员到岗情况  Staff and presence",
    "changes": "三、当日调整  Changes on the day",
    "incidents": "四、异常情况  Incidents",
    "lost": "五、补时情况  Time given back",
    "paper": "六、纸质评分录入  Sheets typed in from paper",
    "remarks": "七、备注  Remarks",
    "hand": "手写补充（停电、设备故障、其他情况及处理）  By hand",
    "signatures": "八、签名  Signatures",
}
NUMBERS = ("应考 Expected", "实考 Examined", "缺考 Absent", "已完成评分 Marked by two", "第三考评 Third examiner")
TO_THE_END = "至结束 to the end"
OPENED, CLOSED = "实际开考 Opened", "结束 Closed"
MINUTES = "{minutes} 分钟 minutes"


def paper(session: Session, day: Day, typed: Sequence[Finished] = ()) -> Paper:
    sitting = day.sitting
    facts = Facts([*day.facts, (OPENED, moment(sitting.opened_at)), (CLOSED, moment(sitting.closed_at))])
    orders = {"first": words.FIRST, "second": words.SECOND, "third": words.THIRD}
    from_paper = [
        (str(one.seat), orders.get(one.order, one.order), one.examiner, "、".join(one.typists)) for one in typed
    ]
    blocks: list[Block] = [
        facts,
        Table(NUMBERS, [_numbers(session, day)], (1,) * len(NUMBERS), SECTIONS["numbers"]),
        *_absent(session, day),
        Table(record_wording.HEADS["staff"] + ("职责 Role",), _staff(session, day), (3, 2, 2, 3), SECTIONS["staff"]),
        Table(("时间 Time", "类别 Kind", "对象 About", "原因 Reason", "变动数 Changed"), _changes(session, day),
              (1.6, 3, 3, 4, 1.4), SECTIONS["changes"]),
        Table(record_wording.HEADS["incidents"], _incidents(session, day), (2.2, 2.2, 3, 6, 2), SECTIONS["incidents"]),
        Table((words.SEAT, words.NAME, words.TASK, "补时 Given"), _given(session, day), (1.4, 3, 4, 2),
              SECTIONS["lost"]),
        Table((words.SEAT, "身份 As", words.EXAMINER, "录入人 Typed in by"), from_paper, (1.4, 3, 3, 4),
              SECTIONS["paper"]),
        Lines([f"{clock(at)}  {text}  （{name}）" for at, text, name in _remarks(session, day)], SECTIONS["remarks"]),
        Room(SECTIONS["hand"], 5),
        Signatures(
            [(words.HEAD, day.head), *((words.EXAMINER, one.name) for one in day.examiners), (words.REGISTRAR, "")],
            SECTIONS["signatures"],
        ),
    ]  # fmt: skip
    return Paper(TITLE, TITLE_EN, day.line, [Leaf("考场情况记录", TITLE, blocks)], sitting.demonstration)


def _numbers(session: Session, day: Day) -> Row:
    begun = select(func.count()).select_from(Seat).where(
        Seat.session_id == day.sitting.id, Seat.practical_started_at.is_not(None)
    )  # fmt: skip
    signed = (
        select(RubricSheet.seat_id)
        .join(Seat, Seat.id == RubricSheet.seat_id)
        .where(Seat.session_id == day.sitting.id, RubricSheet.state == SheetState.SIGNED)
        .where(RubricSheet.order.in_((SheetOrder.FIRST, SheetOrder.SECOND)))
        .group_by(RubricSheet.seat_id)
        .having(func.count() == 2)
    )
    absent = sum(one.absent for one in day.people)
    both = session.scalar(select(func.count()).select_from(signed.subquery())) or 0
    third = sum(bool(one.examiner("third")) for one in day.people)
    return [str(one) for one in (len(day.people), session.scalar(begun) or 0, absent, both, third)]


def _absent(session: Session, day: Day) -> list[Block]:
    query = (
        select(SeatAbsence.seat_id, SeatAbsence.reason)
        .join(Seat, Seat.id == SeatAbsence.seat_id)
        .where(Seat.session_id == day.sitting.id)
    )
    reasons = {row[0]: row[1] for row in session.execute(query)}
    rows = [(str(one.number), one.name, reasons[one.seat_id]) for one in day.people if one.seat_id in reasons]
    return [Table((words.SEAT, words.NAME, "原因 Reason"), rows, (1, 2, 4), SECTIONS["absent"])] if rows else []


def _staff(session: Session, day: Day) -> list[Row]:
    query = (
        select(User.name, PresenceInterval)
        .join(User, User.id == PresenceInterval.user_id)
        .where(PresenceInterval.session_id == day.sitting.id, PresenceInterval.role.in_([*StaffRole]))
        .order_by(PresenceInterval.began_at, PresenceInterval.id)
    )
    stays = [
        (name, clock(one.began_at), clock(one.ended_at) if one.ended_at else TO_THE_END, ROLES.get(one.role, one.role))
        for name, one in session.execute(query)
    ]
    there = {row[0] for row in stays}
    return [*stays, *((one.name, "", "", words.EXAMINER) for one in day.examiners if one.name not in there)]


def _changes(session: Session, day: Day) -> list[Row]:
    query = select(PanelChange).where(PanelChange.session_id == day.sitting.id).order_by(PanelChange.id)
    return [
        (clock(one.at), KINDS.get(one.kind, one.kind), one.subject, one.reason, str(len(one.lines)))
        for one in session.scalars(query)
    ]


def _incidents(session: Session, day: Day) -> list[Row]:
    found = sorted(incidents.of_session(session, day.sitting.id), key=lambda one: one.incident.id)
    return [
        (
            f"{clock(one.incident.happened_at)}\n{clock(one.incident.recorded_at)}",
            f"{one.seat} {one.candidate}" if one.seat else record_wording.WHOLE,
            record_wording.CATEGORIES.get(one.incident.category, one.incident.category),
            "\n".join(filter(None, (one.incident.description, one.incident.resolution))),
            one.recorder or "—",
        )
        for one in found
    ]


def _given(session: Session, day: Day) -> list[Row]:
    people = {one.seat_id: one for one in day.people}
    kinds = {slot.id: slot.kind for slot in day.level.practical.tasks}
    query = select(SeatTask.seat_id, SeatTask.slot, SeatTask.extra_seconds).where(
        SeatTask.seat_id.in_(people), SeatTask.extra_seconds > 0
    )  # fmt: skip
    return [
        (str(people[seat].number), people[seat].name, words.task(kinds.get(slot, slot)),
         MINUTES.format(minutes=-(-seconds // 60)))
        for seat, slot, seconds in sorted(session.execute(query), key=lambda row: (people[row[0]].number, row[1]))
    ]  # fmt: skip


def _remarks(session: Session, day: Day) -> list[tuple[datetime, str, str]]:
    query = (
        select(RoomRemark.written_at, RoomRemark.text, User.name)
        .join(User, User.id == RoomRemark.written_by)
        .where(RoomRemark.session_id == day.sitting.id)
        .order_by(RoomRemark.id)
    )
    return [(row[0], row[1], row[2]) for row in session.execute(query)]

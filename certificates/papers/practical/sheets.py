"""Blank sheets by candidate and examiner, each with its own number, for the day on which the power fails."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from app.core.errors import N_, Refusal
from app.models.practical import RubricSheet, SheetState
from app.models.registration import ExamSession, Seat
from app.models.sheet_forms import SheetForm
from app.practical.marking.rubric import Rubric
from app.practical.typed.code import code_of
from app.schemes.scheme import scheme
from certificates.papers.practical import wording as words
from certificates.papers.practical.day import Day
from certificates.papers.practical.paper import Block, Facts, Leaf, Lines, Paper, Slip, Table
from certificates.papers.sheet import wording as sheet_wording
from certificates.papers.sheet.pdf import SheetFace

AT_ONCE = 80
"""Sheets in one file: an examiner has at most 40 and a few thirds; more are printed examiner by examiner."""
TITLE, TITLE_EN = "操作技能考核记分表", "Mark Lists of the Practical"
FULL, POINTS = "满分 Full", "得分 Points"
HOW = (
    "停电等情况下在此填写得分，由两人分别录入系统核对。编号请勿改动。"
    "Filled in by hand or here when the power fails; typed in by two people later. Keep the numbers as they are."
)


def of_session(session: Session, sitting: ExamSession, examiner_id: int | None = None) -> list[RubricSheet]:
    """Sheets nobody has signed yet, by examiner and seat; more than a file may hold are refused."""
    wanted = (Seat.session_id == sitting.id, RubricSheet.state != SheetState.SIGNED)
    query = select(RubricSheet).join(Seat, Seat.id == RubricSheet.seat_id).where(*wanted)
    count = select(func.count()).select_from(RubricSheet).join(Seat, Seat.id == RubricSheet.seat_id).where(*wanted)
    if examiner_id is not None:
        query, count = (query.where(RubricSheet.examiner_id == examiner_id),
                        count.where(RubricSheet.examiner_id == examiner_id))  # fmt: skip
    if (session.scalar(count) or 0) > AT_ONCE:
        message = N_("These are more than %(most)s sheets. Choose an examiner and print one after the other.")
        raise Refusal("sheets_too_many", message, status=409, most=AT_ONCE)
    return list(session.scalars(query.order_by(RubricSheet.examiner_id, Seat.number, RubricSheet.order)))


def faces(session: Session, sheets: Sequence[RubricSheet], address: str) -> list[SheetFace]:
    """For the PDF. `address` leads whoever scans the code to where the sheet is typed in."""
    forms = {one.form_id: session.get(SheetForm, one.form_id) for one in sheets if one.form_id}
    return [_face(sheet, forms[sheet.form_id] if sheet.form_id else None, address) for sheet in sheets]


def _face(sheet: RubricSheet, form: SheetForm | None, address: str) -> SheetFace:
    sitting, seat = sheet.seat.session, sheet.seat
    found, code = scheme(sitting.scheme), code_of(sheet.id)
    level = found.level(sitting.level)
    place = sheet_wording.ORDERS.get(sheet.order, sheet.rater_group)
    version = sheet_wording.FORM_VERSION.format(number=form.number) if form else sheet_wording.OWN_VERSION
    return SheetFace(
        found.name, f"{level.name} {level.name_en}", version, Rubric.kept(sheet.rubric), session=str(sitting.id),
        seat=str(seat.number), candidate=seat.application.candidate.name, place=place, rater=sheet.examiner.name,
        demonstration=sitting.demonstration, code=code, address=f"{address}?code={code}",
    )  # fmt: skip


def lists(day: Day, sheets: Sequence[RubricSheet]) -> Paper:
    """For the workbook: a leaf for each examiner, criteria down, that examiner's candidates across."""
    by_examiner: dict[int, list[RubricSheet]] = {}
    for sheet in sheets:
        by_examiner.setdefault(sheet.examiner_id, []).append(sheet)
    leaves = [_leaf(day, own) for own in by_examiner.values()]
    return Paper(TITLE, TITLE_EN, day.line, leaves, day.sitting.demonstration)


def _leaf(day: Day, own: Sequence[RubricSheet]) -> Leaf:
    rubric = Rubric.kept(own[0].rubric)
    head = ("评分要点 Criterion", FULL, *(f"{one.seat.number} {one.seat.application.candidate.name}" for one in own))
    places = [sheet_wording.ORDERS.get(one.order, one.rater_group) for one in own]
    rows = [(sheet_wording.NUMBER, "", *(code_of(one.id) for one in own)), ("评分身份 Marking as", "", *places)]
    rows += [
        (f"{'★ ' if one.critical else ''}{one.id} {one.name}", f"{one.points:f}", *("" for _ in own))
        for one in rubric.criteria
    ]
    rows += [
        (f"{one.id} {one.name}（次数 times）", str(one.most_times), *("" for _ in own)) for one in rubric.deductions
    ]
    name = own[0].examiner.name
    blocks: list[Block | Slip] = [Facts([*day.facts, (words.EXAMINER, name)]), Lines([HOW]),
              Table(head, rows, (4, 1, *(1.6 for _ in own)))]  # fmt: skip
    return Leaf(name, f"{TITLE} · {name}", blocks)

"""Typing in what was marked on paper: two people, each on their own, then one signature on behalf of the examiner.

What the first typed is not shown to the second. Where the two differ each looks at the paper again and corrects their
own typing; only what both say stands. The examiner's own signature on a tablet always comes first.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.core import audit
from app.core.audit import Actor
from app.core.errors import N_, NotFound, Refusal
from app.core.texts import check_reason, said
from app.models.papers import PaperSheet, TypedSheet
from app.models.practical import RubricSheet, SheetState
from app.models.registration import Seat
from app.practical.marking.entry_checks import tidy_note
from app.practical.marking.holding import locked_sheet, refuse_unworkable
from app.practical.marking.rubric import Rubric
from app.practical.typed.code import sheet_id_of
from app.practical.typed.compare import Line, Typing, differences, keys_of

TYPISTS = 2


@dataclass(frozen=True)
class Case:
    """How far the typing of one sheet has come."""

    sheet: RubricSheet
    paper: PaperSheet | None
    typed: Sequence[TypedSheet]
    """The latest of each typist, who typed first before the other."""
    apart: Sequence[str]
    """Lines on which the two differ; empty as long as there are not two."""

    @property
    def complete(self) -> bool:
        return len(self.typed) == TYPISTS

    @property
    def equal(self) -> bool:
        return self.complete and not self.apart

    @property
    def finished(self) -> bool:
        return self.paper is not None and self.paper.finished_at is not None

    def by(self, user_id: int) -> TypedSheet | None:
        return next((one for one in self.typed if one.typist_id == user_id), None)


def find(session: Session, session_id: int, typed: str) -> RubricSheet:
    """The sheet with this number on it."""
    number = sheet_id_of(typed)
    if number is None:
        message = N_("“%(number)s” is no number of a sheet, or has a slip in it. It stands at the top of every page.")
        raise Refusal("sheet_code_wrong", message, number=typed.strip()[:40])
    sheet = session.get(RubricSheet, number)
    if sheet is None or sheet.seat.session_id != session_id:
        message = N_(
            "This session has no sheet %(number)s any more: another examiner has taken it over since it was printed."
            " Look the candidate up by the seat."
        )
        raise Refusal("sheet_gone", message, status=404, number=typed.strip()[:40])
    return sheet


def case_of(session: Session, sheet_id: int) -> Case:
    sheet = session.get(RubricSheet, sheet_id)
    if sheet is None or not sheet.examines:
        raise NotFound()
    return _case(session, sheet)


def of_session(session: Session, session_id: int) -> list[Case]:
    """Every sheet of the session that anybody began to type in."""
    query = select(PaperSheet).join(RubricSheet, RubricSheet.id == PaperSheet.sheet_id).join(Seat)
    found = query.where(Seat.session_id == session_id).order_by(Seat.number, RubricSheet.order)
    return [_case(session, one.sheet) for one in session.scalars(found)]


def type_in(
    session: Session, actor: Actor, sheet_id: int, typist_id: int, marks: Mapping[str, object],
    *, notes: Mapping[str, str], signed_at: datetime, now: datetime,
) -> Case:  # fmt: skip
    """The whole sheet as this person reads it; typed again it is a new version of their own."""
    sheet = held(session, sheet_id, typist_id)
    case = _case(session, sheet)
    own = case.by(typist_id)
    if own is None and case.complete:
        message = N_("Two people have typed this sheet already. Where they differ, they look at the paper again.")
        raise Refusal("typists_enough", message, status=409)
    if case.equal:
        message = N_("Both have typed the same. What is left is to put it on the sheet.")
        raise Refusal("typing_equal", message, status=409)
    rubric = Rubric.kept(sheet.rubric)
    stored = {
        key: {"points": f"{rubric.points(key, marks[key]):f}", "note": tidy_note(key, notes.get(key, ""))}
        for key in _whole(rubric, marks, notes)
    }
    _refuse_time(sheet, signed_at, now)
    if case.paper is None:
        session.add(PaperSheet(sheet_id=sheet.id, opened_by=typist_id, opened_at=now))
        session.flush()
    number = own.number + 1 if own else 1
    session.add(
        TypedSheet(sheet_id=sheet.id, typist_id=typist_id, number=number, marks=stored, signed_at=signed_at, at=now)
    )
    session.flush()
    audit.record(session, "sheet:typed_in", actor, "sheet", sheet.id, seat=sheet.seat_id, number=number, marks=stored)
    return _case(session, sheet)


def discard(session: Session, actor: Actor, sheet_id: int, user_id: int, reason: str) -> None:
    """Begin anew, as when one of the two cannot go on; what was typed stays in the log."""
    sheet = held(session, sheet_id, user_id)
    case = _case(session, sheet)
    if case.paper is None:
        raise NotFound()
    if not said(reason):
        raise Refusal("reason_missing", N_("Say why the typing begins anew."))
    check_reason(reason)
    session.delete(case.paper)
    session.flush()
    audit.record(session, "sheet:typing_discarded", actor, "sheet", sheet.id, seat=sheet.seat_id, reason=reason.strip())


def held(session: Session, sheet_id: int, user_id: int) -> RubricSheet:
    """The sheet, locked, if it may be typed in by this person now."""
    found = session.get(RubricSheet, sheet_id)
    if found is None or not found.examines:
        raise NotFound()
    sheet = locked_sheet(session, sheet_id, found.examiner_id)
    if sheet.state == SheetState.SIGNED:
        message = N_("This sheet is signed. A mistake on it is mended by a correction, which its examiner asks for.")
        raise Refusal("sheet_signed", message, status=409)
    refuse_unworkable(session, sheet)
    refuse_examiner(session, sheet.seat.session_id, user_id)
    return sheet


def refuse_examiner(session: Session, session_id: int, user_id: int) -> None:
    """Who marks in the session neither types nor sees what another examiner wrote."""
    marks_here = select(RubricSheet.id).join(Seat).where(
        Seat.session_id == session_id, RubricSheet.examiner_id == user_id
    )  # fmt: skip
    if session.scalar(marks_here.limit(1)) is not None:
        message = N_("You mark candidates of this session yourself. Somebody else types in what is on paper.")
        raise Refusal("typist_marks", message, status=409)


def typing_of(typed: TypedSheet) -> Typing:
    lines = {key: line_of(one) for key, one in typed.marks.items()}
    return Typing(lines, typed.signed_at)


def line_of(stored: Mapping[str, Any]) -> Line:
    return Line(None if stored["points"] is None else Decimal(stored["points"]), str(stored["note"]))


def _case(session: Session, sheet: RubricSheet) -> Case:
    paper = session.get(PaperSheet, sheet.id)
    latest: dict[int, TypedSheet] = {}
    if paper is not None:
        for one in session.scalars(select(TypedSheet).where(TypedSheet.sheet_id == sheet.id).order_by(TypedSheet.id)):
            latest[one.typist_id] = one
    typed = list(latest.values())
    apart: list[str] = []
    if len(typed) == TYPISTS:
        first, second = map(typing_of, typed)
        apart = differences(keys_of(Rubric.kept(sheet.rubric)), first, second)
    return Case(sheet, paper, typed, apart)


def _whole(rubric: Rubric, marks: Mapping[str, object], notes: Mapping[str, str]) -> list[str]:
    """Every line of the sheet: a criterion needs points, a deduction that is left out was not earned."""
    for key in (*marks, *notes):
        rubric.knows(key)
    missing = [one for one in rubric.criteria if marks.get(one.id) in (None, "")]
    if missing:
        message = N_(
            "%(criterion)s has no points. Type every line as it stands; where the paper itself is empty, have its"
            " examiner fill it in first."
        )
        raise Refusal(
            "typing_incomplete", message, details={"missing": [one.id for one in missing], "criterion": missing[0].id},
            criterion=f"{missing[0].id} {missing[0].name}",
        )  # fmt: skip
    return [key for key in keys_of(rubric) if marks.get(key) not in (None, "")]


def _refuse_time(sheet: RubricSheet, signed_at: datetime, now: datetime) -> None:
    opened = sheet.seat.session.opened_at
    if signed_at > now or (opened is not None and signed_at < opened - timedelta(minutes=1)):
        message = N_("The examiner signed between the opening of the session and now. Look at the paper again.")
        raise Refusal("typed_time_wrong", message, details={"criterion": "signed"})

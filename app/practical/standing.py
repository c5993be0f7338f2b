"""How the practical of each candidate stands: who marks, what is signed, what it comes to."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from functools import cached_property
from itertools import groupby

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.models import practical as tables
from app.models.practical import SheetOrder, SheetState
from app.models.registration import Seat
from app.practical.outcome import AreaMarks, Outcome, Reason, areas_of, practical_outcome
from app.practical.rubric import Rubric, RubricSheet


@dataclass(frozen=True)
class Standing:
    """One candidate's seat in a practical session with its sheets by order."""

    seat: Seat
    sheets: Mapping[str, tables.RubricSheet]

    @property
    def examined(self) -> bool:
        """Whether the candidate's practical began; who never came has no score and needs none."""
        return self.seat.practical_started_at is not None

    @property
    def both_signed(self) -> bool:
        return all(self._signed(order) is not None for order in (SheetOrder.FIRST, SheetOrder.SECOND))

    @cached_property
    def outcome(self) -> Outcome:
        first, second, third = (self._signed(order) for order in SheetOrder)
        if first is None or second is None:
            return Outcome(None, False, Reason.UNSIGNED)
        return practical_outcome(
            first.total(),
            second.total(),
            third.total() if third else None,
            pass_mark=first.rubric.pass_mark,
            gap=first.rubric.gap,
        )

    def areas(self) -> tuple[AreaMarks, ...]:
        """The score by area, empty while there is none."""
        first, second, third = (self._signed(order) for order in SheetOrder)
        return areas_of(self.outcome, [first, second], third) if first and second else ()

    def signed(self) -> dict[str, RubricSheet]:
        """The signed sheets by order."""
        return {order: value for order in SheetOrder if (value := self._signed(order)) is not None}

    def progress(self, order: str) -> tuple[int, int]:
        """How many criteria are marked, of how many."""
        value = value_of(self.sheets[order])
        return len(value.awarded), len(value.rubric.criteria)

    def total(self, order: str) -> Decimal | None:
        signed = self._signed(order)
        return signed.total() if signed else None

    def _signed(self, order: str) -> RubricSheet | None:
        sheet = self.sheets.get(order)
        return value_of(sheet) if sheet and sheet.state == SheetState.SIGNED else None


def value_of(sheet: tables.RubricSheet) -> RubricSheet:
    rubric = Rubric.kept(sheet.rubric)
    awarded = {mark.criterion: mark.points.quantize(rubric.step) for mark in sheet.marks if mark.points is not None}
    return RubricSheet(rubric, awarded)


def seat_standing(session: Session, seat: Seat) -> Standing:
    wanted = select(tables.RubricSheet).where(tables.RubricSheet.seat_id == seat.id)
    sheets = session.scalars(wanted.execution_options(populate_existing=True))
    return Standing(seat, _by_order(sheets))


def session_standings(session: Session, session_id: int) -> list[Standing]:
    """Of every seat of a practical session, in the order of the seats."""
    seats = session.scalars(select(Seat).where(Seat.session_id == session_id).order_by(Seat.number))
    wanted = select(tables.RubricSheet).join(Seat).where(Seat.session_id == session_id)
    found = session.scalars(wanted.order_by(tables.RubricSheet.seat_id))
    sheets = {seat_id: _by_order(group) for seat_id, group in groupby(found, lambda sheet: sheet.seat_id)}
    return [Standing(seat, sheets.get(seat.id, {})) for seat in seats]


def _by_order(sheets: Iterable[tables.RubricSheet]) -> dict[str, tables.RubricSheet]:
    return {sheet.order: sheet for sheet in sheets}

"""How the practical of each candidate stands: who marks, what is signed, what it comes to."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from functools import cached_property
from itertools import groupby

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.models import practical as tables
from app.models.practical import SheetOrder, SheetState
from app.models.registration import Seat
from app.practical.marking.outcome import AreaMarks, Outcome, areas_of, practical_outcome
from app.practical.marking.rubric import EXAMINERS, Group, Rubric, RubricSheet
from app.schemes.scheme import Criterion


@dataclass(frozen=True)
class Standing:
    """One candidate's seat in a practical session with its sheets by order."""

    seat: Seat
    sheets: Mapping[str, tables.RubricSheet]
    raters: Mapping[str, Sequence[tables.RubricSheet]] = field(default_factory=dict)
    """Sheets of the groups that rate beside the examiners."""

    @property
    def examined(self) -> bool:
        """Whether the candidate's practical began; who never came has no score and needs none."""
        return self.seat.practical_started_at is not None

    @property
    def both_signed(self) -> bool:
        return SheetOrder.FIRST in self.signed and SheetOrder.SECOND in self.signed

    @cached_property
    def outcome(self) -> Outcome:
        first, second, third = (self.signed.get(order) for order in SheetOrder)
        return practical_outcome(first, second, third, self._rated)

    def areas(self) -> tuple[AreaMarks, ...]:
        """The score by area, empty while there is none."""
        first, second, third = (self.signed.get(order) for order in SheetOrder)
        return areas_of(self.outcome, [first, second], third, self._rated) if first and second else ()

    @cached_property
    def rubric(self) -> Rubric | None:
        """What this candidate is marked on; none before there is a sheet."""
        sheet = next(iter(self.sheets.values()), None)
        return Rubric.kept(sheet.rubric) if sheet else None

    @property
    def failed_critical(self) -> tuple[Criterion, ...]:
        """Critical criteria that the examiners found missed."""
        missed = self.outcome.failed_critical
        return tuple(self.rubric.criterion(key) for key in missed) if missed and self.rubric else ()

    @property
    def waits_for(self) -> tuple[Group, ...]:
        """Groups whose sheets are missing for the score."""
        awaited = self.outcome.waits_for
        return tuple(one for one in self.rubric.groups if one.id in awaited) if awaited and self.rubric else ()

    @cached_property
    def _rated(self) -> dict[str, list[RubricSheet]]:
        return {
            group: [value_of(sheet) for sheet in sheets if sheet.state == SheetState.SIGNED]
            for group, sheets in self.raters.items()
        }

    @cached_property
    def signed(self) -> dict[str, RubricSheet]:
        """The signed sheets by order."""
        found = ((order, self.sheets.get(order)) for order in SheetOrder)
        return {order: value_of(one) for order, one in found if one and one.state == SheetState.SIGNED}

    def progress(self, order: str) -> tuple[int, int]:
        """How many criteria are marked, of how many."""
        value = value_of(self.sheets[order])
        return len(value.marked()), len(value.rubric.criteria)

    def total(self, order: str) -> Decimal | None:
        signed = self.signed.get(order)
        return signed.total() if signed else None


def value_of(sheet: tables.RubricSheet) -> RubricSheet:
    rubric = Rubric.kept(sheet.rubric)
    awarded = {mark.criterion: mark.points.quantize(rubric.step) for mark in sheet.marks if mark.points is not None}
    return RubricSheet(rubric, awarded)


def seat_standing(session: Session, seat: Seat) -> Standing:
    wanted = select(tables.RubricSheet).where(tables.RubricSheet.seat_id == seat.id).order_by(tables.RubricSheet.id)
    return _standing(seat, session.scalars(wanted.execution_options(populate_existing=True)))


def session_standings(session: Session, session_id: int) -> list[Standing]:
    """Of every seat of a practical session, in the order of the seats."""
    seats = session.scalars(select(Seat).where(Seat.session_id == session_id).order_by(Seat.number))
    wanted = select(tables.RubricSheet).join(Seat).where(Seat.session_id == session_id)
    found = session.scalars(wanted.order_by(tables.RubricSheet.seat_id, tables.RubricSheet.id))
    sheets = {seat_id: list(group) for seat_id, group in groupby(found, lambda sheet: sheet.seat_id)}
    return [_standing(seat, sheets.get(seat.id, ())) for seat in seats]


def _standing(seat: Seat, sheets: Iterable[tables.RubricSheet]) -> Standing:
    examining: dict[str, tables.RubricSheet] = {}
    raters: dict[str, list[tables.RubricSheet]] = {}
    for sheet in sheets:
        if sheet.rater_group == EXAMINERS:
            examining[sheet.order] = sheet
        else:
            raters.setdefault(sheet.rater_group, []).append(sheet)
    return Standing(seat, examining, raters)

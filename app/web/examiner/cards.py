"""What the marking page shows: each criterion as a card of bands, and where each candidate stands."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation

from app.models import practical as tables
from app.models.practical import SheetState
from app.practical.marking.rubric import RubricSheet
from app.practical.marking.standing import value_of
from app.schemes.scheme import Area, Criterion, Descriptor
from app.web.presentation import figure


@dataclass(frozen=True)
class Card:
    """One criterion with what is typed for it. Points move in steps inside the band that was chosen."""

    criterion: Criterion
    step: Decimal
    typed: str
    note: str

    @property
    def points(self) -> Decimal | None:
        try:
            points = Decimal(self.typed) if self.typed else None
        except InvalidOperation:
            return None
        return points if points is not None and points.is_finite() else None

    @property
    def band(self) -> Descriptor | None:
        points = self.points
        if points is None:
            return None
        return next((band for band in self.criterion.descriptors if band.low <= points <= band.high), None)

    def middle(self, band: Descriptor) -> Decimal:
        """What a tap on a band gives."""
        return band.low + (band.high - band.low) / 2 // self.step * self.step

    def neighbour(self, steps: int) -> Decimal | None:
        """The points so many steps away, if they lie in the same band."""
        if self.points is None or self.band is None:
            return None
        there = self.points + steps * self.step
        return there if self.band.low <= there <= self.band.high else None


def cards_by_area(
    sheet: tables.RubricSheet, typed: Mapping[str, str] | None = None, notes: Mapping[str, str] | None = None
) -> list[tuple[Area, Decimal, list[Card]]]:
    """Areas with the points given in them and their cards; `typed` and `notes` go before what is stored."""
    value = value_of(sheet)
    shown = {key: str(figure(points)) for key, points in value.awarded.items()} | dict(typed or {})
    said = {mark.criterion: mark.note for mark in sheet.marks} | dict(notes or {})
    return [
        (area, value.of_area(area.name), [_card(value, one, shown, said) for one in _within(value, area)])
        for area in value.rubric.areas
    ]


def _within(value: RubricSheet, area: Area) -> list[Criterion]:
    return [criterion for criterion in value.rubric.criteria if criterion.area == area.name]


def _card(value: RubricSheet, one: Criterion, shown: Mapping[str, str], said: Mapping[str, str]) -> Card:
    return Card(one, value.rubric.step, shown.get(one.id, ""), said.get(one.id, ""))


def stage(sheet: tables.RubricSheet, *, both_signed: bool) -> str:
    """Where a candidate stands in this examiner's list."""
    if sheet.state == SheetState.SIGNED:
        return "both_signed" if both_signed else "signed"
    if sheet.seat.practical_started_at is None:
        return "practical_waiting"
    return "practical_running" if sheet.seat.practical_ended_at is None else "practical_marking"

"""The versions of a signed sheet: as it was signed, and as it stands after each agreed correction."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime
from decimal import Decimal
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.models.marking import SheetVersion, VersionState
from app.models.practical import RubricSheet
from app.practical.marking.standing import value_of

Marks = Mapping[str, tuple[Decimal | None, str]]


def first(session: Session, sheet: RubricSheet, now: datetime) -> SheetVersion:
    """The sheet as it is signed."""
    version = SheetVersion(
        sheet_id=sheet.id, number=1, state=VersionState.STANDS, marks=kept(marks_of(sheet)),
        total=value_of(sheet).total(), asked_by=sheet.examiner_id, asked_at=now, decided_at=now,
    )  # fmt: skip
    session.add(version)
    return version


def versions_of(session: Session, sheet_id: int) -> list[SheetVersion]:
    wanted = select(SheetVersion).where(SheetVersion.sheet_id == sheet_id).order_by(SheetVersion.number)
    return list(session.scalars(wanted.execution_options(populate_existing=True)))


def standing_numbers(session: Session, sheet_ids: Iterable[int]) -> dict[int, int]:
    """Which version of each sheet stands."""
    wanted = select(SheetVersion.sheet_id, SheetVersion.number).where(
        SheetVersion.sheet_id.in_(list(sheet_ids)), SheetVersion.state == VersionState.STANDS
    )
    return {row[0]: row[1] for row in session.execute(wanted)}


def marks_of(sheet: RubricSheet) -> dict[str, tuple[Decimal | None, str]]:
    return {mark.criterion: (mark.points, mark.note) for mark in sheet.marks}


def kept(marks: Marks) -> dict[str, Any]:
    """As a version keeps them."""
    return {key: {"points": None if p is None else f"{p:f}", "note": note} for key, (p, note) in marks.items()}


def of_version(version: SheetVersion) -> dict[str, tuple[Decimal | None, str]]:
    return {
        key: (None if one["points"] is None else Decimal(one["points"]), one["note"])
        for key, one in version.marks.items()
    }

"""Two signed sheets beside one another, criterion by criterion, and what their examiners said about the difference."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.core import audit
from app.core.audit import Actor
from app.core.errors import N_, Refusal
from app.core.texts import check_reason, said
from app.models.marking import PanelTalk
from app.models.practical import SheetState
from app.practical.marking.standing import Standing
from app.schemes.scheme import Criterion


@dataclass(frozen=True)
class Line:
    """One criterion on all signed sheets."""

    criterion: Criterion
    points: dict[str, Decimal]
    """By order."""
    notes: dict[str, str]

    @property
    def apart(self) -> Decimal:
        """How far the first two are from one another."""
        two = [self.points[order] for order in ("first", "second") if order in self.points]
        return abs(two[0] - two[1]) if len(two) == 2 else Decimal(0)


def open_to(standing: Standing, user_id: int) -> bool:
    """Sheets show once the first two are signed, and never to somebody who still has to mark this candidate."""
    unsigned = any(
        sheet.examiner_id == user_id and sheet.state != SheetState.SIGNED for sheet in standing.sheets.values()
    )
    return standing.both_signed and not unsigned


def lines_of(standing: Standing) -> list[Line]:
    signed = standing.signed
    if not signed:
        return []
    notes = {
        order: {mark.criterion: mark.note for mark in standing.sheets[order].marks if mark.note} for order in signed
    }
    return [
        Line(
            criterion,
            {order: sheet.awarded[criterion.id] for order, sheet in signed.items() if criterion.id in sheet.awarded},
            {order: notes[order][criterion.id] for order in signed if criterion.id in notes[order]},
        )
        for criterion in next(iter(signed.values())).rubric.criteria
    ]


def note_talk(session: Session, actor: Actor, standing: Standing, note: str, now: datetime) -> PanelTalk:
    """What was said between the examiners, kept for good."""
    if not standing.both_signed:
        message = N_("The two examiners talk about their sheets once both have signed.")
        raise Refusal("sheets_unsigned", message, status=409)
    if not said(note) or actor.user_id is None:
        raise Refusal("note_missing", N_("Write what was said."))
    check_reason(note)
    talk = PanelTalk(seat_id=standing.seat.id, note=note.strip(), by=actor.user_id, at=now)
    session.add(talk)
    session.flush()
    audit.record(session, "practical:talk", actor, "seat", standing.seat.id, note=talk.note)
    return talk


def talks_of(session: Session, seat_ids: Iterable[int]) -> list[PanelTalk]:
    wanted = select(PanelTalk).where(PanelTalk.seat_id.in_(list(seat_ids))).order_by(PanelTalk.id)
    return list(session.scalars(wanted))

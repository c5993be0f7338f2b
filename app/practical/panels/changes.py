"""What is another now than it was: examiners and turns of a session, before and after, for people to read."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.core import audit
from app.core.audit import Actor
from app.models.practical import RubricSheet
from app.models.registration import Seat
from app.models.stations import ChangeKind, PanelChange
from app.practical.panels.making import TWO
from app.practical.panels.stations import turns_of_session

Key = tuple[int, str]
"""A seat, and an order of examiners or a task."""


def picture(session: Session, session_id: int) -> dict[Key, dict[str, Any]]:
    """Every assignment of a session as it stands."""
    shown: dict[Key, dict[str, Any]] = {}
    wanted = select(RubricSheet).join(Seat).where(Seat.session_id == session_id, RubricSheet.order.in_(TWO))
    for sheet in session.scalars(wanted.execution_options(populate_existing=True)):
        shown[sheet.seat_id, sheet.order] = {"examiner": sheet.examiner.name}
    for turn in turns_of_session(session, session_id):
        shown[turn.seat_id, turn.slot] = {"station": turn.station.name, "at": turn.starts_at.isoformat()}
    return shown


def keep_change(
    session: Session, actor: Actor, session_id: int, kind: ChangeKind, subject: str, reason: str,
    before: Mapping[Key, dict[str, Any]], *, fewest: bool, now: datetime,
) -> PanelChange:  # fmt: skip
    after = picture(session, session_id)
    seats = {seat.id: seat for seat in session.scalars(select(Seat).where(Seat.session_id == session_id))}
    keys = [key for key in {**before, **after} if before.get(key) != after.get(key)]
    lines = [
        {
            "seat": seats[seat_id].number,
            "name": seats[seat_id].application.candidate.name,
            "what": what,
            "before": before.get((seat_id, what)),
            "after": after.get((seat_id, what)),
        }
        for seat_id, what in sorted(keys, key=lambda key: seats[key[0]].number)
    ]
    change = PanelChange(
        session_id=session_id, kind=kind, subject=subject, reason=reason.strip(), lines=lines, fewest=fewest,
        made_by=actor.user_id, at=now,
    )  # fmt: skip
    session.add(change)
    session.flush()
    audit.record(
        session, f"panel:{kind}", actor, "session", session_id,
        about=subject, reason=reason.strip(), changed=len(lines), lines=lines,
    )  # fmt: skip
    return change


def changes_of(session: Session, session_id: int) -> list[PanelChange]:
    """The latest first."""
    wanted = select(PanelChange).where(PanelChange.session_id == session_id)
    return list(session.scalars(wanted.order_by(PanelChange.id.desc()).limit(200)))

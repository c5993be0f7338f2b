"""The events of a room's record: what proctors did, said and noted, and when nothing was heard of whom."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import UTC, datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, String, and_, cast, func, select
from sqlalchemy.orm import Session

from app.delivery import closing
from app.models.account import User
from app.models.audit import AuditLine
from app.models.exam import Attempt
from app.models.registration import Seat
from app.models.watching import Compensation, ConnectionGap, Notice, ServiceOutage
from proctoring import incidents
from proctoring.place import Place

ACTS = (
    "attempt:paused", "attempt:resumed", "attempt:extended", "attempt:voided", "attempt:taken_over",
    "attempt:handed_over", "attempt:lockdown_waived",
)  # fmt: skip
ENDED = "attempt:ended"
COMPENSATED = "attempt:compensated"


def of(session: Session, place: Place, ended: datetime | None, fixed_at: datetime | None) -> dict[str, Any]:
    return {
        "interventions": _interventions(session, place),
        "messages": _messages(session, place),
        "incidents": _incidents(session, place, fixed_at),
        "silences": _silences(session, place),
        "outages": _outages(session, place, ended),
    }


def _interventions(session: Session, place: Place) -> list[dict[str, Any]]:
    """Pauses, extra time, compensation, voided attempts, changes of computer; with reason and who decided."""
    acts = session.execute(
        select(AuditLine, Seat.number)
        .join(Attempt, AuditLine.subject_id == cast(Attempt.id, String))
        .join(Seat, Seat.id == Attempt.seat_id)
        .where(AuditLine.subject == "attempt", place.seats(), AuditLine.tag.in_(ACTS) | _ended_by_proctor())
        .order_by(AuditLine.id)
    )
    found = [
        {"at": _moment(line.at), "seat": seat, "what": line.tag if line.tag in ACTS else ENDED,
         "seconds": int(line.data.get("seconds") or 0),
         "reason": str(line.data.get("reason") or ""), "by": line.actor_name}
        for line, seat in acts if line.data.get("reason") != "absent"
    ]  # fmt: skip
    given = session.execute(
        select(Compensation, Seat.number, User.name)
        .join(Attempt, Attempt.id == Compensation.attempt_id)
        .join(Seat, Seat.id == Attempt.seat_id)
        .outerjoin(User, User.id == Compensation.decided_by)
        .where(place.seats())
        .order_by(Compensation.id)
    )
    lost = [
        {"at": _moment(one.decided_at), "seat": seat, "what": COMPENSATED, "seconds": one.seconds,
         "reason": one.reason, "by": name or ""}
        for one, seat, name in given
    ]  # fmt: skip
    for one in lost:
        _take_out_extension(found, one)
    return sorted([*found, *lost], key=lambda one: (one["at"], one["seat"]))


def _ended_by_proctor() -> ColumnElement[bool]:
    return and_(AuditLine.tag == "attempt:expired", AuditLine.data["how"].astext == closing.BY_PROCTOR)


def _take_out_extension(found: list[dict[str, Any]], lost: dict[str, Any]) -> None:
    """A compensation was given as an extension, which stands in the log as well: the one nearest in time is it."""

    def apart(one: dict[str, Any]) -> timedelta:
        return abs(datetime.fromisoformat(one["at"]) - datetime.fromisoformat(lost["at"]))

    same = [one for one in found if one["what"] == "attempt:extended" and _same(one) == _same(lost)]
    if same:
        found.remove(min(same, key=apart))


def _same(one: dict[str, Any]) -> tuple[Any, ...]:
    return one["seat"], one["seconds"], one["reason"], one["by"]


def _messages(session: Session, place: Place) -> list[dict[str, Any]]:
    query = select(Notice, User.name).outerjoin(User, User.id == Notice.sent_by)
    query = query.where(Notice.session_id == place.exam.id).order_by(Notice.number, Notice.first_seat)
    if place.room:
        query = query.where(Notice.first_seat <= place.room.last_seat, place.room.first_seat <= Notice.last_seat)
    return [
        {"at": _moment(one.sent_at), "seats": [one.first_seat, one.last_seat], "text": one.text, "by": name or ""}
        for one, name in session.execute(query)
    ]


def _incidents(session: Session, place: Place, fixed_at: datetime | None) -> list[dict[str, Any]]:
    found = []
    for entry in incidents.of_place(session, place, most=None):
        one = entry.incident
        settled = one.resolved_at is not None and (fixed_at is None or one.resolved_at <= fixed_at)
        found.append({
            "number": one.id, "at": _moment(one.happened_at), "recorded": _moment(one.recorded_at), "seat": entry.seat,
            "name": entry.candidate, "category": one.category, "severity": one.severity, "position": one.position,
            "description": one.description, "by": entry.recorder, "witness": entry.witness,
            "evidence": [[file.filename, file.sha256] for file in entry.evidence],
            "resolution": one.resolution if settled else None,
        })  # fmt: skip
    return sorted(found, key=lambda one: (one["at"], one["number"]))


def _silences(session: Session, place: Place) -> list[dict[str, Any]]:
    """By seat: how often nothing was heard of a running attempt, and for how long."""
    length = func.extract("epoch", ConnectionGap.until_at - ConnectionGap.from_at)
    rows = session.execute(
        select(Seat.number, func.count(), func.sum(length), func.max(length))
        .join(Attempt, Attempt.seat_id == Seat.id)
        .join(ConnectionGap, ConnectionGap.attempt_id == Attempt.id)
        .where(place.seats())
        .group_by(Seat.number)
        .order_by(Seat.number)
    )
    return [{"seat": s, "times": count, "seconds": int(total), "longest": int(most)} for s, count, total, most in rows]


def _outages(session: Session, place: Place, ended: datetime | None) -> list[list[str | None]]:
    opened = place.opened_at or place.exam.opened_at
    if opened is None or ended is None:
        return []
    query = select(ServiceOutage).where(ServiceOutage.until_at > opened, ServiceOutage.from_at < ended)
    rows: Iterable[ServiceOutage] = session.scalars(query.order_by(ServiceOutage.from_at))
    return [[_moment(one.from_at), _moment(one.until_at)] for one in rows]


def _moment(at: datetime | None) -> str | None:
    return at.astimezone(UTC).isoformat() if at else None

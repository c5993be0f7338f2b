"""Anchor candidates: the registrar sets what experts agreed on before anybody signs; the seat then has no result."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime
from decimal import Decimal

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.core import audit
from app.core.audit import Actor
from app.core.errors import N_, NotFound, Refusal
from app.core.texts import check_reason, said
from app.models.agreement import Anchor
from app.models.practical import RubricSheet, SheetState
from app.models.registration import ExamSession, Part, Seat
from app.practical.forms.forms import rubric_in_force
from app.practical.marking.rubric import Rubric
from app.practical.sittings import locked_sitting, refuse_if_over


def anchors_of(session: Session, session_ids: Iterable[int]) -> dict[int, Anchor]:
    """By seat."""
    wanted = select(Anchor).join(Seat, Seat.id == Anchor.seat_id).where(Seat.session_id.in_(list(session_ids)))
    return {anchor.seat_id: anchor for anchor in session.scalars(wanted)}


def known_points(anchor: Anchor) -> dict[str, Decimal]:
    return {key: Decimal(points) for key, points in anchor.points.items()}


def rubric_for(session: Session, sitting: ExamSession) -> Rubric:
    """What the session's candidates are marked on, or will be."""
    first = session.scalar(
        select(RubricSheet).join(Seat).where(Seat.session_id == sitting.id).order_by(RubricSheet.id).limit(1)
    )
    return Rubric.kept(first.rubric) if first else rubric_in_force(session, sitting.scheme, sitting.level)


def set_anchor(
    session: Session, actor: Actor, session_id: int, seat_id: int, points: Mapping[str, object], *, reason: str,
    now: datetime,
) -> Anchor:  # fmt: skip
    """The experts' points for every criterion; setting them again replaces them."""
    sitting, seat = _changeable(session, session_id, seat_id)
    if not said(reason) or actor.user_id is None:
        raise Refusal("reason_missing", N_("Say who agreed on these points and on what performance."))
    check_reason(reason)
    _refuse_real(session, seat)
    given = _checked(rubric_for(session, sitting), points)
    anchor = session.get(Anchor, seat_id) or Anchor(seat_id=seat_id)
    anchor.points = {key: f"{value:f}" for key, value in given.items()}
    anchor.reason, anchor.set_by, anchor.at = reason.strip(), actor.user_id, now
    session.add(anchor)
    session.flush()
    audit.record(session, "anchor:set", actor, "seat", seat_id, points=anchor.points, reason=anchor.reason)
    return anchor


def remove_anchor(session: Session, actor: Actor, session_id: int, seat_id: int) -> None:
    """The candidate is one like all others again."""
    _changeable(session, session_id, seat_id)
    anchor = session.get(Anchor, seat_id)
    if anchor is None:
        raise NotFound()
    session.delete(anchor)
    session.flush()
    audit.record(session, "anchor:removed", actor, "seat", seat_id, points=anchor.points, reason=anchor.reason)


def _changeable(session: Session, session_id: int, seat_id: int) -> tuple[ExamSession, Seat]:
    """Only before a sheet is signed: points set afterwards would be no standard to hold anybody against."""
    sitting = locked_sitting(session, session_id)
    seat = session.get(Seat, seat_id)
    if seat is None or seat.session_id != session_id:
        raise NotFound()
    refuse_if_over(sitting)
    signed = select(RubricSheet.id).where(RubricSheet.seat_id == seat_id, RubricSheet.state == SheetState.SIGNED)
    if session.scalar(signed.limit(1)) is not None:
        message = N_("A sheet of seat %(seat)s is signed. Whether it is an anchor is settled before anybody signs.")
        raise Refusal("anchor_signed", message, status=409, seat=seat.number)
    return sitting, seat


def _refuse_real(session: Session, seat: Seat) -> None:
    """Somebody who sits the theory too wants a certificate, and an anchor gets none."""
    if seat.application.demonstration:
        return
    theory = select(Seat.id).join(ExamSession).where(
        Seat.application_id == seat.application_id, ExamSession.part == Part.THEORY
    )  # fmt: skip
    if session.scalar(theory.limit(1)) is not None:
        message = N_(
            "Seat %(seat)s belongs to somebody who sits the theory exam as well. An anchor gets no result; seat a"
            " standard candidate for it."
        )
        raise Refusal("anchor_is_candidate", message, status=409, seat=seat.number)


def _checked(rubric: Rubric, points: Mapping[str, object]) -> dict[str, Decimal]:
    given = {
        rubric.criterion(key).id: rubric.points(key, value) for key, value in points.items() if value not in (None, "")
    }
    missing = [criterion for criterion in rubric.criteria if criterion.id not in given]
    if missing:
        message = N_("The experts' points of %(criteria)s are missing. An anchor has points for every criterion.")
        names = "、".join(f"{one.id} {one.name}" for one in missing[:5])
        raise Refusal(
            "anchor_incomplete", message, details={"missing": [one.id for one in missing]}, criteria=names
        )  # fmt: skip
    return {criterion.id: given[criterion.id] for criterion in rubric.criteria}

"""Turns an allocation into sheets: keeps those that marks hang on, replaces the others, makes what is missing."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from collections.abc import Set as AbstractSet
from contextlib import suppress
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session, defer

from app.core import audit
from app.core.audit import Actor
from app.core.errors import N_, Refusal
from app.models.account import User
from app.models.practical import RubricSheet, SheetOrder, SheetState
from app.models.registration import ExamSession, Seat, SessionState
from app.practical.forms.forms import form_in_force, rubric_in_force
from app.practical.marking.discarding import discard
from app.practical.marking.raters import add_self_sheets
from app.practical.marking.rubric import Rubric
from app.practical.panels.allocation import Kept, Pair, allocate
from app.practical.panels.day_roster import absent_seats, has_stations, is_timed, keep_turns, named, solved
from app.practical.sittings import practical_part
from app.registration.avoidance import forbidden_pairs
from app.schemes.scheme import PracticalPart

TWO = (SheetOrder.FIRST, SheetOrder.SECOND)
Ties = AbstractSet[tuple[int, int]]


def make_sheets(
    session: Session, actor: Actor, sitting: ExamSession, panel: Sequence[User], *, renew: bool = True,
    now: datetime | None = None,
) -> dict[int, Pair]:  # fmt: skip
    """First and second sheet for every seat, marked by people of `panel`; with stations also everybody's turns.

    With `renew` only what marks hang on stays; without, a whole and rightful allocation stays as it is. Where there
    are stations, as little changes as can be. Who was found absent needs nobody.
    """
    return _made(session, actor, sitting, panel, renew=renew, now=now, least=False)[0]


def make_again(
    session: Session, actor: Actor, sitting: ExamSession, panel: Sequence[User], now: datetime | None
) -> bool:
    """With as little changed as can be; whether it is proved that no less would do."""
    return _made(session, actor, sitting, panel, renew=True, now=now, least=True)[1]


def fresh_sheets(session: Session, sitting: ExamSession, wanted: Mapping[tuple[int, SheetOrder], int]) -> None:
    """Empty sheets for these examiners, made from what the session's other sheets were made from."""
    rubric, form_id = _made_from(session, sitting, _sheets(session, sitting))
    stored = rubric.to_keep()
    session.add_all(
        RubricSheet(seat_id=seat_id, examiner_id=examiner, order=order, rubric=stored, form_id=form_id)
        for (seat_id, order), examiner in wanted.items()
    )
    session.flush()


def _made(
    session: Session, actor: Actor, sitting: ExamSession, panel: Sequence[User], *, renew: bool,
    now: datetime | None, least: bool,
) -> tuple[dict[int, Pair], bool]:  # fmt: skip
    absent = absent_seats(session, sitting.id)
    every = session.scalars(select(Seat).where(Seat.session_id == sitting.id).order_by(Seat.number))
    seats = [seat for seat in every if seat.id not in absent]
    if not seats:
        message = N_("The session has no candidates yet. Add candidates, then allocate their examiners.")
        raise Refusal("session_empty", message, status=409)
    sheets = _sheets(session, sitting)
    ties = forbidden_pairs(session, seats, _everyone(panel, sheets))
    ids = [user.id for user in panel]
    part = practical_part(sitting)
    if not renew and (standing := _whole(seats, sheets, ids, ties)) and is_timed(session, sitting, seats):
        return standing, True
    kept = {seat.id: _kept([s for s in sheets if s.seat_id == seat.id and _stays(s, ties)]) for seat in seats}
    if has_stations(session, sitting.id):
        plan, fewest = _timed(session, sitting, ids, seats, ties, kept, now)
    else:
        fewest = False
        plan = _least(seats, sheets, ids, ties, kept, part) if least else _planned(seats, ids, ties, kept, part)
    sheets = [sheet for sheet in sheets if sheet.seat_id not in absent]
    _apply(session, actor, sheets, plan, _made_from(session, sitting, sheets))
    add_self_sheets(session, actor, sitting)
    if sitting.state == SessionState.PLANNED:
        sitting.state = SessionState.PREPARED
    chosen = {seat.number: [plan[seat.id].first, plan[seat.id].second] for seat in seats}
    audit.record(session, "session:allocated", actor, "session", sitting.id, seats=chosen)
    return plan, fewest


def _made_from(session: Session, sitting: ExamSession, sheets: Sequence[RubricSheet]) -> tuple[Rubric, int | None]:
    """What the session's sheets were made from already, so that all its candidates are marked alike; else the form."""
    if sheets:
        return Rubric.kept(sheets[0].rubric), sheets[0].form_id
    form = form_in_force(session, sitting.scheme, sitting.level)
    return rubric_in_force(session, sitting.scheme, sitting.level), form.id if form else None


def has_marks(sheet: RubricSheet) -> bool:
    return sheet.state == SheetState.SIGNED or sheet.revision > 0


def _planned(
    seats: Sequence[Seat], panel: Sequence[int], ties: Ties, kept: dict[int, Kept], part: PracticalPart
) -> dict[int, Pair]:
    """The allocation; a refusal names the seats instead of their rows."""
    try:
        return allocate([seat.id for seat in seats], panel, ties, part.max_first, part.max_second, kept=kept)
    except Refusal as refusal:
        numbers = {seat.id: seat.number for seat in seats}
        names = {seat.id: f"{seat.number} {seat.application.candidate.name}" for seat in seats}
        if "candidate" in refusal.params:
            refusal.params["candidate"] = names[refusal.params["candidate"]]
            refusal.details["seats"] = [numbers[one] for one in refusal.details.pop("candidates")]
        raise


def _timed(
    session: Session, sitting: ExamSession, panel: Sequence[int], seats: Sequence[Seat], ties: Ties,
    kept: dict[int, Kept], now: datetime | None,
) -> tuple[dict[int, Pair], bool]:  # fmt: skip
    begun = {seat for seat, one in kept.items() if one.held()}
    begun |= {seat.id for seat in seats if seat.practical_started_at is not None}
    held = {(seat, examiner) for seat, one in kept.items() for examiner in one.held()}
    try:
        roster, fewest = solved(session, sitting, panel, seats, ties - held, begun, now)
    except Refusal as refusal:
        raise named(refusal, seats) from refusal
    keep_turns(session, sitting, roster)
    return {seat: Pair(one.first, one.second) for seat, one in roster.items()}, fewest


def _least(
    seats: Sequence[Seat], sheets: Sequence[RubricSheet], panel: Sequence[int], ties: Ties,
    kept: dict[int, Kept], part: PracticalPart,
) -> dict[int, Pair]:  # fmt: skip
    """All that is rightful stays if the others can be filled in; else only what marks hang on."""
    rightful = {
        seat.id: _kept(
            one
            for one in sheets
            if one.seat_id == seat.id
            and (_stays(one, ties) or (one.examiner_id in panel and (seat.id, one.examiner_id) not in ties))
        )
        for seat in seats
    }
    with suppress(Refusal):
        return _planned(seats, panel, ties, rightful, part)
    return _planned(seats, panel, ties, kept, part)


def _sheets(session: Session, sitting: ExamSession) -> list[RubricSheet]:
    wanted = select(RubricSheet).join(Seat).where(Seat.session_id == sitting.id, RubricSheet.order.in_(TWO))
    return list(session.scalars(wanted.options(defer(RubricSheet.rubric)).order_by(RubricSheet.id)))


def _everyone(panel: Sequence[User], sheets: Iterable[RubricSheet]) -> list[User]:
    return [*panel, *(sheet.examiner for sheet in sheets)]


def _stays(sheet: RubricSheet, ties: Ties) -> bool:
    """A signed sheet always; one in work, or of a candidate being examined, unless a tie came to light."""
    if sheet.state == SheetState.SIGNED:
        return True
    untied = (sheet.seat_id, sheet.examiner_id) not in ties
    return untied and (has_marks(sheet) or sheet.seat.practical_started_at is not None)


def _kept(sheets: Iterable[RubricSheet]) -> Kept:
    by_order = {sheet.order: sheet.examiner_id for sheet in sheets}
    return Kept(by_order.get(SheetOrder.FIRST), by_order.get(SheetOrder.SECOND))


def _whole(
    seats: Sequence[Seat], sheets: Sequence[RubricSheet], panel: Sequence[int], ties: Ties
) -> dict[int, Pair] | None:
    """The allocation as it stands, if every seat has two examiners who are here (or have marked) and free of ties."""
    untied = (sheet for sheet in sheets if (sheet.seat_id, sheet.examiner_id) not in ties)
    rightful = [sheet for sheet in untied if sheet.examiner_id in panel or has_marks(sheet)]
    held = {seat.id: _kept([s for s in rightful if s.seat_id == seat.id]) for seat in seats}
    pairs = {
        seat_id: Pair(one.first, one.second)
        for seat_id, one in held.items()
        if one.first is not None and one.second is not None
    }
    return pairs if len(pairs) == len(seats) else None


def _apply(
    session: Session, actor: Actor, sheets: Sequence[RubricSheet], plan: dict[int, Pair],
    made_from: tuple[Rubric, int | None],
) -> None:  # fmt: skip
    standing = {(sheet.seat_id, sheet.order): sheet for sheet in sheets}
    wanted = {
        (seat_id, order): examiner
        for seat_id, pair in plan.items()
        for order, examiner in zip(TWO, (pair.first, pair.second), strict=True)
    }
    for key, sheet in list(standing.items()):
        if wanted.get((sheet.seat_id, SheetOrder(sheet.order))) != sheet.examiner_id:
            discard(session, actor, sheet)
            del standing[key]
    session.flush()
    stored, form_id = made_from[0].to_keep(), made_from[1]
    session.add_all(
        RubricSheet(seat_id=seat_id, examiner_id=examiner, order=order, rubric=stored, form_id=form_id)
        for (seat_id, order), examiner in wanted.items()
        if (seat_id, order) not in standing
    )
    session.flush()

"""The panel of a practical as it is set up: stations, rules, head, pairs, everybody's turns."""

from __future__ import annotations

from dataclasses import asdict
from datetime import datetime
from typing import Annotated

from pydantic import Field

from app.accounts.permissions import Permission
from app.core import clock
from app.core.db import db
from app.models.stations import PracticalStation
from app.practical.forms import renewing
from app.practical.marking.heads import head_of
from app.practical.marking.standing import session_standings
from app.practical.panels import assigning, stations
from app.practical.panels.stations import RulesWanted, StationWanted
from app.practical.sittings import practical_session
from app.web.access import principal
from app.web.api.operation import Body, operation
from app.web.api.panel_changes import ChangeShown, Reason, shown
from app.web.api.session_shapes import RowId

SlotId = Annotated[str, Field(min_length=1, max_length=80)]


class StationBody(Body):
    name: str = Field(min_length=1, max_length=stations.LONGEST_NAME)
    slots: list[SlotId] = Field(min_length=1, max_length=50)
    places: int = Field(1, ge=1, le=stations.MOST_PLACES, strict=True)


class StationsBody(Body):
    stations: list[StationBody] = Field(max_length=stations.MOST_STATIONS)


class RulesBody(Body):
    """Minutes an examiner attends without a rest, the rest, the gap between two tasks (left out: the scheme's);
    candidates on site at once (left out: the site's places)."""

    attend_minutes: int | None = Field(None, ge=1, le=stations.LONGEST_RULE, strict=True)
    rest_minutes: int | None = Field(None, ge=0, le=stations.LONGEST_RULE, strict=True)
    gap_minutes: int | None = Field(None, ge=0, le=stations.LONGEST_RULE, strict=True)
    people_at_once: int | None = Field(None, ge=1, le=100_000, strict=True)


class RulesShown(Body):
    attend_minutes: int
    rest_minutes: int
    gap_minutes: int
    people_at_once: int | None


class HeadBody(Body):
    user: RowId | None = Field(description="null: nobody heads the panel")


class PairBody(Body):
    first: RowId
    second: RowId
    reason: Reason


class FormUsed(Body):
    sheets: int = Field(description="How many sheets were made anew")


class StationShown(Body):
    id: int
    name: str
    slots: list[str]
    places: int
    out_of_order_at: datetime | None


class TurnShown(Body):
    slot: str
    station: int
    place: int
    starts_at: datetime
    minutes: int


class SeatShown(Body):
    id: int
    number: int
    candidate: str
    first: int | None
    second: int | None
    turns: list[TurnShown]


class PanelShown(Body):
    stations: list[StationShown]
    rules: RulesShown
    head: int | None
    seats: list[SeatShown]


@operation("GET", "/sessions/<id:session_id>/panel", Permission.READ_SESSIONS,
           "Stations, rules, head, and everybody's examiners and turns", returns=PanelShown, errors=(404,))  # fmt: skip
def show(session_id: int) -> PanelShown:
    practical_session(db.session(), session_id)
    return _panel(session_id)


@operation("PUT", "/sessions/<id:session_id>/panel/stations", Permission.PLAN_SESSIONS,
           "These stations and no others; turns then wait for the next allocation", body=StationsBody,
           returns=PanelShown, errors=(404, 409))  # fmt: skip
def set_stations(session_id: int, body: StationsBody) -> PanelShown:
    wanted = [StationWanted(one.name, tuple(one.slots), one.places) for one in body.stations]
    stations.set_stations(db.session(), principal().actor, session_id, wanted, clock.now())
    db.session.commit()
    return _panel(session_id)


@operation("PUT", "/sessions/<id:session_id>/panel/rules", Permission.PLAN_SESSIONS,
           "Rests, gaps and how many candidates are let in at once", body=RulesBody, returns=RulesShown,
           errors=(404, 409))  # fmt: skip
def set_rules(session_id: int, body: RulesBody) -> RulesShown:
    rules = stations.set_rules(db.session(), principal().actor, session_id, RulesWanted(**body.model_dump()))
    db.session.commit()
    return RulesShown(**asdict(rules))


@operation("PUT", "/sessions/<id:session_id>/panel/head", Permission.PLAN_SESSIONS, "Who heads the panel",
           body=HeadBody, returns=HeadBody, errors=(404, 409))  # fmt: skip
def set_head(session_id: int, body: HeadBody) -> HeadBody:
    assigning.set_head(db.session(), principal().actor, session_id, body.user)
    db.session.commit()
    return body


@operation("PUT", "/sessions/<id:session_id>/panel/seats/<id:seat_id>", Permission.PLAN_SESSIONS,
           "First and second examiner of one seat, by hand", body=PairBody, returns=ChangeShown,
           errors=(404, 409))  # fmt: skip
def assign(session_id: int, seat_id: int, body: PairBody) -> ChangeShown:
    change = assigning.assign_pair(
        db.session(), principal().actor, session_id, seat_id, (body.first, body.second), reason=body.reason,
        now=clock.now(),
    )  # fmt: skip
    db.session.commit()
    return shown(change)


@operation("POST", "/sessions/<id:session_id>/panel/form", Permission.PLAN_SESSIONS,
           "Mark the session on the sheet in force now, as long as nobody has begun", returns=FormUsed,
           errors=(404, 409))  # fmt: skip
def use_form(session_id: int) -> FormUsed:
    practical_session(db.session(), session_id)
    sheets = renewing.use_new_form(db.session(), principal().actor, session_id)
    db.session.commit()
    return FormUsed(sheets=sheets)


def _panel(session_id: int) -> PanelShown:
    session = db.session()
    turns: dict[int, list[TurnShown]] = {}
    for turn in stations.turns_of_session(session, session_id):
        turns.setdefault(turn.seat_id, []).append(
            TurnShown(
                slot=turn.slot,
                station=turn.station_id,
                place=turn.place,
                starts_at=turn.starts_at,
                minutes=turn.minutes,
            )
        )
    rules = stations.rules_of(session, practical_session(session, session_id))
    seats = []
    for one in session_standings(session, session_id):
        first, second = (one.sheets.get(order) for order in ("first", "second"))
        seats.append(
            SeatShown(
                id=one.seat.id,
                number=one.seat.number,
                candidate=one.seat.application.candidate.name,
                first=first.examiner_id if first else None,
                second=second.examiner_id if second else None,
                turns=turns.get(one.seat.id, []),
            )
        )
    return PanelShown(
        stations=[_station(one) for one in stations.stations_of(session, session_id)],
        rules=RulesShown(
            attend_minutes=rules.attend_minutes, rest_minutes=rules.rest_minutes, gap_minutes=rules.gap_minutes,
            people_at_once=rules.people_at_once,
        ),
        head=head_of(session, session_id),
        seats=seats,
    )  # fmt: skip


def _station(one: PracticalStation) -> StationShown:
    return StationShown(
        id=one.id, name=one.name, slots=list(one.slots), places=one.places, out_of_order_at=one.out_of_order_at
    )

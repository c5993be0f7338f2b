"""What tablets send of a sheet, and what stands on it afterwards. Any order, any number of copies: the same sheet."""

from __future__ import annotations

from datetime import datetime
from decimal import Decimal
from typing import Annotated, Any, Literal
from uuid import UUID

from pydantic import Field, StringConstraints

from app.accounts.permissions import Permission
from app.core import clock
from app.core.db import db
from app.core.errors import N_, Refusal
from app.models import practical as tables
from app.models.discarded import DiscardedSheet
from app.practical.marking import discarding, entries, sheets
from app.practical.marking.entry_checks import LONGEST_NOTE
from app.practical.marking.merging import SERVER, Entry, digest_of
from app.practical.marking.standing import value_of
from app.practical.tasks.drawn import tasks_of_sheet
from app.practical.tasks.proposed import proposed_for
from app.web.access import principal
from app.web.api.operation import Body, operation
from app.web.api.sheets import Made, Points

MOST_AT_ONCE = 200


class EntrySent(Body):
    seq: int = Field(ge=1, le=2**53 - 1, strict=True, description="Counted by the tablet from 1")
    stamp: int = Field(ge=1, le=2**53 - 1, strict=True, description="Above every stamp the tablet has seen")
    kind: Literal["points", "note", "begin", "end", "undo"] = Field(
        description="`undo` takes back a beginning tapped by mistake; its note says why"
    )
    key: Annotated[str, StringConstraints(max_length=80)] = Field(
        "", description="Criterion or deduction; for begin and end a task, or empty for the whole practical"
    )
    points: Points = Field(None, description="Null takes the points away again")
    note: Annotated[str, StringConstraints(max_length=LONGEST_NOTE)] | None = None
    made_at: Made | None = None


class EntriesBody(Body):
    """An empty list only asks what stands."""

    device: UUID = Field(description="Of the tablet's choice; numbers entries together with `seq`")
    entries: list[EntrySent] = Field(max_length=MOST_AT_ONCE)


class TaskTimes(Body):
    slot: str
    minutes: int
    began_at: datetime | None
    ended_at: datetime | None


class StandsAnswer(Body):
    sheet: int
    state: str
    revision: int
    marks: dict[str, Decimal]
    notes: dict[str, str]
    proposals: dict[str, Decimal]
    total: Decimal
    missing: list[str]
    began_at: datetime | None
    ended_at: datetime | None
    tasks: list[TaskTimes]
    stamp: int = Field(description="The highest there is; the tablet's next one is above it")
    digest: str = Field(description="Of all that stands; who signs names the one they saw")
    kept_late: int = Field(
        description="Of this batch: came after signing or closing, or when another examiner had taken over (state"
        " `discarded`); kept but without effect"
    )
    signed_at: datetime | None
    server_time: datetime


@operation(
    "POST", "/sheets/<id:sheet_id>/entries", Permission.MARK_PRACTICAL, "What a tablet kept; replays are harmless",
    body=EntriesBody, returns=StandsAnswer, errors=(409,),
)  # fmt: skip
def receive(sheet_id: int, body: EntriesBody) -> StandsAnswer:
    if body.device == SERVER:
        raise Refusal("device_invalid", N_("A tablet needs a number of its own. Draw a random UUID."))
    who, session, now = principal(), db.session(), clock.now()
    sent = [_entry(body.device, one) for one in body.entries]
    gone = discarding.own_discarded(session, sheet_id, who.user_id)
    if gone is not None:
        new = discarding.keep_late(session, who.actor, gone, sent, now)
        session.commit()
        return _gone(gone, now, new)
    if sent:
        taken = entries.take_in(session, who.actor, sheet_id, who.user_id, sent, now)
        session.commit()
        return stands(taken.sheet, now, taken.new if taken.late else 0)
    return stands(sheets.own_sheet(session, sheet_id, who.user_id), now)


def stands(sheet: tables.RubricSheet, now: datetime, kept_late: int = 0) -> StandsAnswer:
    session, value = db.session(), value_of(sheet)
    return StandsAnswer(
        sheet=sheet.id,
        state=sheet.state,
        revision=sheet.revision,
        marks=dict(value.awarded),
        notes={mark.criterion: mark.note for mark in sheet.marks if mark.note},
        proposals={key: one.points for key, one in proposed_for(session, sheet).items()},
        total=value.total(),
        missing=[criterion.id for criterion in value.missing()],
        began_at=sheet.seat.practical_started_at,
        ended_at=sheet.seat.practical_ended_at,
        tasks=[
            TaskTimes(slot=one.slot, minutes=one.minutes, began_at=one.started_at, ended_at=one.ended_at)
            for one in tasks_of_sheet(session, sheet)
        ],
        stamp=entries.highest_stamp(session, sheet.id),
        digest=sheets.seen_digest(sheet),
        kept_late=kept_late,
        signed_at=sheet.signed_at,
        server_time=now,
    )


def _gone(sheet: DiscardedSheet, now: datetime, kept_late: int) -> StandsAnswer:
    """Of a sheet taken out of work: nothing stands on it, what its tablet sends is kept."""
    return StandsAnswer(
        sheet=sheet.sheet_id, state="discarded", revision=0, marks={}, notes={}, proposals={}, total=Decimal(0),
        missing=[], began_at=None, ended_at=None, tasks=[], stamp=0, digest=digest_of(sheet.sheet_id, {}),
        kept_late=kept_late, signed_at=None, server_time=now,
    )  # fmt: skip


def _entry(device: UUID, one: EntrySent) -> Entry:
    points: Any = one.points  # checked against the sheet, which knows what it may be
    return Entry(device, one.seq, one.stamp, one.kind, one.key, points, one.note, one.made_at)

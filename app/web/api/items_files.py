"""Items in files: in as drafts, out as what is in the bank."""

from __future__ import annotations

import base64
from collections.abc import Mapping
from typing import Annotated, Any, Literal

from flask_babel import gettext
from pydantic import Base64Bytes, Field

from app.accounts.permissions import Permission
from app.core import clock
from app.core.db import db
from app.web.access import principal
from app.web.api.item_search_shapes import ItemFilter
from app.web.api.operation import Body, operation
from question_bank.file_problems import BankInvalid
from question_bank.formats.values import Defaults
from question_bank.workshop import files
from question_bank.workshop.finding import find_ids
from question_bank.workshop.wanted import Wanted

Format = Literal["yaml", "excel", "qti21", "qti22", "qti30", "moodle", "gift", "aiken"]


class ImportBody(Body):
    """What the file itself does not say of its items is taken from here."""

    name: Annotated[str, Field(min_length=1, max_length=200)]
    content: Annotated[Base64Bytes, Field(max_length=28 * 2**20, description="In Base64")]
    format: Format | None = Field(None, description="Otherwise by the file's name and look")
    scheme: Annotated[str, Field(max_length=80)] = ""
    level: Annotated[str, Field(max_length=40)] = ""
    row: Annotated[str, Field(max_length=40)] = ""
    work_content: Annotated[str, Field(max_length=80)] = ""
    prefix: Annotated[str, Field(max_length=40, description="Of the codes of items that have none")] = ""
    dry_run: bool = False


class Note(Body):
    file: str | None
    line: int | None
    item: str | None
    field: str | None
    reason: str


class ImportAnswer(Body):
    items: int
    new: int
    revised: int
    unchanged: int
    enemies_added: int
    missing: list[Note] = Field(description="What the drafts still need")
    losses: list[Note] = Field(description="What of the file could not be taken over")
    dry_run: bool


class ExportBody(ItemFilter):
    """The same filter as the list's; its page does not count."""

    format: Format = "yaml"


class ExportAnswer(Body):
    name: str
    content: str = Field(description="In Base64")
    losses: list[Note] = Field(description="What the format could not carry")


@operation("POST", "/items/import", Permission.EDIT_ITEMS, "Items of a file as drafts; all or none", body=ImportBody,
           returns=ImportAnswer, errors=(404, 409))  # fmt: skip
def receive(body: ImportBody) -> ImportAnswer:
    defaults = Defaults(body.scheme, body.level, body.row, body.work_content, body.prefix)
    session, actor = db.session(), principal().actor
    try:
        got = files.receive(session, actor, body.name, body.content, clock.now(), defaults, body.format)
    except BankInvalid as refusal:
        told = [_note(one.place(), one.message, one.params).model_dump() for one in refusal.problems]
        refusal.details = {"problems": told}
        raise
    if body.dry_run:
        db.session.rollback()
    else:
        db.session.commit()
    return ImportAnswer(
        items=got.items, new=got.taken.new, revised=got.taken.revised, unchanged=got.taken.unchanged,
        enemies_added=got.taken.enemies_added, dry_run=body.dry_run,
        missing=[_note(one.place(), one.message, one.params) for one in got.missing],
        losses=[_note(one.place(), one.message, one.params) for one in got.losses],
    )  # fmt: skip


@operation("POST", "/items/export", Permission.READ_BANK, "The newest versions of what fits, keys included",
           body=ExportBody, returns=ExportAnswer)  # fmt: skip
def send(body: ExportBody) -> ExportAnswer:
    wanted = Wanted(**body.model_dump(exclude={"page", "format"}))
    made = files.send(db.session(), principal().actor, body.format, find_ids(db.session(), wanted, files.MOST_OUT))
    db.session.commit()
    notes = [_note(one.place(), one.message, one.params) for one in made.losses]
    return ExportAnswer(name=made.name, content=base64.b64encode(made.content).decode(), losses=notes)


def _note(place: Mapping[str, Any], message: str, params: Mapping[str, Any]) -> Note:
    words = str(gettext(message))
    told = {name: place.get(name) for name in ("file", "line", "item", "field")}
    return Note(**told, reason=words % params if params else words)

"""One act on many items: what would happen, then exactly that."""

from __future__ import annotations

from typing import Annotated

from pydantic import Field

from app.accounts.permissions import Permission
from app.core import clock
from app.core.db import db
from app.core.errors import Refusal
from app.web.access import check, principal
from app.web.api.operation import Body, operation
from app.web.api.session_shapes import RowId
from app.web.errors import render
from question_bank.workshop import bulk
from question_bank.workshop.bulk import Act

NEEDS = {
    Act.SUBMIT: Permission.EDIT_ITEMS,
    Act.APPROVE: Permission.REVIEW_ITEMS,
    Act.PUT_IN_USE: Permission.REVIEW_ITEMS,
    Act.RETIRE: Permission.REVIEW_ITEMS,
    Act.REINSTATE: Permission.REVIEW_ITEMS,
    Act.COMPROMISE: Permission.WITHDRAW_ITEMS,
}


class BulkBody(Body):
    act: Act
    items: Annotated[list[RowId], Field(min_length=1, max_length=bulk.MOST)]
    reason: Annotated[str, Field(max_length=500)] = ""


class BulkRun(BulkBody):
    token: Annotated[str, Field(max_length=100, description="From the preview")]


class BulkLine(Body):
    item: int
    code: str
    happens: bool
    words: str
    refusal: str


class BulkAnswer(Body):
    act: Act
    token: str
    happening: int
    lines: list[BulkLine]


@operation("POST", "/items/bulk/preview", Permission.WORK_ON_ITEMS, "What would happen to each, or why not",
           body=BulkBody, returns=BulkAnswer, errors=(404,))  # fmt: skip
def preview(body: BulkBody) -> BulkAnswer:
    check(NEEDS[body.act])
    return _answer(bulk.preview(db.session(), principal().actor, body.act, body.items, body.reason))


@operation("POST", "/items/bulk", Permission.WORK_ON_ITEMS, "Do what the preview said; 409 if anything changed since",
           body=BulkRun, returns=BulkAnswer, errors=(404, 409))  # fmt: skip
def run(body: BulkRun) -> BulkAnswer:
    check(NEEDS[body.act])
    actor = principal().actor
    done = bulk.run(db.session(), actor, body.act, body.items, body.token, clock.now(), body.reason)
    db.session.commit()
    return _answer(done)


def words(line: bulk.Line) -> str:
    """The sentence of a line in the reader's language."""
    return render(Refusal(line.refusal, line.message, **line.params))


def _answer(found: bulk.Preview) -> BulkAnswer:
    lines = [
        BulkLine(item=one.item_id, code=one.code, happens=one.happens, words=words(one), refusal=one.refusal)
        for one in found.lines
    ]
    return BulkAnswer(act=found.act, token=found.token, happening=len(found.happening), lines=lines)

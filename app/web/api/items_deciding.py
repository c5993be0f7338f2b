"""Deciding about items: reviewers' verdicts, use, retirement, and what became known outside."""

from __future__ import annotations

from app.accounts.permissions import Permission
from app.core import clock
from app.core.db import db
from app.models.bank import Item
from app.web.access import principal
from app.web.api.item_shapes import (
    ItemRef,
    ReasonShape,
    RevisionAnswer,
    SeenShape,
    SendingBack,
    revision_answer,
)
from app.web.api.items import PaperList, paper_list, reference
from app.web.api.items_writing import seen
from app.web.api.operation import operation
from question_bank.workshop import compromise, reading, review, use


@operation("POST", "/items/<id:item_id>/approve", Permission.REVIEW_ITEMS,
           "Approve the edition you read, if you wrote nothing of it", body=SeenShape, returns=RevisionAnswer,
           errors=(404, 409))  # fmt: skip
def approve(item_id: int, body: SeenShape) -> RevisionAnswer:
    made = review.approve(db.session(), principal().actor, item_id, seen(body), clock.now())
    db.session.commit()
    return revision_answer(made)


@operation("POST", "/items/<id:item_id>/send-back", Permission.REVIEW_ITEMS, "Back to its authors, with the reason",
           body=SendingBack, returns=RevisionAnswer, errors=(404, 409))  # fmt: skip
def send_back(item_id: int, body: SendingBack) -> RevisionAnswer:
    made = review.send_back(db.session(), principal().actor, item_id, seen(body), body.reason, clock.now())
    db.session.commit()
    return revision_answer(made)


@operation("POST", "/items/<id:item_id>/put-in-use", Permission.REVIEW_ITEMS,
           "The approved revision becomes the next version", body=SeenShape, returns=ItemRef,
           errors=(404, 409))  # fmt: skip
def put_in_use(item_id: int, body: SeenShape) -> ItemRef:
    return _committed(use.put_in_use(db.session(), principal().actor, item_id, seen(body), clock.now()).item)


@operation("POST", "/items/<id:item_id>/retire", Permission.REVIEW_ITEMS, "On no new paper from now on",
           body=ReasonShape, returns=ItemRef, errors=(404, 409))  # fmt: skip
def retire(item_id: int, body: ReasonShape) -> ItemRef:
    return _committed(use.retire(db.session(), principal().actor, item_id, body.reason, clock.now()))


@operation("POST", "/items/<id:item_id>/reinstate", Permission.REVIEW_ITEMS, "In use again", body=ReasonShape,
           returns=ItemRef, errors=(404, 409))  # fmt: skip
def reinstate(item_id: int, body: ReasonShape) -> ItemRef:
    return _committed(use.reinstate(db.session(), principal().actor, item_id, body.reason, clock.now()))


@operation("POST", "/items/<id:item_id>/compromise", Permission.WITHDRAW_ITEMS,
           "Withdraw at once what is known outside; answers with the papers it stands on", body=ReasonShape,
           returns=PaperList, errors=(404, 409))  # fmt: skip
def mark_compromised(item_id: int, body: ReasonShape) -> PaperList:
    found = compromise.mark_compromised(db.session(), principal().actor, item_id, body.reason, clock.now())
    db.session.commit()
    return paper_list(found)


@operation("POST", "/items/<id:item_id>/clear-compromise", Permission.REVIEW_ITEMS,
           "It may stand on papers again", body=ReasonShape, returns=ItemRef, errors=(404, 409))  # fmt: skip
def clear_compromised(item_id: int, body: ReasonShape) -> ItemRef:
    return _committed(compromise.clear_compromised(db.session(), principal().actor, item_id, body.reason, clock.now()))


def _committed(item: Item) -> ItemRef:
    db.session.commit()
    return reference(reading.item_of_id(db.session(), item.id))

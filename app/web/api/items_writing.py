"""Writing items: new ones, revisions, comments, enemies."""

from __future__ import annotations

from app.accounts.permissions import Permission
from app.core import clock
from app.core.db import db
from app.models.workshop import ItemRevision
from app.web.access import principal
from app.web.api.item_shapes import (
    CommentBody,
    CommentRef,
    FileShape,
    ItemRef,
    NewItem,
    RevisionAnswer,
    Saving,
    SeenAndReason,
    SeenShape,
    revision_answer,
)
from app.web.api.items import reference
from app.web.api.operation import Body, operation
from question_bank.stimuli import Media
from question_bank.workshop import comments, pairs, reading, review, revisions
from question_bank.workshop.subject import Seen


class EnemyList(Body):
    enemies: list[ItemRef]


@operation("POST", "/items", Permission.EDIT_ITEMS, "Begin a new item as a draft", body=NewItem,
           returns=RevisionAnswer, status=201, errors=(404, 409))  # fmt: skip
def create(body: NewItem) -> RevisionAnswer:
    made = revisions.create_item(
        db.session(), principal().actor, code=body.code, scheme=body.scheme, level=body.level,
        content=body.content.model_dump(exclude_unset=True), media=_media(body.files), now=clock.now(),
    )  # fmt: skip
    return _committed(made)


@operation("POST", "/items/<id:item_id>/revision", Permission.EDIT_ITEMS, "Begin a revision of its newest version",
           returns=RevisionAnswer, status=201, errors=(404, 409))  # fmt: skip
def start(item_id: int) -> RevisionAnswer:
    return _committed(revisions.start_revision(db.session(), principal().actor, item_id, clock.now()))


@operation("PUT", "/items/<id:item_id>/revision", Permission.EDIT_ITEMS, "Save; 409 when somebody saved meanwhile",
           body=Saving, returns=RevisionAnswer, errors=(404, 409))  # fmt: skip
def save(item_id: int, body: Saving) -> RevisionAnswer:
    changes = body.content.model_dump(exclude_unset=True)
    made = revisions.save(
        db.session(), principal().actor, item_id, seen(body), changes, clock.now(), _media(body.files)
    )
    return _committed(made)


@operation("POST", "/items/<id:item_id>/rebase", Permission.EDIT_ITEMS,
           "Confirm the revision over a version that came in meanwhile", body=SeenShape, returns=RevisionAnswer,
           errors=(404, 409))  # fmt: skip
def rebase(item_id: int, body: SeenShape) -> RevisionAnswer:
    return _committed(revisions.rebase(db.session(), principal().actor, item_id, seen(body), clock.now()))


@operation("POST", "/items/<id:item_id>/abandon", Permission.EDIT_ITEMS, "Give the open revision up",
           body=SeenAndReason, returns=RevisionAnswer, errors=(404, 409))  # fmt: skip
def abandon(item_id: int, body: SeenAndReason) -> RevisionAnswer:
    actor = principal().actor
    return _committed(revisions.abandon(db.session(), actor, item_id, seen(body), body.reason, clock.now()))


@operation("POST", "/items/<id:item_id>/submit", Permission.EDIT_ITEMS, "Hand a draft to the reviewers",
           body=SeenShape, returns=RevisionAnswer, errors=(404, 409))  # fmt: skip
def submit(item_id: int, body: SeenShape) -> RevisionAnswer:
    return _committed(review.submit(db.session(), principal().actor, item_id, seen(body), clock.now()))


@operation("POST", "/items/<id:item_id>/take-back", Permission.EDIT_ITEMS, "Out of review again",
           body=SeenShape, returns=RevisionAnswer, errors=(404, 409))  # fmt: skip
def take_back(item_id: int, body: SeenShape) -> RevisionAnswer:
    return _committed(review.take_back(db.session(), principal().actor, item_id, seen(body), clock.now()))


@operation("POST", "/items/<id:item_id>/comments", Permission.WORK_ON_ITEMS, "Comment on the open revision",
           body=CommentBody, returns=CommentRef, status=201, errors=(404, 409))  # fmt: skip
def comment(item_id: int, body: CommentBody) -> CommentRef:
    made = comments.add_comment(db.session(), principal().actor, item_id, body.text, clock.now(), body.field)
    db.session.commit()
    return CommentRef(id=made.id)


@operation("POST", "/items/<id:item_id>/comments/<id:comment_id>/resolve", Permission.WORK_ON_ITEMS,
           "A comment was dealt with", returns=CommentRef, errors=(404,))  # fmt: skip
def resolve(item_id: int, comment_id: int) -> CommentRef:
    return _resolved(item_id, comment_id, done=True)


@operation("POST", "/items/<id:item_id>/comments/<id:comment_id>/reopen", Permission.WORK_ON_ITEMS,
           "A comment is open again", returns=CommentRef, errors=(404,))  # fmt: skip
def reopen(item_id: int, comment_id: int) -> CommentRef:
    return _resolved(item_id, comment_id, done=False)


@operation("PUT", "/items/<id:item_id>/enemies/<id:enemy_id>", Permission.WORK_ON_ITEMS,
           "The two never stand on one paper", returns=EnemyList, errors=(404, 422))  # fmt: skip
def add_enemy(item_id: int, enemy_id: int) -> EnemyList:
    pairs.add_enemy(db.session(), principal().actor, item_id, enemy_id)
    return _enemies(item_id)


@operation("DELETE", "/items/<id:item_id>/enemies/<id:enemy_id>", Permission.WORK_ON_ITEMS,
           "The two may stand on one paper again", returns=EnemyList, errors=(404, 409, 422))  # fmt: skip
def remove_enemy(item_id: int, enemy_id: int) -> EnemyList:
    pairs.remove_enemy(db.session(), principal().actor, item_id, enemy_id)
    return _enemies(item_id)


def seen(body: SeenShape) -> Seen:
    return Seen(body.revision, body.edition)


def _media(files: list[FileShape]) -> list[Media]:
    return [Media(one.name, one.content) for one in files]


def _committed(revision: ItemRevision) -> RevisionAnswer:
    db.session.commit()
    return revision_answer(revision)


def _resolved(item_id: int, comment_id: int, *, done: bool) -> CommentRef:
    comments.resolve(db.session(), principal().actor, item_id, comment_id, clock.now(), done=done)
    db.session.commit()
    return CommentRef(id=comment_id)


def _enemies(item_id: int) -> EnemyList:
    db.session.commit()
    return EnemyList(enemies=[reference(one) for one in reading.item_file(db.session(), item_id).enemies])

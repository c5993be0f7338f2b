"""The task bank of the practical: reading, writing, judging, files."""

from __future__ import annotations

import base64
from dataclasses import asdict
from typing import Any

from flask_babel import gettext

from app.accounts.permissions import Permission
from app.core import audit, clock
from app.core.db import db
from app.core.errors import NotFound
from app.models.tasks import PracticalTask, TaskVersion
from app.web.access import principal
from app.web.api.operation import operation
from app.web.api.task_shapes import (
    TaskDetail,
    TaskExport,
    TaskExportQuery,
    TaskFilter,
    TaskImport,
    TaskList,
    TaskPackage,
    TaskReason,
    TaskRef,
    TaskRowShape,
    TaskSaving,
    TaskSeen,
    TaskSendingBack,
    TaskText,
    TaskVersionShape,
    line_shape,
    reference,
    version_shape,
)
from question_bank.stimuli import Media
from question_bank.tasks import history, judging, writing
from question_bank.tasks.body import body_of
from question_bank.tasks.drafts import Draft, draft_of
from question_bank.tasks.files import pack, read_upload
from question_bank.tasks.finding import WantedTasks, find
from question_bank.tasks.keeping import take_in
from question_bank.tasks.problems import TaskInvalid
from question_bank.tasks.reading import read_task
from question_bank.tasks.stock import tasks_in_use
from question_bank.workshop.subject import Seen

PAGE = 50
WRITES = Permission.EDIT_ITEMS
JUDGES = Permission.REVIEW_ITEMS


@operation("GET", "/tasks", Permission.READ_BANK, "Tasks that fit", query=TaskFilter, returns=TaskList)
def index(query: TaskFilter) -> TaskList:
    page = find(db.session(), WantedTasks(**query.model_dump(exclude={"page"})), query.page, PAGE)
    names = set(TaskRowShape.model_fields)
    shown = page.rows if query.page == page.number else []
    rows = [TaskRowShape.model_validate({name: vars(row)[name] for name in names}) for row in shown]
    return TaskList(tasks=rows, total=page.total, page=query.page, pages=page.pages)


@operation("GET", "/tasks/<id:task_id>", Permission.READ_BANK, "One task with its whole life", returns=TaskDetail,
           errors=(404,))  # fmt: skip
def show(task_id: int) -> TaskDetail:
    session = db.session()
    task = session.get(PracticalTask, task_id)
    if task is None:
        raise NotFound
    return TaskDetail(
        **reference(task).model_dump(), scheme=task.scheme, kind=task.kind, trade=task.trade,
        versions=[version_shape(one) for one in history.versions_of(session, task_id)],
        history=[line_shape(one) for one in history.lines_of(session, task_id)],
    )  # fmt: skip


@operation("POST", "/tasks", WRITES, "A new task as a draft", body=TaskText, returns=TaskVersionShape, status=201,
           errors=(409,))  # fmt: skip
def create(body: TaskText) -> TaskVersionShape:
    made = writing.create_task(db.session(), principal().actor, _draft(body), clock.now(), _sounds(body))
    return _kept(made)


@operation("POST", "/tasks/<id:task_id>/revise", WRITES, "Begin a new version; the one in use stays in use meanwhile",
           returns=TaskVersionShape, status=201, errors=(404, 409))  # fmt: skip
def revise(task_id: int) -> TaskVersionShape:
    return _kept(writing.begin_version(db.session(), principal().actor, task_id, clock.now()))


@operation("PUT", "/tasks/<id:task_id>/draft", WRITES, "Save the draft as a whole", body=TaskSaving,
           returns=TaskVersionShape, errors=(404, 409))  # fmt: skip
def save(task_id: int, body: TaskSaving) -> TaskVersionShape:
    session, actor = db.session(), principal().actor
    return _kept(writing.save(session, actor, task_id, _seen(body), _draft(body), clock.now(), _sounds(body)))


@operation("POST", "/tasks/<id:task_id>/submit", WRITES, "Hand the draft to the reviewers", body=TaskSeen,
           returns=TaskVersionShape, errors=(404, 409))  # fmt: skip
def submit(task_id: int, body: TaskSeen) -> TaskVersionShape:
    return _kept(judging.submit(db.session(), principal().actor, task_id, _seen(body), clock.now()))


@operation("POST", "/tasks/<id:task_id>/take-back", WRITES, "Out of review again", body=TaskSeen,
           returns=TaskVersionShape, errors=(404, 409))  # fmt: skip
def take_back(task_id: int, body: TaskSeen) -> TaskVersionShape:
    return _kept(judging.take_back(db.session(), principal().actor, task_id, _seen(body), clock.now()))


@operation("POST", "/tasks/<id:task_id>/abandon", WRITES, "Give the open version up; it stays on record",
           body=TaskSendingBack, returns=TaskVersionShape, errors=(404, 409))  # fmt: skip
def abandon(task_id: int, body: TaskSendingBack) -> TaskVersionShape:
    return _kept(writing.abandon(db.session(), principal().actor, task_id, _seen(body), body.reason, clock.now()))


@operation("POST", "/tasks/<id:task_id>/approve", JUDGES, "Approve the edition you read, if you wrote nothing of it",
           body=TaskSeen, returns=TaskVersionShape, errors=(404, 409))  # fmt: skip
def approve(task_id: int, body: TaskSeen) -> TaskVersionShape:
    return _kept(judging.approve(db.session(), principal().actor, task_id, _seen(body), clock.now()))


@operation("POST", "/tasks/<id:task_id>/send-back", JUDGES, "Back to its authors, with the reason",
           body=TaskSendingBack, returns=TaskVersionShape, errors=(404, 409))  # fmt: skip
def send_back(task_id: int, body: TaskSendingBack) -> TaskVersionShape:
    return _kept(judging.send_back(db.session(), principal().actor, task_id, _seen(body), body.reason, clock.now()))


@operation("POST", "/tasks/<id:task_id>/put-in-use", JUDGES, "Candidates draw the approved version from now on",
           body=TaskSeen, returns=TaskVersionShape, errors=(404, 409))  # fmt: skip
def put_in_use(task_id: int, body: TaskSeen) -> TaskVersionShape:
    return _kept(judging.put_in_use(db.session(), principal().actor, task_id, _seen(body), clock.now()))


@operation("POST", "/tasks/<id:task_id>/retire", JUDGES, "Nobody draws it any more", body=TaskReason, returns=TaskRef,
           errors=(404, 409))  # fmt: skip
def retire(task_id: int, body: TaskReason) -> TaskRef:
    return _committed(judging.retire(db.session(), principal().actor, task_id, body.reason, clock.now()))


@operation("POST", "/tasks/<id:task_id>/reinstate", JUDGES, "Candidates may draw it again", body=TaskReason,
           returns=TaskRef, errors=(404, 409))  # fmt: skip
def reinstate(task_id: int, body: TaskReason) -> TaskRef:
    return _committed(judging.reinstate(db.session(), principal().actor, task_id, body.reason, clock.now()))


@operation("POST", "/tasks/import", WRITES, "Tasks of a file as drafts; all or none", body=TaskPackage,
           returns=TaskImport, errors=(409,))  # fmt: skip
def receive(body: TaskPackage) -> TaskImport:
    found = read_upload(body.name, body.content)
    try:
        kept = take_in(db.session(), principal().actor, found, clock.now(), as_drafts=True)
    except TaskInvalid as refusal:
        raise _in_words(refusal) from None
    if body.dry_run:
        db.session.rollback()
    else:
        db.session.commit()
    return TaskImport(tasks=len(found.tasks), **asdict(kept), dry_run=body.dry_run)


@operation("POST", "/tasks/export", Permission.READ_BANK, "The tasks in use that fit, keys included",
           body=TaskExportQuery, returns=TaskExport)  # fmt: skip
def send(body: TaskExportQuery) -> TaskExport:
    session = db.session()
    found = tasks_in_use(session, body.scheme or None, body.level or None, body.kind or None)
    audit.record(session, "task:exported", principal().actor, "task", None, tasks=len(found))
    session.commit()
    return TaskExport(tasks=len(found), name="tasks.zip", content=base64.b64encode(pack(found)).decode())


def _draft(body: TaskText) -> Draft:
    try:
        return draft_of(body_of(read_task(body.text, "text")))
    except TaskInvalid as refusal:
        raise _in_words(refusal) from None


def _in_words(refusal: TaskInvalid) -> TaskInvalid:
    refusal.details = {"problems": [{**one.place(), "reason": _words(one.message, one.params)}
                                    for one in refusal.problems]}  # fmt: skip
    return refusal


def _words(message: str, params: Any) -> str:
    return str(str(gettext(message)) % params)


def _sounds(body: TaskText) -> list[Media]:
    return [Media(one.name, one.content) for one in body.sounds]


def _seen(body: TaskSeen | TaskSaving) -> Seen:
    return Seen(body.version, body.edition)


def _kept(version: TaskVersion) -> TaskVersionShape:
    db.session.commit()
    return version_shape(version)


def _committed(task: PracticalTask) -> TaskRef:
    db.session.commit()
    return reference(task)

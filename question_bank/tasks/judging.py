"""Judging tasks: submit, take back, approve, send back, put in use, retire. Nobody approves what they wrote in."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy.orm import Session

from app.core.audit import Actor
from app.core.errors import N_, Refusal
from app.models.tasks import PracticalTask, TaskState, TaskVersion
from question_bank.file_problems import FileProblem
from question_bank.tasks.body import TaskFile
from question_bank.tasks.drafts import Looked, draft_of, look
from question_bank.tasks.subject import Subject, hold, note
from question_bank.workshop.subject import Seen
from question_bank.workshop.use import needed

NO_SOUND = N_("The recording %(name)s is not there yet; add the file.")


def looked(version: TaskVersion) -> Looked:
    """What the version says, and what is still wrong with it, its recordings included."""
    found = look(draft_of(version.body))
    for name in found.task.media if found.task else ():
        if name not in version.media:
            params = {"name": name, "file": "", "line": 0, "field": "audio"}
            found.problems.append(FileProblem("", 0, NO_SOUND, params, version.task.code, "audio"))
    return found


def submit(session: Session, actor: Actor, task_id: int, seen: Seen, now: datetime) -> TaskVersion:
    """Hand a draft to the reviewers. Refuses with everything that is still wrong or missing."""
    subject = hold(session, task_id)
    version = subject.seen(seen)
    _in_state(subject, (TaskState.DRAFT,), N_("Task %(task)s is not a draft, so it cannot be submitted."))
    _whole(subject, version)
    if subject.in_use and subject.in_use.digest == version.digest:
        message = N_("The draft of task %(task)s says the same as what is in use. Change something, or give it up.")
        raise Refusal("task_unchanged", message, status=409, task=subject.task.code)
    version.state = TaskState.IN_REVIEW
    return _noted(session, actor, subject, version, "submitted")


def take_back(session: Session, actor: Actor, task_id: int, seen: Seen, now: datetime) -> TaskVersion:
    subject = hold(session, task_id)
    version = subject.seen(seen)
    message = N_("Task %(task)s is not in review, so there is nothing to take back.")
    _in_state(subject, (TaskState.IN_REVIEW,), message)
    version.state = TaskState.DRAFT
    return _noted(session, actor, subject, version, "taken_back")


def approve(session: Session, actor: Actor, task_id: int, seen: Seen, now: datetime, remark: str = "") -> TaskVersion:
    """For exactly the edition that was read, by somebody who wrote nothing of it."""
    subject = hold(session, task_id)
    version = subject.seen(seen)
    _in_state(subject, (TaskState.IN_REVIEW,), N_("Task %(task)s is not in review, so it cannot be approved."))
    if actor.user_id is None or actor.user_id in (*version.editors, version.author_id):
        message = N_("You wrote in task %(task)s yourself, so another reviewer must approve it.")
        raise Refusal("four_eyes", message, status=409, task=subject.task.code)
    _not_overtaken(subject)
    _whole(subject, version)
    version.state, version.approved_by, version.decided_at = TaskState.APPROVED, actor.user_id, now
    version.remark = remark.strip()
    return _noted(session, actor, subject, version, "approved")


def send_back(session: Session, actor: Actor, task_id: int, seen: Seen, reason: str, now: datetime) -> TaskVersion:
    """From review or approval to its authors, with the reason."""
    needed(reason)
    subject = hold(session, task_id)
    version = subject.seen(seen)
    states = (TaskState.IN_REVIEW, TaskState.APPROVED)
    _in_state(subject, states, N_("Task %(task)s is not in review, so it cannot be sent back."))
    version.state, version.approved_by, version.decided_at = TaskState.DRAFT, None, None
    version.remark = reason.strip()
    return _noted(session, actor, subject, version, "sent_back", reason=reason.strip())


def put_in_use(session: Session, actor: Actor, task_id: int, seen: Seen, now: datetime) -> TaskVersion:
    """The approved version is drawn from now on; whoever has drawn the one before keeps that."""
    subject = hold(session, task_id)
    version = subject.seen(seen)
    message = N_("Task %(task)s is not approved. A reviewer who did not write in it must approve it first.")
    _in_state(subject, (TaskState.APPROVED,), message)
    if subject.task.retired_at is not None:
        message = N_("Task %(task)s is retired. Bring it back first, then put the new version in use.")
        raise Refusal("task_retired", message, status=409, task=subject.task.code)
    _not_overtaken(subject)
    task = _whole(subject, version)
    if subject.in_use:
        subject.in_use.state = TaskState.REPLACED
        session.flush()
    version.state, version.decided_at, subject.task.trade = TaskState.IN_USE, now, task.trade
    return _noted(session, actor, subject, version, "put_in_use")


def retire(session: Session, actor: Actor, task_id: int, reason: str, now: datetime) -> PracticalTask:
    """No candidate draws it any more; who has drawn it keeps it."""
    needed(reason)
    task = hold(session, task_id).task
    if task.retired_at is not None:
        raise Refusal("task_retired_already", N_("Task %(task)s is retired already."), status=409, task=task.code)
    task.retired_at = now
    session.flush()
    note(session, "retired", actor, task, reason=reason.strip())
    return task


def reinstate(session: Session, actor: Actor, task_id: int, reason: str, now: datetime) -> PracticalTask:
    needed(reason)
    task = hold(session, task_id).task
    if task.retired_at is None:
        message = N_("Task %(task)s is not retired, so it cannot be brought back.")
        raise Refusal("task_not_retired", message, status=409, task=task.code)
    task.retired_at = None
    session.flush()
    note(session, "reinstated", actor, task, reason=reason.strip())
    return task


def _whole(subject: Subject, version: TaskVersion) -> TaskFile:
    found = looked(version)
    if found.task is None or found.problems:
        problems = [{**one.place(), "reason": one.message, "params": dict(one.params)} for one in found.problems]
        message = N_("Task %(task)s is not complete: %(count)s places, the first is “%(field)s”. Mend them first.")
        raise Refusal("task_incomplete", message, details={"problems": problems}, task=subject.task.code,
                      count=len(problems), field=found.problems[0].field)  # fmt: skip
    return found.task


def _not_overtaken(subject: Subject) -> None:
    if subject.overtaken and subject.in_use:
        message = N_(
            "Version %(number)s of task %(task)s came into use while this one was being written. "
            "Compare the two, then save the draft again as it should stand."
        )
        raise Refusal("base_moved", message, status=409, task=subject.task.code, number=subject.in_use.number)


def _in_state(subject: Subject, states: tuple[TaskState, ...], message: str) -> None:
    state = subject.version().state
    if state not in states:
        raise Refusal("task_state", message, status=409, details={"state": state}, task=subject.task.code)


def _noted(
    session: Session, actor: Actor, subject: Subject, version: TaskVersion, tag: str, **data: object
) -> TaskVersion:
    session.flush()
    note(session, tag, actor, subject.task, version=version.number, edition=version.edition, **data)
    return version

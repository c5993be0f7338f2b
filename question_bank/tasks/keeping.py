"""Taking in whole files: by the operator into use, by authors as drafts. All of them or none."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select, text
from sqlalchemy.orm import Session

from app.core.audit import Actor
from app.core.errors import N_
from app.models.tasks import PracticalTask, TaskState, TaskVersion
from question_bank.file_problems import FileProblem
from question_bank.materials import keep_media
from question_bank.tasks.body import body_of
from question_bank.tasks.drafts import Draft, digest, draft_of
from question_bank.tasks.files import FoundTask, FoundTasks
from question_bank.tasks.problems import TaskInvalid
from question_bank.tasks.subject import Subject, hold, next_number, note
from question_bank.tasks.writing import begin_version, create_task, write

_IMPORTS = 0x7A51


@dataclass(frozen=True)
class Kept:
    new: int = 0
    changed: int = 0
    unchanged: int = 0


def take_in(session: Session, actor: Actor, found: FoundTasks, now: datetime, *, as_drafts: bool = False) -> Kept:
    """The same content makes no new version. Refuses everything for any problem of any file."""
    session.execute(text("SELECT pg_advisory_xact_lock(:key)"), {"key": _IMPORTS})
    codes = [one.task.code for one in found.tasks]
    known = {task.code: task for task in session.scalars(select(PracticalTask).where(PracticalTask.code.in_(codes)))}
    problems = [*found.problems, *_other_places(found.tasks, known)]
    if problems:
        raise TaskInvalid(problems)
    keep_media(session, [media for one in found.tasks for media in one.media.values()])
    one_way = _as_draft if as_drafts else _in_use
    return Kept(**Counter(one_way(session, actor, one, known.get(one.task.code), now) for one in found.tasks))


def _other_places(tasks: Sequence[FoundTask], known: dict[str, PracticalTask]) -> list[FileProblem]:
    """A code stands for one kind of one scheme for ever."""
    message = N_("%(code)s is a task of another kind or scheme already; give this one a code of its own.")
    found = []
    for one in tasks:
        there = known.get(one.task.code)
        if there and (there.kind, there.scheme) != (one.task.kind, one.task.scheme):
            found.append(FileProblem(one.file, 1, message, {"code": one.task.code}, one.task.code, "code"))
    return found


def _in_use(session: Session, actor: Actor, one: FoundTask, there: PracticalTask | None, now: datetime) -> str:
    task = there or PracticalTask(code=one.task.code, scheme=one.task.scheme, kind=one.task.kind, trade=one.task.trade)
    if there is None:
        session.add(task)
        session.flush()
    subject = hold(session, task.id)
    body, media = body_of(one.task), {name: media.sha256 for name, media in one.media.items()}
    told = digest(one.task.levels, body, media)
    if subject.in_use and subject.in_use.digest == told:
        return "unchanged"
    if subject.in_use:
        subject.in_use.state = TaskState.REPLACED
        session.flush()
    version = TaskVersion(
        task_id=task.id, number=_number(session, subject), state=TaskState.IN_USE, levels=list(one.task.levels),
        body=body, media=media, digest=told, created_at=now, changed_at=now, decided_at=now,
    )  # fmt: skip
    session.add(version)
    task.trade = one.task.trade
    session.flush()
    note(session, "imported", actor, task, version=version.number)
    return "changed" if there else "new"


def _number(session: Session, subject: Subject) -> int:
    """An open version keeps the highest number: it comes after what is taken in."""
    number = next_number(session, subject.task.id)
    if subject.open is None:
        return number
    free = subject.open.number
    subject.open.number = number
    session.flush()
    return free


def _as_draft(session: Session, actor: Actor, one: FoundTask, there: PracticalTask | None, now: datetime) -> str:
    draft = draft_of(body_of(one.task))
    if there is None:
        create_task(session, actor, draft, now, one.media.values())
        return "new"
    subject = hold(session, there.id)
    standing = subject.open or subject.in_use
    media = {name: media.sha256 for name, media in one.media.items()}
    if standing and standing.digest == digest(one.task.levels, body_of(one.task), media):
        return "unchanged"
    version = subject.open or begin_version(session, actor, there.id, now)
    write(session, actor, version, Draft(draft.common, draft.block), media, now)
    note(session, "saved", actor, there, version=version.number, edition=version.edition)
    return "changed"

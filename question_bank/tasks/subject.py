"""A task with its open version, held still while somebody decides about it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from sqlalchemy import func, select
from sqlalchemy.orm import Session, lazyload, undefer

from app.core import audit
from app.core.audit import Actor
from app.core.errors import N_, NotFound, Refusal
from app.models.bank import MediaFile
from app.models.tasks import PracticalTask, TaskState, TaskVersion
from question_bank.materials import keep_media
from question_bank.stimuli import Media
from question_bank.tasks.files import sound_fault
from question_bank.workshop.subject import Seen

OPEN = (TaskState.DRAFT, TaskState.IN_REVIEW, TaskState.APPROVED)


@dataclass(frozen=True)
class Subject:
    task: PracticalTask
    in_use: TaskVersion | None
    """The newest that was ever in use; of a retired task too."""
    open: TaskVersion | None

    def version(self) -> TaskVersion:
        if self.open is None:
            message = N_("Nobody is working on task %(task)s. Begin a new version of it first.")
            raise Refusal("no_open_version", message, status=409, task=self.task.code)
        return self.open

    def seen(self, seen: Seen) -> TaskVersion:
        """The open version, if it still is what was seen."""
        version = self.version()
        if (version.number, version.edition) != (seen.revision, seen.edition):
            message = N_("Task %(task)s was changed since you opened it. Look at the change, then decide again.")
            details = {"version": version.number, "edition": version.edition}
            raise Refusal("task_changed", message, status=409, details=details, task=self.task.code)
        return version

    @property
    def overtaken(self) -> bool:
        """Another wording came into use since the open one was last saved."""
        if self.open is None or self.in_use is None or self.in_use.decided_at is None:
            return False
        return self.in_use.decided_at > self.open.changed_at


def task_id_of(session: Session, code: str) -> int:
    found = session.scalar(select(PracticalTask.id).where(PracticalTask.code == code))
    if found is None:
        raise NotFound
    return found


def hold(session: Session, task_id: int) -> Subject:
    """Locked until the transaction ends."""
    query = select(PracticalTask).where(PracticalTask.id == task_id).options(lazyload("*"))
    task = session.scalar(query.with_for_update(key_share=True).execution_options(populate_existing=True))
    if task is None:
        raise NotFound
    return subject_of(session, task)


def subject_of(session: Session, task: PracticalTask) -> Subject:
    return Subject(task, standing(session, task.id, (TaskState.IN_USE,)), standing(session, task.id, OPEN))


def standing(session: Session, task_id: int, states: Iterable[str]) -> TaskVersion | None:
    query = select(TaskVersion).where(TaskVersion.task_id == task_id, TaskVersion.state.in_(tuple(states)))
    query = query.options(undefer(TaskVersion.editors)).execution_options(populate_existing=True)
    return session.scalars(query).one_or_none()


def next_number(session: Session, task_id: int) -> int:
    return (session.scalar(select(func.max(TaskVersion.number)).where(TaskVersion.task_id == task_id)) or 0) + 1


def keep_sounds(session: Session, sounds: Iterable[Media]) -> dict[str, str]:
    """Name → SHA-256 of what came in; refuses what is no sound."""
    found = list(sounds)
    for one in found:
        if fault := sound_fault(one):
            raise Refusal("media_unusable", fault[0], **fault[1])
    keep_media(session, found)
    return {one.name: one.sha256 for one in found}


def known_media(session: Session, media: Mapping[str, str]) -> dict[str, str]:
    """Those whose bytes are kept."""
    kept = (
        set(session.scalars(select(MediaFile.sha256).where(MediaFile.sha256.in_(media.values())))) if media else set()
    )
    return {name: sha for name, sha in media.items() if sha in kept}


def note(session: Session, tag: str, actor: Actor, task: PracticalTask, **data: object) -> None:
    """A line of the task's history."""
    audit.record(session, f"task:{tag}", actor, "task", task.id, task=task.code, **data)

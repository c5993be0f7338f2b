"""Writing tasks: a new one, a new version of one in use, and saving without anybody's work being lost."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime

from sqlalchemy import select, text
from sqlalchemy.orm import Session

from app.core.audit import Actor
from app.core.errors import N_, Refusal
from app.core.texts import check_reason
from app.models.tasks import PracticalTask, TaskState, TaskVersion
from app.schemes.scheme import scheme as scheme_of
from question_bank.item_shape import is_code
from question_bank.stimuli import Media
from question_bank.tasks.body import KINDS, TRADES
from question_bank.tasks.drafts import Draft, digest, draft_of, kept
from question_bank.tasks.subject import hold, keep_sounds, known_media, next_number, note
from question_bank.workshop.subject import Seen

_NEW_CODES = 0x7A5C


def create_task(
    session: Session, actor: Actor, draft: Draft, now: datetime, sounds: Iterable[Media] = ()
) -> TaskVersion:
    """A new task as a draft. Its code, scheme and kind are for ever."""
    code, kind, trade = (str(draft.common.get(name, "")) for name in ("code", "kind", "trade"))
    if not is_code(code):
        message = N_("A task's code is made of letters, figures, dots and hyphens, such as call-finance-01.")
        raise Refusal("task_code_invalid", message)
    if kind not in KINDS or trade not in TRADES:
        raise Refusal("task_kind_unknown", N_("Choose the kind of the task and the trade it is from."))
    known = scheme_of(str(draft.common.get("scheme", ""))).code
    session.execute(text("SELECT pg_advisory_xact_lock(:key)"), {"key": _NEW_CODES})
    if session.scalar(select(PracticalTask.id).where(PracticalTask.code == code)):
        message = N_("There is a task %(task)s already. Give the new task a code of its own.")
        raise Refusal("task_code_taken", message, status=409, task=code)
    task = PracticalTask(code=code, scheme=known, kind=kind, trade=trade)
    session.add(task)
    session.flush()
    version = _begun(session, actor, task, draft, keep_sounds(session, sounds), now)
    note(session, "created", actor, task, version=version.number)
    return version


def begin_version(session: Session, actor: Actor, task_id: int, now: datetime) -> TaskVersion:
    """A draft from what is in use, which stays in use meanwhile; without any, from what was given up last."""
    subject = hold(session, task_id)
    if subject.open:
        message = N_("Somebody is working on task %(task)s already. Go on with that version.")
        details = {"version": subject.open.number}
        raise Refusal("version_open", message, status=409, details=details, task=subject.task.code)
    last = select(TaskVersion).where(TaskVersion.task_id == task_id).order_by(TaskVersion.number.desc()).limit(1)
    base = subject.in_use or session.scalars(last).one()
    version = _begun(session, actor, subject.task, draft_of(base.body), dict(base.media), now)
    note(session, "begun", actor, subject.task, version=version.number, base=base.number)
    return version


def save(
    session: Session, actor: Actor, task_id: int, seen: Seen, draft: Draft, now: datetime,
    sounds: Iterable[Media] = (), gone: Iterable[str] = (),
) -> TaskVersion:  # fmt: skip
    """Whatever was typed is kept, whole or not. After a submission or approval it is a draft again."""
    subject = hold(session, task_id)
    version = subject.seen(seen)
    task = subject.task
    common = {**draft.common, "code": task.code, "scheme": task.scheme, "kind": task.kind}
    media = {name: sha for name, sha in version.media.items() if name not in set(gone)}
    media |= keep_sounds(session, sounds)
    write(session, actor, version, Draft(common, draft.block), media, now)
    if subject.in_use is None and common.get("trade") in TRADES:
        task.trade = str(common["trade"])
    session.flush()
    note(session, "saved", actor, task, version=version.number, edition=version.edition)
    return version


def abandon(session: Session, actor: Actor, task_id: int, seen: Seen, reason: str, now: datetime) -> TaskVersion:
    """Give the open version up; what was written stays on record."""
    check_reason(reason)
    subject = hold(session, task_id)
    version = subject.seen(seen)
    version.state, version.decided_at, version.approved_by = TaskState.ABANDONED, now, None
    session.flush()
    note(session, "abandoned", actor, subject.task, version=version.number, reason=reason.strip())
    return version


def write(
    session: Session, actor: Actor, version: TaskVersion, draft: Draft, media: Mapping[str, str], now: datetime
) -> None:
    """One more saving of a held version; whoever writes it may not approve it."""
    version.body, version.levels, version.media = kept(draft), draft.levels, known_media(session, media)
    version.digest = digest(version.levels, version.body, version.media)
    version.state, version.approved_by, version.decided_at = TaskState.DRAFT, None, None
    version.edition, version.changed_at = version.edition + 1, now
    if actor.user_id is not None and actor.user_id not in version.editors:
        version.editors = [*version.editors, actor.user_id]
    session.flush()


def _begun(
    session: Session, actor: Actor, task: PracticalTask, draft: Draft, media: Mapping[str, str], now: datetime
) -> TaskVersion:
    body, known = kept(draft), known_media(session, media)
    version = TaskVersion(
        task_id=task.id, number=next_number(session, task.id), state=TaskState.DRAFT, edition=1, levels=draft.levels,
        body=body, media=known, digest=digest(draft.levels, body, known), author_id=actor.user_id,
        editors=[] if actor.user_id is None else [actor.user_id], created_at=now, changed_at=now,
    )  # fmt: skip
    session.add(version)
    session.flush()
    return version

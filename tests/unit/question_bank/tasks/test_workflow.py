"""From a draft into use by two people, and by file: what stands, what is refused, what stays on record."""

from __future__ import annotations

import pytest
import sqlalchemy as sa
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from app.core.audit import Actor
from app.core.clock import now
from app.core.errors import Refusal
from app.models.account import Role
from app.models.tasks import PracticalTask, TaskState, TaskVersion
from question_bank.stimuli import Media
from question_bank.tasks import history, judging, writing
from question_bank.tasks.drafts import Draft, draft_of
from question_bank.tasks.files import FoundTasks, read_upload
from question_bank.tasks.finding import WantedTasks, find
from question_bank.tasks.keeping import take_in
from question_bank.tasks.problems import TaskInvalid
from question_bank.tasks.stock import tasks_in_use, versions_in_use
from question_bank.workshop.subject import Seen
from tests.factories import people, tasks


@pytest.fixture
def author(session: Session) -> Actor:
    return somebody(session, Role.AUTHOR)


@pytest.fixture
def reviewer(session: Session) -> Actor:
    return somebody(session, Role.REVIEWER)


def somebody(session: Session, role: Role) -> Actor:
    user = people.user(session, role)
    return Actor(user.id, user.name, "test")


def seen(version: TaskVersion) -> Seen:
    return Seen(version.number, version.edition)


def retitled(version: TaskVersion, title: str) -> Draft:
    draft = draft_of(version.body)
    return Draft({**draft.common, "title": title}, draft.block)


def through(session: Session, version: TaskVersion, author: Actor, reviewer: Actor) -> TaskVersion:
    task = version.task_id
    judging.submit(session, author, task, seen(version), now())
    judging.approve(session, reviewer, task, seen(version), now())
    return judging.put_in_use(session, reviewer, task, seen(version), now())


@pytest.mark.parametrize("kind", tuple(tasks.CRITERIA))
def test_two_people_bring_a_task_into_use(session: Session, author: Actor, reviewer: Actor, kind: str) -> None:
    version = tasks.draft(session, author, kind)
    assert versions_in_use(session) == []
    through(session, version, author, reviewer)
    (found,) = tasks_in_use(session)
    assert found.task == tasks.task(kind)
    assert list(found.media) == found.task.media


def test_nobody_approves_what_they_wrote_in(session: Session, author: Actor) -> None:
    second, third = somebody(session, Role.REVIEWER), somebody(session, Role.REVIEWER)
    version = tasks.draft(session, author)
    version = writing.save(session, second, version.task_id, seen(version), retitled(version, "改"), now())
    judging.submit(session, author, version.task_id, seen(version), now())
    for one in (author, second, Actor(None, "shell", "cli")):
        with pytest.raises(Refusal, match="another reviewer"):
            judging.approve(session, one, version.task_id, seen(version), now())
    assert judging.approve(session, third, version.task_id, seen(version), now()).state == TaskState.APPROVED


@pytest.mark.parametrize("column", ["author_id", "editors"])
def test_the_database_itself_wants_four_eyes(session: Session, author: Actor, column: str) -> None:
    version = tasks.draft(session, author)
    if column == "editors":
        version.author_id = None
        session.flush()
    version.approved_by = author.user_id
    with pytest.raises(IntegrityError):
        session.flush()
    session.rollback()


def test_what_was_in_use_is_never_changed(session: Session) -> None:
    tasks.in_use(session)
    session.commit()
    for change in ("UPDATE practical_task_version SET body = '{}'", "DELETE FROM practical_task_version",
                   "UPDATE practical_task_version SET state = 'draft'"):  # fmt: skip
        with pytest.raises(IntegrityError):
            session.execute(sa.text(change))
        session.rollback()


def test_a_new_version_replaces_the_old_only_once_it_is_put_in_use(
    session: Session, author: Actor, reviewer: Actor
) -> None:
    tasks.in_use(session)
    old = tasks.used(session, "call-express-01")
    version = writing.begin_version(session, author, old.task_id, now())
    with pytest.raises(Refusal, match="says the same"):
        judging.submit(session, author, old.task_id, seen(version), now())
    writing.save(session, author, old.task_id, seen(version), retitled(version, "新名"), now())
    assert tasks.used(session, "call-express-01").id == old.id
    through(session, version, author, reviewer)
    assert (old.state, version.state, version.number) == (TaskState.REPLACED, TaskState.IN_USE, 2)
    assert [one.field for one in history.changes(old, version)] == ["title"]


def test_an_unfinished_draft_keeps_every_word_and_cannot_be_submitted(session: Session, author: Actor) -> None:
    version = tasks.draft(session, author)
    block = "persona: [half\n  # a remark of mine"
    writing.save(session, author, version.task_id, seen(version), Draft({"title": ""}, block), now())
    assert draft_of(version.body).block == block
    with pytest.raises(Refusal) as refused:
        judging.submit(session, author, version.task_id, seen(version), now())
    assert refused.value.code == "task_incomplete"
    assert refused.value.details["problems"]


def test_two_people_saving_at_once_do_not_overwrite_each_other(session: Session, author: Actor) -> None:
    version = tasks.draft(session, author)
    before = seen(version)
    writing.save(session, author, version.task_id, before, retitled(version, "甲"), now())
    with pytest.raises(Refusal) as refused:
        writing.save(session, somebody(session, Role.AUTHOR), version.task_id, before, retitled(version, "乙"), now())
    assert (refused.value.code, version.body["title"]) == ("task_changed", "甲")


def test_a_recording_must_be_there_and_be_a_sound(session: Session, author: Actor) -> None:
    version = tasks.draft(session, author, "ticket")
    draft = draft_of(version.body)
    with pytest.raises(Refusal, match="no sound"):
        writing.save(session, author, version.task_id, seen(version), draft, now(), [Media("ticket.wav", b"words")])
    writing.save(session, author, version.task_id, seen(version), draft, now(), gone=["ticket.wav"])
    with pytest.raises(Refusal) as refused:
        judging.submit(session, author, version.task_id, seen(version), now())
    assert refused.value.details["problems"][0]["field"] == "audio"


def test_sending_back_needs_a_reason_and_tells_it(session: Session, author: Actor, reviewer: Actor) -> None:
    version = tasks.draft(session, author)
    judging.submit(session, author, version.task_id, seen(version), now())
    with pytest.raises(Refusal):
        judging.send_back(session, reviewer, version.task_id, seen(version), " ", now())
    judging.send_back(session, reviewer, version.task_id, seen(version), "规则不足", now())
    assert (version.state, version.remark) == (TaskState.DRAFT, "规则不足")


def test_a_retired_task_is_drawn_no_more_until_it_is_brought_back(session: Session, reviewer: Actor) -> None:
    tasks.in_use(session)
    task = tasks.used(session, "call-express-01").task_id
    judging.retire(session, reviewer, task, "已泄露", now())
    assert versions_in_use(session) == []
    judging.reinstate(session, reviewer, task, "改用", now())
    assert len(versions_in_use(session)) == 1


def test_importing_the_same_changes_nothing(session: Session) -> None:
    found = tasks.found(*(tasks.task(kind) for kind in tasks.CRITERIA))
    assert take_in(session, tasks.OPERATOR, found, now()).new == len(tasks.CRITERIA)
    assert take_in(session, tasks.OPERATOR, found, now()).unchanged == len(tasks.CRITERIA)
    other = tasks.found(tasks.task("call", title="另名"))
    assert take_in(session, tasks.OPERATOR, other, now()).changed == 1


def test_one_wrong_file_keeps_all_out(session: Session) -> None:
    found = FoundTasks(tasks.found(tasks.task()).tasks, read_upload("b.yaml", b"kind: call").problems)
    with pytest.raises(TaskInvalid) as refused:
        take_in(session, tasks.OPERATOR, found, now())
    assert {one["file"] for one in refused.value.details["problems"]} == {"b.yaml"}
    assert session.scalars(sa.select(PracticalTask)).all() == []


def test_a_code_stays_with_its_kind(session: Session) -> None:
    tasks.in_use(session)
    with pytest.raises(TaskInvalid):
        take_in(session, tasks.OPERATOR, tasks.found(tasks.task("sale", code="call-express-01")), now())


def test_what_came_into_use_meanwhile_must_be_looked_at(session: Session, author: Actor, reviewer: Actor) -> None:
    tasks.in_use(session)
    task = tasks.used(session, "call-express-01").task_id
    version = writing.begin_version(session, author, task, now())
    writing.save(session, author, task, seen(version), retitled(version, "新名"), now())
    take_in(session, tasks.OPERATOR, tasks.found(tasks.task("call", title="进来的")), now())
    session.refresh(version)
    assert version.number == 3
    judging.submit(session, author, task, seen(version), now())
    with pytest.raises(Refusal, match="came into use"):
        judging.approve(session, reviewer, task, seen(version), now())
    writing.save(session, author, task, seen(version), retitled(version, "新名"), now())
    through(session, version, author, reviewer)
    assert tasks.used(session, "call-express-01").body["title"] == "新名"


def test_authors_take_files_in_as_drafts(session: Session, author: Actor) -> None:
    kept = take_in(session, author, tasks.found(tasks.task()), now(), as_drafts=True)
    assert (kept.new, versions_in_use(session)) == (1, [])
    again = take_in(session, author, tasks.found(tasks.task(title="改")), now(), as_drafts=True)
    assert again.changed == 1
    assert find(session, WantedTasks(mine=author.user_id, state="draft"), 1, 10).rows[0].title == "改"


def test_the_list_finds_by_kind_level_trade_state_and_words(session: Session, author: Actor) -> None:
    tasks.in_use(session, ("call", "report"), ("express", "health"))
    tasks.draft(session, author, "sale")
    expected = {
        "kind": ("report", 2), "level": ("intermediate", 2), "trade": ("health", 2), "state": ("in_use", 4),
        "words": ("sale-express", 1), "mine": (author.user_id, 1),
    }  # fmt: skip
    for name, (value, count) in expected.items():
        assert find(session, WantedTasks(**{name: value}), 1, 50).total == count, name
    assert find(session, WantedTasks(state="never", sort="drawn"), 1, 50).rows[0].open_state == TaskState.DRAFT

"""From draft to retirement, and what refuses on the way."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import pytest
import sqlalchemy as sa
from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm import Session

from app.core.audit import SYSTEM, Actor
from app.core.errors import NotFound, Refusal
from app.models.bank import Item, ItemState
from app.models.workshop import ItemRevision, RevisionState
from question_bank.items import keep_items, stored_items
from question_bank.pool import load_pool
from question_bank.stimuli import Media, Stimulus
from question_bank.workshop import comments, compromise, reading, review, revisions, use
from question_bank.workshop.content import content_of
from question_bank.workshop.reading import State
from question_bank.workshop.subject import Seen
from tests.factories import workshop
from tests.factories.items import bank_item
from tests.factories.workshop import LEVEL, NOW, SCHEME, draft, seen

PNG = Media("a.png", b"\x89PNG\r\n\x1a\n rest")


@pytest.fixture
def author(session: Session) -> Actor:
    return workshop.person(session)


@pytest.fixture
def reviewer(session: Session) -> Actor:
    return workshop.person(session)


def refusal(act: Callable[[], object]) -> str:
    with pytest.raises(Refusal) as refused:
        act()
    return refused.value.code


def drawn_from(session: Session) -> list[tuple[str, int]]:
    session.expire_all()
    return [(item.id, item.version) for item in load_pool(session, SCHEME, LEVEL)]


def test_from_draft_to_use(session: Session, author: Actor, reviewer: Actor) -> None:
    one = draft(session, author, "A-1", status="", author="")
    assert drawn_from(session) == []
    review.submit(session, author, one.item_id, seen(one), NOW)
    review.approve(session, reviewer, one.item_id, seen(one), NOW)
    assert drawn_from(session) == []
    version = use.put_in_use(session, reviewer, one.item_id, seen(one), NOW)
    assert (version.number, version.author, version.reviewer) == (1, author.name, reviewer.name)
    assert drawn_from(session) == [("A-1", 1)]
    assert stored_items(session) == [bank_item("A-1", status="", author=author.name, reviewer=reviewer.name)]
    assert [line.tag for line in reading.history(session, one.item_id)][::-1] == [
        "item:created", "item:revision:submitted", "item:revision:approved", "item:put_in_use",
    ]  # fmt: skip


def test_nobody_approves_what_they_wrote_in(session: Session, author: Actor, reviewer: Actor) -> None:
    one = draft(session, author)
    revisions.save(session, reviewer, one.item_id, seen(one), {"point": "提问"}, NOW)
    review.submit(session, author, one.item_id, seen(one), NOW)
    for somebody in (author, reviewer, SYSTEM):
        with pytest.raises(Refusal) as refused:
            review.approve(session, somebody, one.item_id, seen(one), NOW)
        assert refused.value.code == "four_eyes"
    third = workshop.person(session)
    assert review.approve(session, third, one.item_id, seen(one), NOW).state == RevisionState.APPROVED


def test_the_database_refuses_what_the_code_would(session: Session, author: Actor, reviewer: Actor) -> None:
    one = draft(session, author)
    forged = [
        "UPDATE item_revision SET state = 'approved', approved_by = :author",
        "UPDATE item_revision SET state = 'approved', approved_by = :reviewer",  # past the review
        "UPDATE item_revision SET state = 'in_use', approved_by = :reviewer",
        "UPDATE item_revision SET edition = 9, state = 'in_review'",
        "UPDATE revision_edit SET editor_id = :reviewer",
        "DELETE FROM revision_edit",
        "DELETE FROM item_revision",
        "INSERT INTO revision_edit SELECT id, 7, content, :author, '', now() FROM item_revision",
    ]
    for statement in forged:
        people = {name: actor.user_id for name, actor in (("author", author), ("reviewer", reviewer))}
        given = {name: number for name, number in people.items() if f":{name}" in statement}
        with pytest.raises(DBAPIError), session.begin_nested():
            session.execute(sa.text(statement), given)
    review.submit(session, author, one.item_id, seen(one), NOW)
    review.approve(session, reviewer, one.item_id, seen(one), NOW)
    with pytest.raises(DBAPIError), session.begin_nested():
        session.execute(sa.text("UPDATE item_revision SET content = '{}'"))


def test_a_change_after_approval_goes_round_again(session: Session, author: Actor, reviewer: Actor) -> None:
    one = workshop.approved(session, author, reviewer)
    before = seen(one)
    revisions.save(session, author, one.item_id, before, {"stem": "另一个题干是？"}, NOW)
    assert (one.state, one.round, one.approved_by) == (RevisionState.DRAFT, 2, None)
    assert refusal(lambda: use.put_in_use(session, reviewer, one.item_id, before, NOW)) == "revision_changed"
    assert refusal(lambda: use.put_in_use(session, reviewer, one.item_id, seen(one), NOW)) == "not_approved"


def test_the_old_version_stays_in_use_while_the_new_one_is_written(
    session: Session, author: Actor, reviewer: Actor
) -> None:
    item = workshop.in_use(session, author, reviewer, "A-1")
    one = revisions.start_revision(session, author, item, NOW)
    assert refusal(lambda: revisions.start_revision(session, reviewer, item, NOW)) == "revision_open"
    assert refusal(lambda: review.submit(session, author, item, seen(one), NOW)) == "revision_unchanged"
    revisions.save(session, author, item, seen(one), {"stem": "另一个题干是？"}, NOW)
    assert drawn_from(session) == [("A-1", 1)]
    review.submit(session, author, item, seen(one), NOW)
    review.approve(session, reviewer, item, seen(one), NOW)
    use.put_in_use(session, reviewer, item, seen(one), NOW)
    assert drawn_from(session) == [("A-1", 2)]
    (change,) = reading.changes(session, item, State(version=1), State(version=2))
    assert (change.field, change.after) == ("stem", "另一个题干是？")


def test_a_stale_saving_is_told_what_the_other_changed(session: Session, author: Actor, reviewer: Actor) -> None:
    one = draft(session, author)
    opened = seen(one)
    revisions.save(session, reviewer, one.item_id, opened, {"point": "提问", "source": "别处"}, NOW)
    with pytest.raises(Refusal) as refused:
        revisions.save(session, author, one.item_id, opened, {"point": "复述", "stem": "新题干是？"}, NOW)
    told = refused.value.details
    assert refused.value.code == "revision_stale"
    assert (told["by"], told["edition"], told["changed"], told["both"]) == (
        reviewer.name, 2, ["point", "source"], ["point"],
    )  # fmt: skip
    assert told["content"]["point"] == "提问"
    assert one.content["point"] == "提问"


def test_saving_the_same_again_is_no_new_edition(session: Session, author: Actor) -> None:
    one = draft(session, author)
    assert revisions.save(session, author, one.item_id, seen(one), {"point": "倾听技巧 "}, NOW).edition == 1


@pytest.mark.parametrize(
    "changes, field",
    [({"rationale": ""}, "rationale"), ({"key": []}, "key"), ({"row": "二十"}, "row"), ({"content": "无"}, "content"),
     ({"stem": "看图 ![图](a.png) 是？"}, "stem"), ({"type": "riddle"}, "type"), ({"difficulty": ""}, "difficulty"),
     ({"feedback": {"Z": "没有"}}, "feedback.Z")],
)  # fmt: skip
def test_an_incomplete_draft_is_kept_but_not_submitted(
    session: Session, author: Actor, changes: dict[str, object], field: str
) -> None:
    one = draft(session, author, **changes)
    with pytest.raises(Refusal) as refused:
        review.submit(session, author, one.item_id, seen(one), NOW)
    assert refused.value.code == "item_incomplete"
    assert field in [problem["field"] for problem in refused.value.details["problems"]]


@pytest.mark.parametrize(
    "changes",
    [{"stem": 7}, {"colour": "red"}, {"options": ["A"]}, {"difficulty": "often"}, {"seconds": True}, {"key": "A"},
     {"stem": "x" * 3000}, {"media": {"a.png": "no digest"}}, {"criteria": [{"text": "t"}]}, {"stem": "a\x00"},
     {"stimulus": {"colour": "red"}}, {"difficulty": "0.12345"}, {"media": {"a.png": "0" * 64}}],
)  # fmt: skip
def test_what_is_no_draft_is_refused(session: Session, author: Actor, changes: dict[str, object]) -> None:
    assert refusal(lambda: draft(session, author, **changes)) in {"content_malformed", "media_unknown"}


def test_pictures_and_shared_material_come_along(session: Session, author: Actor, reviewer: Actor) -> None:
    shared = {"id": "C-1", "title": "上午数据", "text": "见图 ![图](a.png)", "audio": "", "plays": 0,
              "media": {"a.png": PNG.sha256}}  # fmt: skip
    one = revisions.create_item(
        session, author, code="A-1", scheme=SCHEME, level=LEVEL, now=NOW, media=[PNG],
        content=workshop.content(stimulus=shared, stem="![图](a.png) 这是？", media={"a.png": PNG.sha256}),
    )  # fmt: skip
    review.submit(session, author, one.item_id, seen(one), NOW)
    review.approve(session, reviewer, one.item_id, seen(one), NOW)
    use.put_in_use(session, reviewer, one.item_id, seen(one), NOW)
    (kept,) = stored_items(session)
    assert kept.stimulus == Stimulus("C-1", "上午数据", "见图 ![图](a.png)", media={"a.png": PNG})
    assert kept.media == {"a.png": PNG}
    again = revisions.start_revision(session, author, one.item_id, NOW)
    assert again.content == content_of(kept)


def test_shared_material_changes_for_all_of_its_items_or_none(session: Session, author: Actor, reviewer: Actor) -> None:
    shared = {"id": "C-1", "title": "数据", "text": "上午 80 通", "audio": "", "plays": 0, "media": {}}
    first, _ = (workshop.in_use(session, author, reviewer, code, stimulus=shared) for code in ("A-1", "A-2"))
    one = revisions.start_revision(session, author, first, NOW)
    revisions.save(session, author, first, seen(one), {"stimulus": shared | {"text": "上午 90 通"}}, NOW)
    review.submit(session, author, first, seen(one), NOW)
    review.approve(session, reviewer, first, seen(one), NOW)
    assert refusal(lambda: use.put_in_use(session, reviewer, first, seen(one), NOW)) == "stimulus_apart"


def test_sending_back_needs_words(session: Session, author: Actor, reviewer: Actor) -> None:
    one = draft(session, author)
    review.submit(session, author, one.item_id, seen(one), NOW)
    assert refusal(lambda: review.send_back(session, reviewer, one.item_id, seen(one), " ", NOW)) == "comment_needed"
    review.send_back(session, reviewer, one.item_id, seen(one), "B 也说得通。", NOW)
    assert (one.state, one.round) == (RevisionState.DRAFT, 2)
    (comment,) = comments.comments_of(session, one.item_id)
    assert (comment.verdict, comment.text, comment.author_name) == (True, "B 也说得通。", reviewer.name)
    comments.resolve(session, author, one.item_id, comment.id, NOW)
    comments.resolve(session, author, one.item_id, comment.id, NOW)
    assert comment.resolved_by == author.user_id
    comments.resolve(session, author, one.item_id, comment.id, NOW, done=False)
    assert comment.resolved_at is None
    assert refusal(lambda: comments.add_comment(session, author, one.item_id, "?", NOW, "colour")) == "comment_field"
    comments.add_comment(session, author, one.item_id, "改了 B。", NOW, "options.B")


def test_an_import_meanwhile_must_be_looked_at(session: Session, author: Actor, reviewer: Actor) -> None:
    item = workshop.in_use(session, author, reviewer, "A-1")
    one = revisions.start_revision(session, author, item, NOW)
    revisions.save(session, author, item, seen(one), {"stem": "另一个题干是？"}, NOW)
    review.submit(session, author, item, seen(one), NOW)
    keep_items(session, SYSTEM, [bank_item("A-1", stem="进来的题干是？")])
    assert refusal(lambda: review.approve(session, reviewer, item, seen(one), NOW)) == "base_moved"
    revisions.rebase(session, author, item, seen(one), NOW)
    assert (one.base, one.state) == (2, RevisionState.DRAFT)


def test_an_import_does_not_pass_by_the_workshop(session: Session, author: Actor) -> None:
    draft(session, author, "A-1")
    assert refusal(lambda: keep_items(session, SYSTEM, [bank_item("A-1")])) == "item_is_draft"


def test_what_was_given_up_can_be_taken_up_again(session: Session, author: Actor) -> None:
    one = draft(session, author)
    revisions.abandon(session, author, one.item_id, seen(one), "不再需要", NOW)
    again = revisions.start_revision(session, author, one.item_id, NOW)
    assert (again.number, again.content) == (2, one.content)


def test_giving_up_and_taking_up_does_not_wash_a_writer_away(session: Session, author: Actor, reviewer: Actor) -> None:
    one = draft(session, author)
    revisions.abandon(session, author, one.item_id, seen(one), "", NOW)
    again = revisions.start_revision(session, reviewer, one.item_id, NOW)
    review.submit(session, reviewer, again.item_id, seen(again), NOW)
    assert refusal(lambda: review.approve(session, author, again.item_id, seen(again), NOW)) == "four_eyes"
    with pytest.raises(DBAPIError), session.begin_nested():
        session.execute(
            sa.text("UPDATE item_revision SET state = 'approved', approved_by = :who WHERE number = 2"),
            {"who": author.user_id},
        )


def test_retired_and_back(session: Session, author: Actor, reviewer: Actor) -> None:
    item = workshop.in_use(session, author, reviewer, "A-1")
    assert refusal(lambda: use.retire(session, reviewer, item, "", NOW)) == "reason_needed"
    use.retire(session, reviewer, item, "法规已废止", NOW)
    assert drawn_from(session) == []
    assert refusal(lambda: use.retire(session, reviewer, item, "again", NOW)) == "item_not_in_use"
    use.reinstate(session, reviewer, item, "误操作", NOW)
    assert drawn_from(session) == [("A-1", 1)]
    assert refusal(lambda: use.reinstate(session, reviewer, item, "again", NOW)) == "item_not_retired"


def test_compromised_is_off_new_papers_at_once(session: Session, author: Actor, reviewer: Actor) -> None:
    item = workshop.in_use(session, author, reviewer, "A-1")
    assert compromise.mark_compromised(session, reviewer, item, "网上有原题", NOW) == []
    assert drawn_from(session) == []
    assert session.get_one(Item, item).state == ItemState.IN_USE
    assert refusal(lambda: compromise.mark_compromised(session, author, item, "again", NOW)) == "already_compromised"
    compromise.clear_compromised(session, reviewer, item, "不是原题", NOW)
    assert drawn_from(session) == [("A-1", 1)]
    assert refusal(lambda: compromise.clear_compromised(session, author, item, "again", NOW)) == "not_compromised"
    never = draft(session, author)
    assert refusal(lambda: compromise.mark_compromised(session, author, never.item_id, "x", NOW)) == "item_never_used"


def test_what_is_not_there(session: Session, author: Actor) -> None:
    with pytest.raises(NotFound):
        revisions.start_revision(session, author, 1, NOW)
    with pytest.raises(NotFound):
        reading.item_file(session, 1)
    one = draft(session, author, "A-1")
    assert refusal(lambda: draft(session, author, "A-1")) == "item_code_taken"
    assert refusal(lambda: draft(session, author, "甲")) == "item_code_invalid"
    stale = replace(seen(one), edition=9)
    assert refusal(lambda: review.submit(session, author, one.item_id, stale, NOW)) == "revision_changed"
    assert refusal(lambda: reading.content_at(session, one.item_id, State(version=3))) == "no_such_state"
    assert session.scalars(sa.select(ItemRevision)).all() == [one]
    assert refusal(lambda: review.take_back(session, author, one.item_id, Seen(1, 1), NOW)) == "revision_state"

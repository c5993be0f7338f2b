"""Two people at the same moment."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier
from typing import Any

import pytest
import sqlalchemy as sa
from flask import Flask

from app.core.audit import Actor
from app.core.db import db
from app.core.errors import Refusal
from app.models.audit import AuditLine
from app.models.bank import ItemVersion
from app.models.workshop import ItemRevision, RevisionEdit
from question_bank.workshop import bulk, review, revisions, use
from question_bank.workshop.subject import Seen
from tests.factories import workshop
from tests.factories.workshop import NOW, seen

TIMES = 5


def together(app: Flask, *acts: Callable[[], Any]) -> list[str]:
    """Each in a thread and transaction of its own; its refusal's code, or nothing when it succeeded."""
    barrier = Barrier(len(acts))

    def run(act: Callable[[], Any]) -> str:
        with app.app_context():
            barrier.wait()
            try:
                act()
                db.session.commit()
            except Refusal as refusal:
                db.session.rollback()
                return refusal.code
            return ""

    with ThreadPoolExecutor(len(acts)) as pool:
        return list(pool.map(run, acts))


class Scene:
    """An item in review, its author and two others; committed."""

    def __init__(self, app: Flask, submitted: bool = True) -> None:
        with app.app_context():
            session = db.session()
            self.author, self.one, self.other = (workshop.person(session) for _ in range(3))
            made = workshop.draft(session, self.author)
            self.item, self.seen = made.item_id, seen(made)
            if submitted:
                review.submit(session, self.author, self.item, self.seen, NOW)
            db.session.commit()

    def approve(self, who: Actor) -> Callable[[], Any]:
        return lambda: review.approve(db.session(), who, self.item, self.seen, NOW)

    def save(self, who: Actor, text: str = "提问") -> Callable[[], Any]:
        return lambda: revisions.save(db.session(), who, self.item, self.seen, {"point": text}, NOW)


@pytest.mark.parametrize("_", range(TIMES))
def test_two_approvals_are_one(store: Flask, _: int) -> None:
    scene = Scene(store)
    assert sorted(together(store, scene.approve(scene.one), scene.approve(scene.other))) == ["", "revision_state"]
    with store.app_context():
        tags = db.session.scalars(sa.select(AuditLine.tag)).all()
        assert tags.count("item:revision:approved") == 1


@pytest.mark.parametrize("_", range(TIMES))
def test_approving_against_an_edit(store: Flask, _: int) -> None:
    """Whoever is first: never does an approval stand for what its approver did not read."""
    scene = Scene(store)
    edited, approved = together(store, scene.save(scene.author), scene.approve(scene.one))
    assert (edited, approved) in {("", ""), ("", "revision_changed")}
    with store.app_context():
        revision = db.session.scalars(sa.select(ItemRevision)).one()
        assert (revision.state, revision.approved_by, revision.edition) == ("draft", None, 2)


@pytest.mark.parametrize("_", range(TIMES))
def test_a_reviewer_cannot_edit_and_approve_at_once(store: Flask, _: int) -> None:
    scene = Scene(store)
    together(store, scene.save(scene.one), scene.approve(scene.one))
    with store.app_context():
        revision = db.session.scalars(sa.select(ItemRevision)).one()
        assert (revision.state, revision.approved_by) == ("draft", None)


@pytest.mark.parametrize("_", range(TIMES))
def test_two_savings_lose_nothing(store: Flask, _: int) -> None:
    scene = Scene(store, submitted=False)
    found = together(store, scene.save(scene.author, "甲"), scene.save(scene.one, "乙"))
    assert sorted(found) == ["", "revision_stale"]
    with store.app_context():
        edits = db.session.scalars(sa.select(RevisionEdit).order_by(RevisionEdit.edition)).all()
        assert [edit.content["point"] for edit in edits] == ["倾听技巧", "甲" if found[0] == "" else "乙"]


@pytest.mark.parametrize("_", range(TIMES))
def test_two_begin_one_revision_and_use_makes_one_version(store: Flask, _: int) -> None:
    scene = Scene(store)
    with store.app_context():
        scene.approve(scene.one)()
        db.session.commit()
    used = together(store, *[lambda: use.put_in_use(db.session(), scene.one, scene.item, scene.seen, NOW)] * 2)
    assert sorted(used) == ["", "no_open_revision"]
    begun = together(store, *[lambda: revisions.start_revision(db.session(), scene.one, scene.item, NOW)] * 2)
    assert sorted(begun) == ["", "revision_open"]
    with store.app_context():
        assert db.session.scalar(sa.select(sa.func.count()).select_from(ItemVersion)) == 1


@pytest.mark.parametrize("_", range(TIMES))
def test_a_bulk_run_does_what_was_announced_or_nothing(store: Flask, _: int) -> None:
    scene = Scene(store)
    with store.app_context():
        token = bulk.preview(db.session(), scene.one, bulk.Act.APPROVE, [scene.item]).token

    def run() -> Any:
        return bulk.run(db.session(), scene.one, bulk.Act.APPROVE, [scene.item], token, NOW)

    ran, saved = together(store, run, scene.save(scene.author))
    assert (ran, saved) in {("", ""), ("preview_stale", "")}
    assert scene.seen == Seen(1, 1)
    with store.app_context():
        assert db.session.scalars(sa.select(ItemRevision)).one().state == "draft"

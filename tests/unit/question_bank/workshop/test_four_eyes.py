"""Whatever anybody does in any order: what is in use was approved by somebody who wrote nothing of it."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import suppress
from typing import Any

import pytest
import sqlalchemy as sa
from flask import Flask
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule, run_state_machine_as_test
from sqlalchemy.orm import Session

from app.core.audit import SYSTEM
from app.core.db import db
from app.core.errors import Refusal
from app.models.bank import Item, ItemVersion
from app.models.workshop import ItemRevision
from question_bank.items import as_bank_item, keep_items
from question_bank.pool import load_pool
from question_bank.workshop import bulk, compromise, review, revisions, use
from question_bank.workshop.content import content_of
from question_bank.workshop.subject import Seen
from tests.factories import workshop
from tests.factories.items import bank_item
from tests.factories.workshop import LEVEL, NOW, SCHEME

PEOPLE = st.integers(0, 3)
ITEMS = st.integers(0, 1)
STEMS = st.sampled_from(["甲应当怎么做？", "乙应当怎么做？", "丙应当怎么做？", ""])


class Life(RuleBasedStateMachine):
    """Three people and the operator, two items; every act is tried whether it is allowed or not."""

    app: Flask

    @initialize()
    def begin(self) -> None:
        self.context = self.app.app_context()
        self.context.push()
        self.session: Session = db.session()
        self.people = [*(workshop.person(self.session) for _ in range(3)), SYSTEM]
        self.items: list[int] = []
        self.wrote: dict[tuple[int, int], set[int | None]] = {}
        self.kept: dict[int, str] = {}
        self.imported: set[int] = set()
        for number in range(2):
            revision = workshop.draft(self.session, self.people[number], f"L-{number}")
            self.items.append(revision.item_id)
            self.wrote[revision.item_id, 1] = {self.people[number].user_id}

    def teardown(self) -> None:
        self.session.rollback()
        self.context.pop()

    def seen(self, item: int) -> Seen:
        query = sa.select(ItemRevision).where(ItemRevision.item_id == self.items[item])
        last = self.session.scalars(query.order_by(ItemRevision.number.desc()).limit(1)).one()
        return Seen(last.number, last.edition)

    def attempt(self, act: Callable[[], Any]) -> Any:
        with suppress(Refusal), self.session.begin_nested():
            return act()
        return None

    @rule(who=PEOPLE, item=ITEMS, stem=STEMS, old=st.booleans())
    def save(self, who: int, item: int, stem: str, old: bool) -> None:
        seen = self.seen(item)
        used = Seen(seen.revision, max(1, seen.edition - 1)) if old else seen
        person = self.people[who]
        made = self.attempt(lambda: revisions.save(self.session, person, self.items[item], used, {"stem": stem}, NOW))
        if made is not None and made.edition > seen.edition:
            self.wrote[self.items[item], made.number].add(person.user_id)

    @rule(who=PEOPLE, item=ITEMS)
    def start(self, who: int, item: int) -> None:
        made = self.attempt(lambda: revisions.start_revision(self.session, self.people[who], self.items[item], NOW))
        if made is not None:
            from_given_up = self.wrote[self.items[item], made.number - 1] if made.base == 0 else set()
            self.wrote[self.items[item], made.number] = {self.people[who].user_id} | from_given_up

    @rule(who=PEOPLE, item=ITEMS, act=st.sampled_from(["submit", "take_back", "approve", "rebase", "put_in_use"]))
    def judge(self, who: int, item: int, act: str) -> None:
        doing = getattr(use if act == "put_in_use" else revisions if act == "rebase" else review, act)
        number = self.items[item]
        made = self.attempt(lambda: doing(self.session, self.people[who], number, self.seen(item), NOW))
        if made is not None and act == "rebase":
            self.wrote[number, made.number].add(self.people[who].user_id)

    @rule(who=PEOPLE, other=PEOPLE, item=ITEMS)
    def go_on(self, who: int, other: int, item: int) -> None:
        """What people usually do next; it succeeds often enough for the rest to meet every state."""
        self.judge(who, item, "submit")
        self.judge(other, item, "approve")
        self.judge(who, item, "put_in_use")

    @rule(who=PEOPLE, item=ITEMS, act=st.sampled_from(["retire", "reinstate", "compromise", "clear"]))
    def withdraw(self, who: int, item: int, act: str) -> None:
        doing = {"retire": use.retire, "reinstate": use.reinstate, "compromise": compromise.mark_compromised,
                 "clear": compromise.clear_compromised}[act]  # fmt: skip
        self.attempt(lambda: doing(self.session, self.people[who], self.items[item], "reason", NOW))

    @rule(who=PEOPLE, item=ITEMS)
    def give_up_or_send_back(self, who: int, item: int) -> None:
        person, number = self.people[who], self.items[item]
        self.attempt(lambda: review.send_back(self.session, person, number, self.seen(item), "why", NOW))
        if who == 0:
            self.attempt(lambda: revisions.abandon(self.session, person, number, self.seen(item), "", NOW))

    @rule(who=PEOPLE, act=st.sampled_from(bulk.Act))
    def all_at_once(self, who: int, act: bulk.Act) -> None:
        person = self.people[who]
        found = bulk.preview(self.session, person, act, self.items, "reason")
        done = bulk.run(self.session, person, act, self.items, found.token, NOW, "reason")
        assert done == found

    @rule(item=ITEMS, stem=STEMS.filter(bool))
    def operator_imports(self, item: int, stem: str) -> None:
        kept = self.attempt(lambda: keep_items(self.session, SYSTEM, [bank_item(f"L-{item}", stem=stem)]))
        if kept and kept.changed:
            query = sa.select(sa.func.max(ItemVersion.id)).where(ItemVersion.item_id == self.items[item])
            self.imported.add(self.session.scalar(query) or 0)

    @invariant()
    def four_eyes(self) -> None:
        self.session.flush()
        self.session.expire_all()
        for one in self.session.scalars(sa.select(ItemRevision)):
            if one.state in ("approved", "in_use"):
                assert one.approved_by is not None
                assert one.approved_by not in self.wrote[one.item_id, one.number]

    @invariant()
    def versions_are_immutable_and_come_from_approved_revisions(self) -> None:
        versions = self.session.scalars(sa.select(ItemVersion)).all()
        for one in versions:
            assert self.kept.setdefault(one.id, one.digest) == one.digest == as_bank_item(one).digest()
            query = sa.select(ItemRevision).where(
                ItemRevision.item_id == one.item_id, ItemRevision.version_number == one.number
            )
            revision = self.session.scalars(query).one_or_none()
            assert (revision is None) == (one.id in self.imported)
            if revision:
                assert content_of(as_bank_item(one)) | {"author": revision.content["author"]} == revision.content
        assert set(self.kept) == {one.id for one in versions}

    @invariant()
    def the_pool_is_what_is_in_use_and_not_compromised(self) -> None:
        query = sa.select(Item.code).where(Item.state == "in_use", Item.compromised_at.is_(None))
        pool = load_pool(self.session, SCHEME, LEVEL)
        assert [one.id for one in pool] == sorted(self.session.scalars(query))


@pytest.mark.usefixtures("session")
def test_four_eyes_hold_in_any_order(app: Flask) -> None:
    Life.app = app
    run_state_machine_as_test(  # type: ignore[no-untyped-call]
        Life, settings=settings(max_examples=25, stateful_step_count=30, deadline=None,
                                suppress_health_check=list(HealthCheck))
    )  # fmt: skip

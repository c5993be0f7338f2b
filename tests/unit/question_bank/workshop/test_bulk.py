"""Many items at once: announced, then done."""

from __future__ import annotations

import pytest
from sqlalchemy.orm import Session

from app.core.errors import NotFound, Refusal
from question_bank.workshop import bulk, compromise, review, revisions
from question_bank.workshop.bulk import Act, preview, run
from tests.factories import workshop
from tests.factories.workshop import NOW, draft, seen

SHARED = {"id": "C-1", "title": "数据", "text": "上午 80 通", "audio": "", "plays": 0, "media": {}}


def outcome(found: bulk.Preview) -> dict[str, str]:
    return {line.code: line.refusal or "happens" for line in found.lines}


def test_each_line_says_what_happens_or_why_not(session: Session) -> None:
    author, reviewer = workshop.person(session), workshop.person(session)
    ready = draft(session, author, "A-1")
    incomplete = draft(session, author, "A-2", rationale="")
    waiting = draft(session, author, "A-3")
    review.submit(session, author, waiting.item_id, seen(waiting), NOW)
    done = workshop.in_use(session, author, reviewer, "A-4")
    ids = [ready.item_id, incomplete.item_id, waiting.item_id, done]
    found = preview(session, author, Act.SUBMIT, ids)
    assert outcome(found) == {
        "A-1": "happens", "A-2": "item_incomplete", "A-3": "revision_state", "A-4": "no_open_revision",
    }  # fmt: skip
    assert run(session, author, Act.SUBMIT, ids, found.token, NOW) == found
    assert [one.state for one in (ready, incomplete, waiting)] == ["in_review", "draft", "in_review"]
    assert outcome(preview(session, author, Act.APPROVE, ids))["A-1"] == "four_eyes"
    assert outcome(preview(session, reviewer, Act.APPROVE, ids))["A-1"] == "happens"
    assert outcome(preview(session, reviewer, Act.RETIRE, ids, "过时"))["A-4"] == "happens"
    assert outcome(preview(session, reviewer, Act.RETIRE, ids))["A-4"] == "reason_needed"


def test_a_token_is_for_one_state_act_and_person(session: Session) -> None:
    author, reviewer = workshop.person(session), workshop.person(session)
    one = draft(session, author, "A-1")
    token = preview(session, author, Act.SUBMIT, [one.item_id]).token
    with pytest.raises(Refusal, match="changed since the preview"):
        run(session, reviewer, Act.SUBMIT, [one.item_id], token, NOW)
    revisions.save(session, author, one.item_id, seen(one), {"point": "提问"}, NOW)
    with pytest.raises(Refusal, match="changed since the preview"):
        run(session, author, Act.SUBMIT, [one.item_id], token, NOW)
    assert one.state == "draft"


def test_a_case_set_changes_together(session: Session) -> None:
    author, reviewer = workshop.person(session), workshop.person(session)
    ids = [workshop.in_use(session, author, reviewer, code, stimulus=SHARED) for code in ("A-1", "A-2")]
    for item in ids:
        one = revisions.start_revision(session, author, item, NOW)
        revisions.save(session, author, item, seen(one), {"stimulus": SHARED | {"text": "上午 90 通"}}, NOW)
        review.submit(session, author, item, seen(one), NOW)
        review.approve(session, reviewer, item, seen(one), NOW)
    assert outcome(preview(session, reviewer, Act.PUT_IN_USE, ids[:1])) == {"A-1": "stimulus_apart"}
    found = preview(session, reviewer, Act.PUT_IN_USE, ids)
    assert outcome(found) == {"A-1": "happens", "A-2": "happens"}
    run(session, reviewer, Act.PUT_IN_USE, ids, found.token, NOW)


def test_withdrawn_and_brought_back(session: Session) -> None:
    author, reviewer = workshop.person(session), workshop.person(session)
    ids = [workshop.in_use(session, author, reviewer, code) for code in ("A-1", "A-2")]
    compromise.mark_compromised(session, reviewer, ids[0], "外泄", NOW)
    for act, expected in ((Act.COMPROMISE, "already_compromised"), (Act.RETIRE, "happens"), (Act.REINSTATE, "happens")):
        found = preview(session, reviewer, act, ids, "外泄")
        assert outcome(found) == {"A-1": expected, "A-2": "happens"}
        run(session, reviewer, act, ids, found.token, NOW, "外泄")


def test_what_is_not_there_and_what_is_too_much(session: Session) -> None:
    person = workshop.person(session)
    with pytest.raises(NotFound):
        preview(session, person, Act.SUBMIT, [1])
    for ids in ([], range(bulk.MOST + 1)):
        with pytest.raises(Refusal, match="at once"):
            preview(session, person, Act.SUBMIT, ids)

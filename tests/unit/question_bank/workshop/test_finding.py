from __future__ import annotations

from typing import Any

import pytest
from sqlalchemy.orm import Session

from question_bank.workshop import compromise, revisions, use
from question_bank.workshop.finding import find, find_ids
from question_bank.workshop.wanted import Wanted
from tests.factories import workshop
from tests.factories.workshop import NOW, draft, seen

SHARED = {"id": "C-1", "title": "数据", "text": "上午 80 通", "audio": "", "plays": 0, "media": {}}
WANTED: list[tuple[dict[str, Any], str]] = [
    ({}, "12345"), ({"words": "夜班"}, "2"), ({"words": "a-3"}, "3"), ({"words": "%_"}, "3"),
    ({"state": "in_use"}, "124"), ({"state": "draft"}, "3"), ({"state": "retired"}, "5"),
    ({"revision": "draft"}, "23"), ({"revision": "none"}, "145"), ({"revision": "approved"}, ""),
    ({"type": "multiple"}, "3"), ({"type": "single"}, "1245"), ({"row": "五"}, "12345"), ({"row": "六"}, ""),
    ({"compromised": True}, "4"), ({"compromised": False}, "1235"), ({"stimulus": "C-1"}, "3"),
    ({"level": "senior"}, ""), ({"level": "junior"}, "12345"), ({"scheme": "X"}, ""), ({"unused": True}, "12345"),
    ({"case": False}, "12345"), ({"papers_from": 1}, ""), ({"point": "倾听技巧"}, "1245"),
    ({"author": "题库"}, "1245"), ({"share_from": 0}, ""), ({"content": "客户服务技巧"}, "12345"),
]  # fmt: skip


@pytest.fixture
def bank(session: Session) -> dict[str, Any]:
    """A-1 in use, A-2 in use with a draft over it, A-3 only a draft, A-4 compromised, A-5 retired."""
    author, reviewer = workshop.person(session), workshop.person(session)
    ids = {code: workshop.in_use(session, author, reviewer, code) for code in ("A-1", "A-2", "A-4", "A-5")}
    one = revisions.start_revision(session, author, ids["A-2"], NOW)
    revisions.save(session, author, ids["A-2"], seen(one), {"stem": "夜班座席应当怎么做？", "case": True}, NOW)
    ids["A-3"] = draft(session, author, "A-3", type="multiple", stimulus=SHARED, point="100%_好").item_id
    compromise.mark_compromised(session, reviewer, ids["A-4"], "外泄", NOW)
    use.retire(session, reviewer, ids["A-5"], "过时", NOW)
    return {"ids": ids, "author": author, "reviewer": reviewer}


@pytest.mark.usefixtures("bank")
def test_what_fits(session: Session) -> None:
    for wanted, expected in WANTED:
        page = find(session, Wanted(**wanted), 1, 50)
        assert (wanted, [row.code for row in page.rows]) == (wanted, [f"A-{one}" for one in expected])
        assert page.total == len(expected) == len(find_ids(session, Wanted(**wanted), 50)), wanted


def test_people(session: Session, bank: dict[str, Any]) -> None:
    assert find(session, Wanted(reviewer=bank["reviewer"].name), 1, 50).total == 4
    assert [row.code for row in find(session, Wanted(mine=bank["author"].user_id), 1, 50).rows] == ["A-2", "A-3"]
    row = find(session, Wanted(words="A-3"), 1, 50).rows[0]
    assert (row.version, row.revision, row.revision_state, row.author) == (None, 1, "draft", bank["author"].name)


@pytest.mark.usefixtures("bank")
def test_pages_and_order(session: Session) -> None:
    page = find(session, Wanted(descending=True), 2, 2)
    assert ([row.code for row in page.rows], page.total, page.pages) == (["A-3", "A-2"], 5, 3)
    assert find(session, Wanted(), 99, 2).number == 3
    for sort in ("changed", "difficulty", "share", "correlation", "papers", "last_used"):
        assert len(find(session, Wanted(sort=sort), 1, 50).rows) == 5

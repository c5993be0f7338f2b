"""How a paper is laid out for its page."""

from __future__ import annotations

from typing import Any

import pytest
from flask import Flask

from app.core import clock
from app.core.db import db
from app.delivery import attempts
from app.web import access
from app.web.candidate.paper import sections, tasks
from tests.factories import kinds

ORDER = ["truefalse", "single", "multiple", "fill"]


def entry(position: int, kind: str, stimulus: int = 0, marks: float = 1) -> dict[str, Any]:
    made = {"position": position, "type": kind, "marks": marks}
    return made | {"stimulus": stimulus} if stimulus else made


def test_a_material_stands_before_its_items_in_the_section_of_most_of_them() -> None:
    entries = [
        entry(1, "truefalse"), entry(2, "single", 1, 5), entry(3, "fill", 1, 4), entry(4, "single", 1, 5),
        entry(5, "single", 0, 5), entry(6, "fill", 2, 4), entry(7, "single", 2, 5), entry(8, "fill", 0, 4),
    ]  # fmt: skip
    found = sections(entries, [{"number": 1}, {"number": 2}], ORDER, partial=True)
    assert [(one.type, one.marks, one.mixed) for one in found] == [
        ("truefalse", 1, False), ("single", 5, True), ("fill", 4, False),
    ]  # fmt: skip
    assert [[item["position"] for item in group.entries] for group in found[1].groups] == [[2, 3, 4], [5], [6, 7]]
    assert [group.stimulus for group in found[1].groups] == [{"number": 1}, None, {"number": 2}]


def test_nothing_is_moved_and_nothing_left_out() -> None:
    entries = [entry(place, kind) for place, kind in enumerate(["fill", "single", "fill", "single"], 1)]
    found = sections(entries, [], ORDER, partial=False)
    assert [item["position"] for one in found for item in one.entries] == [1, 2, 3, 4]
    assert len({one.anchor for one in found}) == 4


@pytest.mark.parametrize("kind", ["multiple", "fill", "ordering", "matching"])
def test_how_parts_count_is_said_as_the_scheme_decides(kind: str) -> None:
    assert tasks(kind, partial=True) != tasks(kind, partial=False)


def test_the_page_keeps_keys_and_escapes_what_was_typed(store: Flask) -> None:
    with store.app_context():
        sitting = kinds.open_sitting(db.session())
        attempts.start(db.session(), sitting.sitter, sitting.attempt_id, clock.now())
        db.session.commit()
    client = store.test_client()
    with store.test_request_context():
        login = db.session.get_one(access.Login, sitting.login_id)
        headers = {"Authorization": f"Bearer {access.bearer_token(login)}"}
    started = client.post(f"/api/v1/attempts/{sitting.attempt_id}/start", headers=headers).json
    place = next(item["position"] for item in started["paper"]["items"] if item["type"] == "open")
    change = {"seq": 1, "position": place, "answer": ["\n</textarea><script>alert(1)</script>"]}
    url = f"/api/v1/attempts/{sitting.attempt_id}/changes"
    assert client.post(url, json={"client": started["client"], "changes": [change]}, headers=headers).status_code == 200
    page = client.get(f"/exam/{sitting.attempt_id}", headers=headers)
    assert page.status_code == 200
    assert "\n\n&lt;/textarea&gt;&lt;script&gt;" in page.text
    assert "<script>alert" not in page.text
    for kept in (*kinds.SECRETS, "told-to-nobody", "KD-", "八十"):
        assert kept not in page.text

"""The editor and the acts of an item's life on screen: what was typed is never lost, and refusals say why."""

from __future__ import annotations

import hashlib
import io
import re

import pytest
import sqlalchemy as sa
from flask import Flask
from sqlalchemy.orm import Session

from app.models.account import Role
from app.models.bank import Item
from app.models.workshop import ItemRevision
from question_bank.workshop import reading, review
from tests.factories import kinds, workshop
from tests.web.author.desk import Desk, typed

LEVEL = f"{workshop.SCHEME}/junior"


def draft(session: Session, author: Desk, code: str = "A-1") -> ItemRevision:
    made = workshop.draft(session, author.actor, code)
    session.commit()
    return made


def newest(session: Session, code: str = "A-1") -> ItemRevision:
    session.expire_all()
    query = sa.select(ItemRevision).join(Item).where(Item.code == code).order_by(ItemRevision.number.desc())
    return session.scalars(query).first() or pytest.fail(f"there is no {code}")


def test_a_new_item_begins_with_the_fields_of_its_type(author: Desk, session: Session) -> None:
    author.post("/items/new", level=LEVEL, type="multiple", code="A-1")
    page = author.get("/items/A-1/edit")
    assert page.count('name="option-') == 5
    taken = author.post("/items/new", 422, level=LEVEL, type="single", code="A-1").text
    assert "A-1" in taken
    author.post("/items/new", 422, level=LEVEL, type="single", code="no blanks please")
    assert 'value="A-2"' in author.get("/items/new?like=A-1")
    author.get("/items/new?like=B-9", 404)


def test_what_cannot_be_kept_stays_in_the_form(author: Desk, session: Session) -> None:
    made = draft(session, author)
    answer = author.post("/items/A-1/edit", 422, **typed(made, stem="很长" * 1500, rationale="刚写的解析"))
    assert "刚写的解析" in answer.text
    assert "很长很长" in answer.text
    assert newest(session).edition == 1
    answer = author.post("/items/A-1/edit", 422, **typed(made, seconds="often", enemies="Z-9"))
    assert 'value="often"' in answer.text
    answer = author.post("/items/A-1/edit", 422, **typed(made, enemies="Z-9", stem="另一个题干？"))
    assert "Z-9" in answer.text
    assert newest(session).edition == 1


def test_submitting_what_is_incomplete_keeps_it_and_says_what_is_missing(author: Desk, session: Session) -> None:
    made = draft(session, author)
    answer = author.post("/items/A-1/edit", 422, **typed(made, rationale="", do="submit"))
    assert 'role="alert"' in answer.text
    kept = newest(session)
    assert (kept.state, kept.content["rationale"], kept.edition) == ("draft", "", 2)
    assert f'name="edition" value="{kept.edition}"' in answer.text
    assert 'href="#f-rationale"' in author.get("/items/A-1/edit")


def test_what_says_the_same_is_not_submitted(author: Desk, reviewer: Desk, session: Session) -> None:
    workshop.in_use(session, author.actor, reviewer.actor, "A-1")
    session.commit()
    author.post("/items/A-1/writing/revise")
    answer = author.post("/items/A-1/edit", 409, **typed(newest(session), do="submit"))
    assert 'name="revision" value="2"' in answer.text
    author.post("/items/A-1/edit", **typed(newest(session), stem="有了改动？", do="submit"))
    assert newest(session).state == "in_review"


def test_a_type_that_nobody_knows_is_shown_as_far_as_it_goes(author: Desk, session: Session) -> None:
    made = draft(session, author)
    author.post("/items/A-1/edit", **typed(made, type="riddle"))
    for page in ("", "/edit", "/preview", "/review"):
        assert "A-1" in author.get(f"/items/A-1{page}")


def test_two_texts_for_one_field_are_both_shown(author: Desk, reviewer: Desk, store: Flask, session: Session) -> None:
    made = draft(session, author)
    other = Desk(store, session, Role.AUTHOR)
    other.post("/items/A-1/edit", **typed(made, stem="别人的题干？", source="别人的依据"))
    answer = author.post("/items/A-1/edit", 409, **typed(made, stem="我的题干？", rationale="我的解析"))
    assert "别人的" in answer.text
    fields = dict(re.findall(r'name="(source|edition)" value="([^"]*)"', answer.text))
    assert fields == {"source": "别人的依据", "edition": "2"}
    assert re.search(r'<textarea[^>]*name="stem"[^>]*>\n我的题干？', answer.text)
    assert re.search(r'<textarea[^>]*name="rationale"[^>]*>\n我的解析', answer.text)
    gone = author.post("/items/A-1/edit", 409, **{**typed(made, stem="很久以前？"), "revision": 9})
    assert "很久以前？" in gone.text


@pytest.mark.parametrize(
    ("do", "letters", "key"),
    [("add-option", "ABCDE", ["B"]), ("remove-option:A", "ABC", ["A"]), ("remove-option:B", "ABC", [])],
)
def test_buttons_save_and_change(author: Desk, session: Session, do: str, letters: str, key: list[str]) -> None:
    made = draft(session, author)
    author.post("/items/A-1/edit", **typed(made, stem="新的题干？", do=do))
    kept = newest(session)
    assert ("".join(kept.content["options"]), kept.content["key"], kept.content["stem"]) == (letters, key, "新的题干？")


def test_enemies_come_and_go_with_the_form(author: Desk, session: Session) -> None:
    made = draft(session, author)
    draft(session, author, "A-2")
    draft(session, author, "A-3")
    author.post("/items/A-1/edit", **typed(made, enemies="A-2，A-3"))
    author.post("/items/A-1/edit", **typed(newest(session), enemies="A-3"))
    file = reading.item_file(session, made.item_id)
    assert [one.code for one in file.enemies] == ["A-3"]
    author.post("/items/A-1/enemies", remove="A-3")
    author.post("/items/A-1/enemies", enemy="A-2")
    session.expire_all()
    assert [one.code for one in reading.item_file(session, made.item_id).enemies] == ["A-2"]


def test_files_that_come_in_are_shown_to_staff_alone(author: Desk, store: Flask, session: Session) -> None:
    made = draft(session, author)
    picture = (io.BytesIO(kinds.chart()), "图 (1).png")
    author.post("/items/A-1/edit", **typed(made, picture=picture, **{"picture-alt": "柱形[图]"}))
    kept = newest(session).content
    assert kept["stem"].endswith("![柱形（图）](图-1-.png)")
    digest = hashlib.sha256(kinds.chart()).hexdigest()
    assert kept["media"] == {"图-1-.png": digest}
    answer = author.client.get(f"/bank/media/{digest}", headers=author.headers)
    assert (answer.mimetype, answer.data) == ("image/png", kinds.chart())
    assert "sandbox" in answer.headers["Content-Security-Policy"]
    author.get(f"/media/{'0' * 64}", 404)
    candidate = Desk(store, session, Role.CANDIDATE)
    candidate.get(f"/media/{digest}", 403)
    sound = (io.BytesIO(kinds.tone()), "a.wav")
    shared = {"stimulus-id": "M-1", "stimulus-title": "留言", "stimulus-text": "听录音。"}
    author.post("/items/A-1/edit", **typed(newest(session), recording=sound, **shared))
    material = newest(session).content["stimulus"]
    assert (material["audio"], material["plays"]) == ("a.wav", 2)
    for name, content in (("picture", kinds.tone()), ("recording", kinds.chart()), ("picture", b"<svg/>")):
        author.post("/items/A-1/edit", 422, **typed(newest(session), **{name: (io.BytesIO(content), "a.png")}))


def test_material_that_is_there_is_taken(author: Desk, session: Session) -> None:
    shared = {"id": "M-1", "title": "案例", "text": "经过。", "audio": "", "plays": 0, "media": {}}
    workshop.draft(session, author.actor, "A-2", stimulus=shared)
    made = draft(session, author)
    assert 'value="M-1"' in author.get("/items/A-1/edit")
    author.post("/items/A-1/edit", **typed(made, do="take-material", material="M-1"))
    assert newest(session).content["stimulus"] == shared
    author.post("/items/A-1/edit", **typed(newest(session), do="remove-material"))
    assert newest(session).content["stimulus"] is None
    author.post("/items/A-1/edit", 404, **typed(newest(session), do="take-material", material="M-9"))


def test_the_whole_life(author: Desk, reviewer: Desk, session: Session) -> None:
    made = draft(session, author)
    seen = {"revision": 1, "edition": 1}
    author.post("/items/A-1/writing/submit", **seen)
    reviewer.post("/items/A-1/judging/send-back", **seen, reason="换一个干扰项")
    assert "换一个干扰项" in author.get("/items/A-1/edit")
    author.post("/items/A-1/writing/submit", **seen)
    author.post("/items/A-1/writing/take-back", **seen)
    author.post("/items/A-1/edit", **typed(made, stem="改过的题干？", do="submit"))
    reviewer.post("/items/A-1/judging/approve", 409, **seen)
    seen = {"revision": 1, "edition": 2}
    reviewer.post("/items/A-1/judging/approve", **seen)
    reviewer.post("/items/A-1/judging/put-in-use", **seen)
    reviewer.post("/items/A-1/judging/retire", 422, reason=" ")
    reviewer.post("/items/A-1/judging/retire", reason="教材改版")
    reviewer.post("/items/A-1/judging/reinstate", reason="仍然适用")
    author.post("/items/A-1/writing/revise")
    author.post("/items/A-1/writing/give-up", revision=2, edition=1, reason="")
    page = reviewer.get("/items/A-1")
    for words in ("换一个干扰项", "教材改版", "仍然适用", "启用"):
        assert words in page
    author.client.get("/bank/items/A-1/edit", headers=author.headers)
    assert "A-1" in author.get("/items/A-1/changes?before=r1.1&after=v1")


def test_comments_are_made_dealt_with_and_opened_again(author: Desk, reviewer: Desk, session: Session) -> None:
    made = draft(session, author)
    reviewer.post("/items/A-1/comments", text="选项 B 太长", field="options.B", **{"from": "review"})
    reviewer.post("/items/A-1/comments", 422, text="")
    (one,) = reading.item_file(session, made.item_id).comments
    assert "选项 B 太长" in author.get("/items/A-1/edit")
    author.post(f"/items/A-1/comments/{one.id}", done="1")
    assert "选项 B 太长" not in author.get("/items/A-1/edit")
    author.post(f"/items/A-1/comments/{one.id}", done="0")
    assert "选项 B 太长" in author.get("/items/A-1/edit")


def test_nobody_judges_their_own(store: Flask, session: Session) -> None:
    both = Desk(store, session, Role.AUTHOR, Role.REVIEWER)
    made = draft(session, both)
    review.submit(session, both.actor, made.item_id, workshop.seen(made), workshop.NOW)
    session.commit()
    assert "/judging/approve" not in both.get("/items/A-1/review")
    both.post("/items/A-1/judging/approve", 409, revision=1, edition=1)
    assert newest(session).state == "in_review"


def test_every_type_is_shown_as_on_a_paper_and_with_its_key(author: Desk, store: Flask, session: Session) -> None:
    kinds.bank(session)
    session.commit()
    for item in kinds.paper():
        for page in (author.get(f"/items/{item.id}/preview"), author.get(f"/items/{item.id}/preview?width=narrow")):
            assert 'class="item"' in page
            assert not any(secret in page for secret in kinds.SECRETS[:2])
        assert kinds.SECRETS[0] in author.get(f"/items/{item.id}")

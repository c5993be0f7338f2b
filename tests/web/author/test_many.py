"""Bulk acts, what is withdrawn, and items in files, on screen."""

from __future__ import annotations

import io
import re
import zipfile
from decimal import Decimal

import sqlalchemy as sa
from flask import Flask
from sqlalchemy.orm import Session

from app.core.audit import SYSTEM
from app.models.account import Role
from app.models.audit import AuditLine
from app.models.bank import Item
from question_bank.formats.excel_writing import write_excel
from question_bank.items import keep_items
from tests.factories import theory, workshop
from tests.factories.items import bank_item
from tests.web.author.desk import Desk


def hidden(page: str, name: str) -> list[str]:
    return re.findall(rf'name="{name}" value="([^"]*)"', page)


def test_first_the_preview_then_exactly_that(author: Desk, reviewer: Desk, session: Session) -> None:
    ids = [workshop.in_use(session, author.actor, reviewer.actor, code) for code in ("U-1", "U-2")]
    ids.append(workshop.draft(session, author.actor, "U-3").item_id)
    session.commit()
    page = reviewer.post("/many", 200, act="retire", item=ids, reason="教材改版").text
    assert page.count('class="badge good"') == 2
    assert session.scalars(sa.select(Item.state).where(Item.code == "U-1")).one() == "in_use"
    form = {name: hidden(page, name)[0] for name in ("act", "reason", "token")}
    workshop.review.submit(session, author.actor, ids[2], workshop.Seen(1, 1), workshop.NOW)
    session.commit()
    stale = reviewer.post("/many/run", 409, item=ids, **form).text
    reviewer.post("/many/run", item=ids, **{**form, "token": hidden(stale, "token")[0]})
    assert set(session.scalars(sa.select(Item.state).where(Item.id.in_(ids[:2])))) == {"retired"}


def test_all_that_fit_the_filters(author: Desk, reviewer: Desk, session: Session) -> None:
    keep_items(session, SYSTEM, [bank_item(f"L-{number}") for number in range(60)])
    session.commit()
    page = reviewer.post("/many?words=L-1", 200, act="retire", all="1", reason="旧").text
    assert len(hidden(page, "item")) == 11
    reviewer.post("/many", 422, act="retire", reason="旧")
    reviewer.post("/many", 422, act="", item=["1"])
    reviewer.post("/many", 404, act="retire", item=["999999"], reason="旧")
    reviewer.post("/many", 403, act="submit", item=["1"])
    author.post("/many", 403, act="approve", item=["1"])


def test_a_withdrawn_item_names_its_papers(store: Flask, session: Session, reviewer: Desk) -> None:
    (sitting,) = theory.open_sitting(session)
    paper = sitting and session.scalars(sa.text("SELECT items->0->>'version_id' FROM paper")).one()
    code = session.scalars(
        sa.text("SELECT i.code FROM item i JOIN item_version v ON v.item_id = i.id WHERE v.id = :v").bindparams(
            v=int(paper)
        )
    ).one()
    session.commit()
    registrar = Desk(store, session, Role.REGISTRAR)
    registrar.post("/exposure", 422, code="none", reason="论坛")
    assert "论坛" in registrar.post("/exposure", 422, code="none", reason="论坛").text
    registrar.post("/exposure", 422, code=code, reason="")
    registrar.post("/exposure", code=code, reason="论坛上有原题")
    page = registrar.get(f"/exposure?item={code}")
    assert page.count("<strong>") >= 2
    assert "论坛上有原题" in page
    registrar.post("/exposure", 409, code=code, reason="又一次")
    registrar.get(f"/items/{code}", 403)
    reviewer.post(f"/items/{code}/judging/clear", reason="误报")
    assert "none" in reviewer.get("/exposure?item=none")
    Desk(store, session, Role.AUDITOR).post("/exposure", 403, code=code, reason="不可")


def workbook(*items: object) -> bytes:
    return write_excel(items)[0]  # type: ignore[arg-type]


def sent(content: bytes, name: str = "题目.xlsx") -> tuple[io.BytesIO, str]:
    return io.BytesIO(content), name


def test_a_rehearsal_changes_nothing_and_its_file_comes_in(author: Desk, session: Session) -> None:
    author.post("/import", 422)
    page = author.post("/import", 200, file=sent(workbook(bank_item("E-1"), bank_item("E-2")))).text
    assert session.scalar(sa.select(sa.func.count(Item.id))) == 0
    (token,) = set(hidden(page, "token"))
    author.post("/import/run", 409, token="another")
    author.post("/import/run", token=token)
    session.rollback()
    assert set(session.scalars(sa.select(Item.state))) == {"draft"}
    author.post("/import/run", 409, token=token)


def test_problems_stand_by_their_cells_and_in_a_copy(author: Desk, session: Session) -> None:
    wrong = workbook(bank_item("E-1"), bank_item("E-2", difficulty=Decimal("1.5")))
    page = author.post("/import", 422, file=sent(wrong)).text
    assert re.search(r"[A-Z]+3 单元格", page)
    assert "/import/run" not in page
    copy = author.post("/import/corrected", 200, token=hidden(page, "token")[0])
    assert any("comments" in name for name in zipfile.ZipFile(io.BytesIO(copy.data)).namelist())
    for name, content in (
        ("a.xlsx", b"PK\x03\x04 broken"),
        ("a.exe", b"MZ"),
        ("a.xml", b"<!DOCTYPE a [<!ENTITY b 'c'>]>"),
    ):
        author.post("/import", 422, file=sent(content, name))
    template = author.client.get("/bank/import/template", headers=author.headers)
    assert template.data.startswith(b"PK")


def test_what_a_file_does_not_say_is_taken_from_the_form(author: Desk, session: Session) -> None:
    gift = "::G1::客户先说什么？{=您好 ~喂 ~谁}"
    place = {"level": f"{workshop.SCHEME}/junior", "place": "五/客户服务技巧", "prefix": "G"}
    page = author.post("/import", 200, file=sent(gift.encode(), "a.gift"), **place).text
    author.post("/import/run", token=hidden(page, "token")[0])
    session.rollback()
    assert session.scalars(sa.select(Item.level)).one() == "junior"


def test_losses_are_told_before_anything_leaves(author: Desk, session: Session) -> None:
    author.get("/export")
    assert 'role="alert"' in author.get("/export?format=gift")
    keep_items(session, SYSTEM, [bank_item("X-1"), bank_item("X-2")])
    session.commit()
    page = author.get("/export?format=aiken&words=X-1")
    assert "X-1" in page
    assert "X-2" not in page
    exported = sa.select(sa.func.count(AuditLine.id)).where(AuditLine.tag == "bank:exported")
    assert session.scalar(exported) == 0
    answer = author.post("/export?format=yaml&words=X-1", 200)
    assert "X-1" in answer.text
    assert "X-2" not in answer.text
    session.rollback()
    assert session.scalar(exported) == 1
    author.post("/export?format=riddle", 422)

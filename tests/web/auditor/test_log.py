"""The log of decisions as an auditor reads it."""

from __future__ import annotations

from flask import Flask
from sqlalchemy.orm import Session

from app.core import audit
from app.models.account import Role
from tests.factories import people
from tests.web.visits import visitor


def test_a_line_is_told_in_words(store: Flask, session: Session) -> None:
    headers = people.bearer(store, session, people.user(session, Role.AUDITOR))
    audit.record(session, "certificate:suspended", audit.SYSTEM, "certificate", "A-1", reason="复核", replaces=None)
    audit.record(session, "kind_of:an_older:release", audit.SYSTEM, "certificate", "A-2")
    session.commit()
    client = visitor(store)
    page = client.get("/audit/", headers=headers).text
    assert "暂停证书" in page
    assert '<code class="tag">certificate:suspended</code>' in page
    assert "证书 A-1" in page
    assert "原因：复核" in page
    assert "替换：—" in page
    assert "kind of:an older:release" in page
    narrowed = client.get("/audit/?tag=kind_of", headers=headers).text
    assert "暂停证书" not in narrowed
    last = session.execute(audit.text("SELECT max(id) FROM audit_line")).scalar_one()
    assert "最新记录" in client.get(f"/audit/?before={last}", headers=headers).text

"""Four eyes over how certificates look; what was issued stays as it is."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import pytest
from sqlalchemy.orm import Session

from app.core.audit import Actor
from app.core.errors import Refusal
from app.models.account import Role, User
from app.models.sheet_forms import FormState
from certificates.drawing.template import built_in
from certificates.templates import versions
from tests.factories import certificates, people

SCHEME = "PTS152010301-01"
NOW = datetime(2026, 11, 22, 8, 0, tzinfo=UTC)


def actor(user: User) -> Actor:
    return Actor(user.id, user.username, "web")


def new_title(title: str) -> dict[str, Any]:
    return built_in().model_dump(mode="json") | {"title": {"zh": title, "en": "CERTIFICATE"}}


def test_another_registrar_puts_it_in_force_and_old_certificates_keep_their_bytes(session: Session) -> None:
    author, other = (people.user(session, Role.REGISTRAR) for _ in range(2))
    old = certificates.issued(session, name="王小明")
    before = (old.pdf, old.sha256)
    one = versions.start(session, actor(author), SCHEME, NOW)
    versions.save(session, actor(author), one.id, one.edition, new_title("岗位能力证书"), NOW)
    versions.submit(session, actor(author), one.id, one.edition, "新名称", NOW)
    with pytest.raises(Refusal) as refused:
        versions.approve(session, actor(author), one.id, "", NOW)
    assert refused.value.code == "template_own"
    assert versions.body_in_force(session, SCHEME) == built_in()
    versions.approve(session, actor(other), one.id, "", NOW)
    assert versions.body_in_force(session, SCHEME).title.zh == "岗位能力证书"
    new = certificates.issued(session, name="李小红")
    assert "岗位能力证书" in _said(new.pdf)
    assert (old.pdf, old.sha256) == before
    assert "水平评价证书" in _said(old.pdf)


def _said(pdf: bytes) -> str:
    from io import BytesIO

    from pypdf import PdfReader

    return "".join(PdfReader(BytesIO(pdf)).pages[0].extract_text().split())


def test_one_is_in_force_at_a_time(session: Session) -> None:
    author, other = (people.user(session, Role.REGISTRAR) for _ in range(2))
    made = []
    for title in ("甲", "乙"):
        one = versions.start(session, actor(author), SCHEME, NOW, typed=new_title(title))
        versions.submit(session, actor(author), one.id, one.edition, "试", NOW)
        made.append(versions.approve(session, actor(other), one.id, "", NOW))
    assert [one.state for one in made] == [FormState.REPLACED, FormState.IN_FORCE]


def test_only_the_author_changes_a_draft_and_never_over_an_unseen_saving(session: Session) -> None:
    author, other = (people.user(session, Role.REGISTRAR) for _ in range(2))
    one = versions.start(session, actor(author), SCHEME, NOW)
    codes = []
    for who, edition in ((other, one.edition), (author, one.edition + 1)):
        with pytest.raises(Refusal) as refused:
            versions.save(session, actor(who), one.id, edition, new_title("丙"), NOW)
        codes.append(refused.value.code)
    assert codes == ["template_of_another", "template_changed"]


def test_it_comes_back_with_a_remark_and_can_be_given_up(session: Session) -> None:
    author, other = (people.user(session, Role.REGISTRAR) for _ in range(2))
    one = versions.start(session, actor(author), SCHEME, NOW)
    versions.submit(session, actor(author), one.id, one.edition, "试", NOW)
    versions.send_back(session, actor(other), one.id, "标题太长", NOW)
    assert (one.state, one.remark) == (FormState.DRAFT, "标题太长")
    versions.abandon(session, actor(author), one.id, NOW)
    assert one.state == FormState.ABANDONED


def test_what_does_not_fit_is_not_kept(session: Session) -> None:
    author = people.user(session, Role.REGISTRAR)
    one = versions.start(session, actor(author), SCHEME, NOW)
    with pytest.raises(Refusal) as refused:
        versions.save(session, actor(author), one.id, one.edition, {"title": {"zh": "丙"}}, NOW)
    assert refused.value.code == "template_unfit"
    assert "award" in [problem["where"] for problem in refused.value.details["problems"]]

"""The registrar's list, an application with everything on file, and the decision."""

from __future__ import annotations

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.models.account import Role, RoleGrant
from app.models.registration import Conflict
from tests.factories import applicants, people
from tests.web.visits import token

Headers = dict[str, str]


def decide(client: FlaskClient, headers: Headers, number: int, decision: str, reason: str = "") -> tuple[int, str]:
    address = f"/registrar/applications/{number}"
    form = {"reason": reason, "csrf_token": token(client, address, headers)}
    answer = client.post(f"{address}/{decision}", data=form, headers=headers)
    return answer.status_code, answer.text


def test_what_waits_is_found_and_admitted(client: FlaskClient, session: Session, registrar: Headers) -> None:
    row = applicants.submitted(session)
    applicants.draft(session)
    session.commit()
    assert "1" in client.get("/registrar/", headers=registrar).text
    found = client.get("/registrar/applications?status=submitted&text=小明", headers=registrar).text
    assert f"/registrar/applications/{row.id}" in found
    assert row.candidate.identity_masked in found
    assert decide(client, registrar, row.id, "admit")[0] == 303
    session.expire_all()
    assert row.status == "admitted"


def test_what_else_an_address_holds_is_not_taken_for_a_filter(
    client: FlaskClient, session: Session, registrar: Headers
) -> None:
    applicants.submitted(session)
    session.commit()
    assert client.get("/registrar/applications?pages=2&endpoint=x&page=x", headers=registrar).status_code == 200


def test_a_refusal_without_reason_stays_on_the_page(client: FlaskClient, session: Session, registrar: Headers) -> None:
    row = applicants.submitted(session)
    session.commit()
    status, page = decide(client, registrar, row.id, "refuse")
    assert (status, "请填写理由" in page) == (422, True)
    assert decide(client, registrar, row.id, "refuse", "照片不清晰")[0] == 303
    session.expire_all()
    assert (row.status, row.decision_reason) == ("refused", "照片不清晰")


def test_a_draft_is_the_applicants_own_business(client: FlaskClient, session: Session, registrar: Headers) -> None:
    row = applicants.draft(session)
    session.commit()
    assert client.get(f"/registrar/applications/{row.id}", headers=registrar).status_code == 404


def test_all_reasons_stand_on_the_page(client: FlaskClient, session: Session, registrar: Headers) -> None:
    row = applicants.submitted(session)
    row.training_hours = 12
    row.candidate.photo = None
    session.commit()
    page = client.get(f"/registrar/applications/{row.id}", headers=registrar).text
    assert "已登记培训 12 学时，该等级要求不少于 48 学时" in page
    assert "尚未上传照片" in page
    assert decide(client, registrar, row.id, "admit")[0] == 422


def test_evidence_is_shown_to_who_may_read(client: FlaskClient, store: Flask, session: Session) -> None:
    row = applicants.submitted(session)
    session.commit()
    base = f"/registrar/applications/{row.id}"
    addresses = [f"{base}/photo", f"{base}/documents/{row.documents[0].id}", base]
    for role, status in ((Role.REGISTRAR, 200), (Role.AUDITOR, 200), (Role.PROCTOR, 403), (Role.CANDIDATE, 403)):
        headers = people.bearer(store, session, people.user(session, role))
        assert {client.get(address, headers=headers).status_code for address in addresses} == {status}


def test_an_auditor_reads_but_decides_nothing(client: FlaskClient, store: Flask, session: Session) -> None:
    row = applicants.submitted(session)
    auditor = people.bearer(store, session, people.user(session, Role.AUDITOR))
    assert decide(client, auditor, row.id, "admit")[0] in {303, 403}
    session.expire_all()
    assert row.status == "submitted"


def test_nobody_decides_their_own(client: FlaskClient, store: Flask, session: Session) -> None:
    row = applicants.submitted(session)
    row.candidate.user.grants.append(RoleGrant(role=Role.REGISTRAR))
    me = people.bearer(store, session, row.candidate.user)
    page = client.get(f"/registrar/applications/{row.id}", headers=me).text
    assert "这是您本人的报名" in page
    assert decide(client, me, row.id, "admit")[0] == 403


def test_a_conflict_is_declared_from_the_page(client: FlaskClient, session: Session, registrar: Headers) -> None:
    row, examiner = applicants.submitted(session), people.user(session, Role.EXAMINER, name="何佩珊")
    session.commit()
    address = f"/registrar/applications/{row.id}"
    form = {"examiner": examiner.id, "tie": "kin", "note": "", "csrf_token": token(client, address, registrar)}
    for _ in range(2):
        assert client.post(f"{address}/conflicts", data=form, headers=registrar).status_code == 303
    assert [one.tie for one in session.scalars(select(Conflict))] == ["kin"]
    assert "何佩珊" in client.get(address, headers=registrar).text


@pytest.mark.parametrize("query", ["?page=0", "?page=x", "?page=999999999", "?status=nonsense&level=a/b", "?text=%00"])
def test_odd_addresses_are_no_fault(client: FlaskClient, registrar: Headers, query: str) -> None:
    assert client.get(f"/registrar/applications{query}", headers=registrar).status_code < 500

"""The builder without script: start, change, mend, submit, approve; nothing typed is lost; print and preview."""

from __future__ import annotations

from typing import Any

from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.models.account import Role
from app.models.sheet_forms import FormState, SheetForm
from app.practical.forms import forms
from tests.factories import people, practical, sheet_forms
from tests.web.visits import token

Headers = dict[str, str]
HOME = "/registrar/sheet-forms"
LEVEL = "PTS152010301-01/junior"


def begun(client: FlaskClient, session: Session, registrar: Headers) -> tuple[str, dict[str, Any]]:
    """A draft begun from the page, and what its form would send."""
    form = {"level": LEVEL, "source": "in_force", "csrf_token": token(client, HOME, registrar)}
    answer = client.post(f"{HOME}/start", data=form, headers=registrar)
    assert answer.status_code == 303
    return answer.location, typed(session, registrar, client, answer.location)


def typed(session: Session, registrar: Headers, client: FlaskClient, address: str) -> dict[str, Any]:
    session.expire_all()
    one = forms.form(session, int(address.rsplit("/", 1)[1]))
    body, fields = forms.body(one), {"csrf_token": token(client, address, registrar), "edition": str(one.edition)}
    for kind in ("criteria", "deductions", "groups"):
        for index, entry in enumerate(getattr(body, kind)):
            for name, value in entry.model_dump().items():
                if name == "bands":
                    for place, band in enumerate(value):
                        fields |= {f"{kind}.{index}.bands.{place}.{key}": text for key, text in band.items()}
                elif value is not False:
                    fields[f"{kind}.{index}.{name}"] = "y" if value is True else value
    return fields


def test_a_page_that_is_sent_unchanged_changes_nothing(
    client: FlaskClient, session: Session, registrar: Headers
) -> None:
    address, fields = begun(client, session, registrar)
    before = forms.body(session.scalars(select(SheetForm)).one())
    assert client.post(address, data={**fields, "do": "save"}, headers=registrar).status_code == 303
    session.expire_all()
    assert forms.body(session.scalars(select(SheetForm)).one()) == before


def test_what_does_not_fit_is_kept_and_named_at_its_field(
    client: FlaskClient, session: Session, registrar: Headers
) -> None:
    address, fields = begun(client, session, registrar)
    fields |= {"criteria.0.points": "九", "criteria.1.name": "<b>粗体</b>", "do": "save"}
    assert client.post(address, data=fields, headers=registrar).status_code == 303
    page = client.get(address, headers=registrar).text
    assert 'value="九"' in page
    assert 'aria-describedby="criteria.0.points.help"' in page
    assert "&lt;b&gt;粗体&lt;/b&gt;" in page
    fields = typed(session, registrar, client, address) | {"do": "submit", "reason": "年度修订"}
    refused = client.post(address, data=fields, headers=registrar)
    assert (refused.status_code, "年度修订" in refused.text, 'value="九"' in refused.text) == (422, True, True)


def test_a_stale_page_keeps_what_was_typed_and_says_so(
    client: FlaskClient, session: Session, registrar: Headers
) -> None:
    address, fields = begun(client, session, registrar)
    assert client.post(address, data={**fields, "do": "add:0"}, headers=registrar).status_code == 303
    stale = client.post(address, data={**fields, "criteria.0.name": "迟到的名称", "do": "save"}, headers=registrar)
    assert (stale.status_code, "迟到的名称" in stale.text) == (409, True)


def test_buttons_add_move_and_remove(client: FlaskClient, session: Session, registrar: Headers) -> None:
    address, fields = begun(client, session, registrar)
    for act in ("down:0", "add-deduction", "raters", "remove:3", "nonsense:x", "add:99"):
        fields["do"] = act
        assert client.post(address, data=fields, headers=registrar).status_code == 303
        fields = typed(session, registrar, client, address)
    body = forms.body(session.scalars(select(SheetForm)).one())
    assert [one.id for one in body.criteria[:3]] == ["J02", "J01", "J03"]
    assert (len(body.criteria), len(body.deductions), len(body.groups)) == (15, 1, 3)


def test_another_registrar_approves_on_the_page(
    client: FlaskClient, session: Session, store: Flask, registrar: Headers
) -> None:
    address, fields = begun(client, session, registrar)
    fields |= {"do": "submit", "reason": "统一描述", "criteria.0.name": "开场白"}
    assert client.post(address, data=fields, headers=registrar).status_code == 303
    own = token(client, address, registrar)
    refused = client.post(f"{address}/approve", data={"csrf_token": own}, headers=registrar)
    assert refused.status_code == 409
    other = people.bearer(store, session, people.user(session, Role.REGISTRAR))
    page = client.get(address, headers=other).text
    assert "开场白" in page
    form = {"csrf_token": token(client, address, other)}
    assert client.post(f"{address}/approve", data=form, headers=other).status_code == 303
    session.expire_all()
    assert session.scalars(select(SheetForm)).one().state == FormState.IN_FORCE


def test_preview_and_print(client: FlaskClient, session: Session, registrar: Headers) -> None:
    form = sheet_forms.in_force(session)
    session.commit()
    assert "无故缺席" in client.get(f"{HOME}/{form.id}/preview", headers=registrar).text
    for path in (f"{form.id}/print", "in-force/PTS152010301-01/senior/print"):
        answer = client.get(f"{HOME}/{path}", headers=registrar)
        assert (answer.mimetype, answer.data[:5]) == ("application/pdf", b"%PDF-")


def test_a_filled_sheet_is_printed_once_both_have_signed(
    client: FlaskClient, session: Session, registrar: Headers
) -> None:
    _, [first, second] = practical.open_practical(session)
    practical.mark_and_sign(session, first, "70")
    session.commit()
    address = f"{HOME}/sheets/{first.sheet_id}/print"
    assert client.get(address, headers=registrar).status_code == 409
    practical.mark_and_sign(session, second, "72")
    session.commit()
    assert client.get(address, headers=registrar).data[:5] == b"%PDF-"


def test_the_api_builds_a_sheet_too(client: FlaskClient, session: Session, store: Flask, registrar: Headers) -> None:
    made = client.post(
        "/api/v1/sheet-forms", json={"scheme": "PTS152010301-01", "level": "junior"}, headers=registrar
    ).json
    body = made["body"]
    body["criteria"][0]["points"] = "x"
    address = f"/api/v1/sheet-forms/{made['id']}"
    saved = client.put(address, json={"edition": made["edition"], "body": body}, headers=registrar).json
    assert saved["problems"][0]["where"] == "criteria.0.points"
    refused = client.post(f"{address}/submit", json={"edition": saved["edition"], "reason": "x"}, headers=registrar)
    assert (refused.status_code, refused.json["error"]["code"]) == (422, "sheet_form_unfit")
    body["criteria"][0]["points"] = "6"
    saved = client.put(address, json={"edition": saved["edition"], "body": body}, headers=registrar).json
    assert (
        client.post(f"{address}/submit", json={"edition": saved["edition"], "reason": "x"}, headers=registrar).json[
            "state"
        ]
        == "submitted"
    )
    assert client.post(f"{address}/approve", json={}, headers=registrar).json["error"]["code"] == "own_sheet_form"
    other = people.bearer(store, session, people.user(session, Role.REGISTRAR))
    assert client.post(f"{address}/approve", headers=other).json["state"] == "in_force"

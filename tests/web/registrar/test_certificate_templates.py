"""The template's pages without script: start, change, mend, look, submit, approve; nothing typed is lost."""

from __future__ import annotations

from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.models.account import Role
from app.models.certificate_template import CertificateTemplate
from app.models.sheet_forms import FormState
from tests.factories import people
from tests.web.visits import token

Headers = dict[str, str]
HOME = "/registrar/certificate-templates"
SCHEME = "PTS152010301-01"


def begun(client: FlaskClient, session: Session, registrar: Headers) -> tuple[str, dict[str, str]]:
    """A draft begun from the page, and what its form would send."""
    form = {"scheme": SCHEME, "csrf_token": token(client, HOME, registrar)}
    answer = client.post(f"{HOME}/start", data=form, headers=registrar)
    assert answer.status_code == 303
    return answer.location, typed(client, session, registrar, answer.location)


def typed(client: FlaskClient, session: Session, registrar: Headers, address: str) -> dict[str, str]:
    session.expire_all()
    one = session.scalars(select(CertificateTemplate)).one()
    fields = {"csrf_token": token(client, address, registrar), "edition": str(one.edition)}
    for name, value in one.body.items():
        if isinstance(value, list):
            for place, line in enumerate(value):
                fields |= {f"{name}.{place}.{key}": text for key, text in line.items()}
        elif isinstance(value, dict):
            fields |= {f"{name}.{key}": "y" if text is True else text for key, text in value.items()}
        else:
            fields[name] = "y" if value is True else value
    return fields


def test_a_page_that_is_sent_unchanged_changes_nothing(
    client: FlaskClient, session: Session, registrar: Headers
) -> None:
    address, fields = begun(client, session, registrar)
    before = session.scalars(select(CertificateTemplate)).one().body
    assert client.post(address, data={**fields, "do": "save"}, headers=registrar).status_code == 303
    session.expire_all()
    assert session.scalars(select(CertificateTemplate)).one().body == before


def test_what_does_not_fit_stays_on_the_page_and_is_named_at_its_line(
    client: FlaskClient, session: Session, registrar: Headers
) -> None:
    address, fields = begun(client, session, registrar)
    wrong = fields | {"award.0.zh": "授予{name}此证", "do": "save"}
    answer = client.post(address, data=wrong, headers=registrar)
    assert answer.status_code == 422
    assert "授予{name}此证" in answer.text
    assert 'aria-describedby="award.0.zh.help"' in answer.text


def test_what_is_typed_is_drawn_and_not_kept(client: FlaskClient, session: Session, registrar: Headers) -> None:
    address, fields = begun(client, session, registrar)
    answer = client.post(f"{address}/try", data=fields | {"title.zh": "新证书"}, headers=registrar)
    assert (answer.status_code, answer.mimetype, answer.data[:4]) == (200, "image/png", b"\x89PNG")
    wrong = client.post(
        f"{address}/try", data=fields | {"title.zh": ""}, headers=registrar | {"Accept": "application/json"}
    )
    assert (wrong.status_code, wrong.json["error"]["code"]) == (422, "template_unfit")  # type: ignore[index]
    assert session.scalars(select(CertificateTemplate)).one().body["title"]["zh"] != "新证书"


def test_each_sample_can_be_looked_at(client: FlaskClient, session: Session, registrar: Headers) -> None:
    address, _fields = begun(client, session, registrar)
    for sample in ("short", "dotted", "latin", "longest"):
        assert client.get(f"{address}/sample?sample={sample}", headers=registrar).data.startswith(b"%PDF")
    assert client.get(f"{address}/picture", headers=registrar).mimetype == "image/png"
    assert client.get(f"{address}/picture?sample=nobody", headers=registrar).status_code == 422


def test_another_registrar_puts_it_in_force(
    store: Flask, client: FlaskClient, session: Session, registrar: Headers
) -> None:
    address, fields = begun(client, session, registrar)
    sent = client.post(address, data=fields | {"do": "submit", "reason": "换标题"}, headers=registrar)
    assert sent.status_code == 303
    other = people.bearer(store, session, people.user(session, Role.REGISTRAR))
    page = client.get(address, headers=other)
    assert "换标题" in page.text
    approved = client.post(f"{address}/approve", data={"csrf_token": token(client, address, other)}, headers=other)
    assert approved.status_code == 303
    session.expire_all()
    assert session.scalars(select(CertificateTemplate)).one().state == FormState.IN_FORCE
    assert client.get(HOME, headers=other).status_code == 200

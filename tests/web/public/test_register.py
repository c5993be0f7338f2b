"""What strangers' programs read of the register, and how much of a holder a stranger sees."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import Any

import jwt
import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.core.clock import now
from app.models.certificate import Certificate
from app.models.register import CertificateCredential
from app.web import limits
from certificates.register.revocation import revoke
from certificates.register.serials import normalised
from certificates.twin import published
from tests.factories import certificates as factory
from tests.unit.tools.test_check_certificate_code import CHECKER

JSON = {"Accept": "application/json"}
UNCHECKED: Any = {"verify_signature": False}


@pytest.fixture
def made(session: Session) -> Certificate:
    return factory.issued(session, name="欧阳明")


def token_of(session: Session, certificate: Certificate) -> str:
    of_it = CertificateCredential.certificate_id == certificate.id
    return session.scalars(select(CertificateCredential.token).where(of_it)).one()


def path(address: str) -> str:
    return re.sub(r"^https?://[^/]+", "", address)


def test_a_stranger_follows_the_credential_to_its_key_and_its_status(
    client: FlaskClient, session: Session, made: Certificate
) -> None:
    """As a verifier does who knows nothing of this house: every address in the credential leads on."""
    made_token = token_of(session, made)
    key = client.get(path(jwt.get_unverified_header(made_token)["kid"])).json
    said = jwt.decode(made_token, jwt.PyJWK(key), algorithms=[key["alg"]])
    assert client.get(path(said["id"])).text == made_token
    assert client.get(path(said["issuer"]["id"])).json["name"] == said["issuer"]["name"]
    level = client.get(path(said["credentialSubject"]["achievement"]["id"])).json
    assert level["name"] == said["credentialSubject"]["achievement"]["name"]
    revoke(session, factory.REGISTRAR, made.serial, "x", now())
    session.commit()
    for entry in said["credentialStatus"]:
        listed = client.get(path(entry["statusListCredential"]))
        assert listed.content_type == "application/vc+jwt"
        told = jwt.decode(listed.text, jwt.PyJWK(key), algorithms=[key["alg"]])
        assert told["credentialSubject"]["statusPurpose"] == entry["statusPurpose"]
        proved = client.get(path(entry["statusListCredential"]), headers={"Accept": "application/vc"}).json
        assert proved["credentialSubject"]["encodedList"] == told["credentialSubject"]["encodedList"]
        assert proved["proof"]["cryptosuite"] == "ecdsa-jcs-2019"


def test_the_published_keys_check_the_code_on_a_certificate(
    client: FlaskClient, session: Session, made: Certificate
) -> None:
    from certificates.register.facts import facts_of
    from certificates.register.qr import code_content

    issuer = factory.choice()(True)
    keys = client.get("/register/keys.json").json["keys"]
    told, key = CHECKER.check(code_content(facts_of(made, issuer.public_url), issuer.keys.code), keys)
    assert (told["holder"], told["number"], key["demonstration"]) == ("欧阳明", made.serial, True)
    assert {one["purpose"] for one in keys} >= {"code", "credential"}
    client.get("/register/log/head")
    assert "log" in {one["purpose"] for one in client.get("/register/keys.json").json["keys"]}
    assert all(not {"d", "p", "q"} & set(one) for one in keys)
    assert keys[0]["kid"] in client.get("/register/keys").text


def test_a_key_that_was_given_up_verifies_nothing_any_more(
    client: FlaskClient, session: Session, made: Certificate
) -> None:
    address = path(jwt.get_unverified_header(token_of(session, made))["kid"])
    assert client.get(address).status_code == 200
    published.withdraw(session, factory.REGISTRAR, address.rpartition("/")[2], "stolen", now())
    session.commit()
    assert client.get(address).status_code == 404
    listed = {one["kid"]: one for one in client.get("/register/keys.json").json["keys"]}
    assert listed[address.rpartition("/")[2]]["withdrawn_for"] == "stolen"


@pytest.mark.parametrize(
    "address",
    [
        "/register/keys/unknown",
        "/register/credentials/00000000-0000-4000-8000-000000000000",
        "/register/credentials/x",
        "/register/status/1/revocation",
        "/register/status/demo-1/message",
        "/register/status/demo-1/",
        "/register/achievements/x/junior",
        "/register/achievements/PTS152010301-01/x",
        "/register/credentials/",
        "/register/status/",
    ],
)
def test_there_is_nothing_to_list_or_guess(client: FlaskClient, made: Certificate, address: str) -> None:
    assert client.get(address, headers=JSON).status_code == 404


def test_search_engines_and_caches_keep_nothing(client: FlaskClient, made: Certificate) -> None:
    for address in (f"/verify/{made.serial}", "/register/keys.json", "/register/issuer"):
        answer = client.get(address)
        assert "noindex" in answer.headers["X-Robots-Tag"]
        assert answer.headers["Cache-Control"] == "no-store"


def test_where_the_house_masks_names_the_page_shows_the_beginning_until_the_name_is_given(
    app: Flask, client: FlaskClient, made: Certificate, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert "欧阳明" in client.get(f"/verify/{made.serial}").text
    monkeypatch.setitem(app.extensions, "settings", replace(app.extensions["settings"], mask_holder=True))
    page = client.get(f"/verify/{made.serial}").text
    assert "欧*" in page
    assert "欧阳明" not in page
    for sent in (
        client.post(f"/verify/{made.serial}", data={"name": "欧阳明"}),
        client.post("/verify", data={"serial": made.serial.lower(), "name": " 欧阳 明"}),
        client.get(f"/verify/{made.serial}", query_string={"name": "欧阳明"}),
    ):
        assert sent.status_code == 200
        assert "欧阳明" in sent.text


def test_another_name_gets_nothing_of_the_entry(client: FlaskClient, made: Certificate) -> None:
    page = client.post(f"/verify/{made.serial}", data={"name": "欧阳红"})
    assert "欧阳明" not in page.text
    assert "欧*" not in page.text
    for answer in (
        client.post(f"/verify/{made.serial}", data={"name": "欧阳红"}, headers=JSON),
        client.post("/verify", json={"serial": made.serial, "name": "欧阳红"}, headers=JSON),
        client.get(f"/verify/{made.serial}", query_string={"name": "欧阳红"}, headers=JSON),
    ):
        told = answer.json
        assert (told["status"], told["holder"], told["name_matches"]) == ("unknown", None, False)
        assert [one["code"] for one in told["reasons"]] == ["name_differs"]
        assert told["scheme"] is None


def test_programs_read_the_holder_by_the_number_unless_the_house_masks_it(
    app: Flask, client: FlaskClient, made: Certificate, monkeypatch: pytest.MonkeyPatch
) -> None:
    told = client.get(f"/verify/{made.serial}", headers=JSON).json
    assert (told["holder"], told["name_matches"]) == ("欧阳明", None)
    monkeypatch.setitem(app.extensions, "settings", replace(app.extensions["settings"], mask_holder=True))
    assert client.get(f"/verify/{made.serial}", headers=JSON).json["holder"] == "欧*"
    named = client.post("/verify", json={"serial": made.serial, "name": "欧阳明"}, headers=JSON).json
    assert (named["holder"], named["name_matches"]) == ("欧阳明", True)
    filed = client.post("/verify", data=made.pdf, content_type="application/pdf", headers=JSON).json
    assert filed["holder"] == "欧阳明"


def test_unknown_and_impossible_numbers_are_answered_alike(client: FlaskClient, made: Certificate) -> None:
    answers = [client.get(f"/verify/{serial}", headers=JSON)
               for serial in ("301011-2026-AAAA-AAAAA", "x", made.serial[:-1] + "!")]  # fmt: skip
    assert {(one.status_code, one.text) for one in answers} == {(404, answers[0].text)}


@pytest.mark.parametrize(
    "how",
    [
        {"path": "/verify/301011-2026-7K3M-9QXT7", "method": "POST", "data": {"name": "王"}},
        {"path": "/verify/301011%202026%207k3m9qxt7?name=x"},
        {"path": "/verify", "method": "POST", "data": {"serial": "3010112026 7K3M 9QXT7", "name": "王"}},
        {"path": "/verify", "method": "POST", "json": {"serial": "301011-2026-7K3M-9QXT7", "name": "王"}},
    ],
)
def test_wrong_names_count_at_the_number_however_it_is_typed(app: Flask, how: dict[str, Any]) -> None:
    with app.test_request_context(**how):
        counted = limits._number_looked_up()
    assert counted == normalised("301011-2026-7K3M-9QXT7")
    assert counted is not None


@pytest.mark.parametrize(
    "how",
    [
        {"path": "/verify/301011-2026-7K3M-9QXT7", "method": "POST", "data": {"of_name": "王"}},
        {"path": "/verify/301011-2026-7K3M-9QXT7?of_name=王", "method": "POST", "data": {}},
        {"path": "/verify/301011-2026-7K3M-9QXT7?name=王"},
    ],
)
def test_a_name_counts_under_whatever_field_it_comes(app: Flask, how: dict[str, Any]) -> None:
    """The field of the form for files is one more way to try names at a number."""
    with app.test_request_context(**how):
        assert limits._name_given() == "王"


@pytest.mark.parametrize(
    ("address", "counted"),
    [
        ("203.0.113.9", "203.0.113.9"),
        ("2001:db8:1:2:aaaa::1", "2001:db8:1:2::"),
        ("2001:db8:1:2:bbbb::2", "2001:db8:1:2::"),
        ("2001:db8:1:3::2", "2001:db8:1:3::"),
        ("::ffff:203.0.113.9", "203.0.113.9"),
        ("fe80::1%eth0", "fe80::"),
    ],
)
def test_one_subscriber_of_ipv6_is_one_address(app: Flask, address: str, counted: str) -> None:
    """Else each request could come from another of the 18 million million million addresses of one line."""
    with app.test_request_context("/verify/x", environ_base={"REMOTE_ADDR": address}):
        assert limits._address() == counted

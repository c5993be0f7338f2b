"""The public log over HTTP: what programs get, what people read, and what is refused."""

from __future__ import annotations

from base64 import b64decode
from dataclasses import replace
from datetime import datetime
from hashlib import sha256
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from app.models.certificate import Certificate
from certificates.log import heads as log_heads
from certificates.log import leaf as log_leaf
from certificates.log import merkle
from tests.factories import certificates as factory
from tests.factories import public_log as logs

JSON = {"Accept": "application/json"}


@pytest.fixture
def made(session: Session) -> Certificate:
    return factory.issued(session)


def head_in(said: dict[str, Any]) -> log_heads.Head:
    raw = {name: bytes.fromhex(said[name]) for name in ("root", "public_key", "signature")}
    at = datetime.fromisoformat(said["at"])
    return log_heads.Head(said["number"], said["size"], at=at, origin=said["origin"], **raw)


def test_a_head_is_signed_even_where_no_worker_runs(client: FlaskClient, made: Certificate) -> None:
    said = client.get("/register/log/head").json
    assert (said["number"], said["size"], head_in(said).holds()) == (1, 1, True)
    assert said["origin"].startswith("DEMONSTRATION.")
    assert client.get("/register/log/head").json == said


def test_the_head_as_a_note(client: FlaskClient, made: Certificate) -> None:
    """As https://c2sp.org/signed-note has it: four bytes name the key, the rest signs all above the empty line."""
    said, key = client.get("/register/log/head").json, client.get("/register/log/key").json
    body, _, line = said["note"].partition("\n\n")
    dash, name, signature = line.strip().split(" ")
    vkey_name, vkey_hash, vkey = key["note_key"].split("+", 2)
    assert (dash, name, vkey_name) == ("—", said["origin"], said["origin"])
    raw = b64decode(vkey)
    assert sha256(f"{name}\n".encode() + raw).digest()[:4].hex() == vkey_hash == b64decode(signature)[:4].hex()
    public = log_heads.Ed25519PublicKey.from_public_bytes(raw[1:])
    public.verify(b64decode(signature)[4:], f"{body}\n".encode())
    assert (key["public_key"], key["algorithm"]) == (said["public_key"], "Ed25519")
    assert key["pem"].startswith("-----BEGIN PUBLIC KEY-----")
    assert key["signed"] == [{"public_key": said["public_key"], "first_head": 1, "last_head": 1}]


def test_entries_and_heads_in_pages(client: FlaskClient, session: Session) -> None:
    for name in ("一", "二"):
        logs.lived(session, name=name)
        client.get("/register/log/head")
    everything = client.get("/register/log/entries").json
    assert (everything["start"], len(everything["entries"])) == (0, 6)
    assert client.get("/register/log/entries?start=2&end=4").json["entries"] == everything["entries"][2:4]
    assert client.get("/register/log/entries?start=6").json["entries"] == []
    assert client.get("/register/log/entries?start=4&end=2").json["entries"] == []
    heads = client.get("/register/log/heads").json
    assert ([one["size"] for one in heads["heads"]], heads["more"]) == ([3, 6], False)
    assert [one["number"] for one in client.get("/register/log/heads?after=1").json["heads"]] == [2]
    hashes = [merkle.leaf_hash(leaf.encode()) for leaf in everything["entries"]]
    assert merkle.root_of(hashes).hex() == heads["heads"][-1]["root"]
    answer = client.get("/register/log/consistency?first=3&second=6").json
    path = [bytes.fromhex(one) for one in answer["path"]]
    assert merkle.consistency_holds(3, merkle.root_of(hashes[:3]), 6, merkle.root_of(hashes), path)
    assert client.get("/register/log/consistency?first=0&second=6").json["path"] == []


def test_a_proof_by_certificate_and_by_hash(client: FlaskClient, made: Certificate) -> None:
    one = log_leaf.commitment(made.serial, made.sha256)
    said = client.get(f"/register/log/proof?certificate={one.hex()}").json
    (entry,) = said["entries"]
    leaf, path = merkle.leaf_hash(entry["leaf"].encode()), [bytes.fromhex(step) for step in entry["path"]]
    assert merkle.inclusion_holds(leaf, entry["index"], said["head"]["size"], path, head_in(said["head"]).root)
    assert client.get(f"/register/log/proof?hash={leaf.hex()}").json == said


@pytest.mark.parametrize(
    ("query", "status", "code"),
    [
        ("entries?start=-1", 422, "log_query_wrong"),
        ("entries?start=x", 422, "log_query_wrong"),
        ("entries?start=٣", 422, "log_query_wrong"),
        ("entries?start=9007199254740993", 422, "log_query_wrong"),
        ("entries?start=99999999999999999999999", 422, "log_query_wrong"),
        ("heads?after=1e3", 422, "log_query_wrong"),
        ("consistency", 422, "log_query_wrong"),
        ("consistency?first=1&second=2", 422, "log_sizes_wrong"),
        ("consistency?first=1&second=0", 422, "log_sizes_wrong"),
        ("proof", 422, "log_query_wrong"),
        ("proof?hash=xyz", 422, "log_query_wrong"),
        ("proof?hash=" + "0" * 63, 422, "log_query_wrong"),
        ("proof?hash=" + "0" * 64, 404, "not_found"),
        ("proof?certificate=" + "0" * 64, 404, "not_found"),
    ],
)
def test_what_is_refused_is_said(client: FlaskClient, made: Certificate, query: str, status: int, code: str) -> None:
    client.get("/register/log/head")
    answer = client.get(f"/register/log/{query}")
    assert (answer.status_code, answer.json["error"]["code"]) == (status, code)
    assert answer.json["error"]["message"]


def test_the_largest_page_is_bounded(client: FlaskClient, session: Session, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("certificates.log.proofs.MOST_ENTRIES", 2)
    logs.lived(session)
    client.get("/register/log/head")
    assert len(client.get("/register/log/entries?start=0&end=1000000").json["entries"]) == 2


def test_without_a_key_nothing_is_signed_and_it_is_said(
    store: Flask, client: FlaskClient, made: Certificate, monkeypatch: pytest.MonkeyPatch
) -> None:
    bare = replace(store.extensions["settings"], demonstration=False)
    monkeypatch.setitem(store.extensions, "settings", bare)
    answer = client.get("/register/log/head")
    assert (answer.status_code, answer.json["error"]["code"]) == (503, "log_key_missing")
    page = client.get("/register/log")
    assert page.status_code == 503
    assert "LOG_KEY" in page.text


def test_the_page_in_words(client: FlaskClient, made: Certificate) -> None:
    page = client.get("/register/log")
    head = client.get("/register/log/head").json
    assert page.status_code == 200
    assert head["root"] in page.text
    assert made.serial not in page.text
    one = log_leaf.commitment(made.serial, made.sha256).hex()
    assert "已签发" in client.get(f"/register/log?certificate={one}").text
    assert client.get(f"/register/log?certificate={'0' * 64}").status_code == 404
    assert client.get("/register/log?certificate=<script>").status_code == 404


def test_the_verification_page_tells_the_entry(client: FlaskClient, made: Certificate, session: Session) -> None:
    assert client.get(f"/verify/{made.serial}", headers=JSON).json["log"]["state"] == "waiting"
    logs.sequenced(session)
    said = client.get(f"/verify/{made.serial}", headers=JSON).json["log"]
    assert (said["state"], said["entries"], said["size"]) == ("proved", [0], 1)
    assert bytes.fromhex(said["certificate"]) == log_leaf.commitment(made.serial, said["document_sha256"])
    page = client.get(f"/verify/{made.serial}").text
    assert f"/register/log?certificate={said['certificate']}" in page
    assert "第 1 条记录" in page
    logs.attack(session, "UPDATE certificate SET status = 'suspended'")
    assert "日志记载与登记不符" in client.get(f"/verify/{made.serial}").text


def test_an_unknown_file_has_no_entry(client: FlaskClient) -> None:
    answer = client.post("/verify", data=b"%PDF-1.7", content_type="application/pdf", headers=JSON)
    assert answer.json["log"] is None

from __future__ import annotations

from io import BytesIO
from zipfile import ZipFile

import pytest
from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from app.cli import worker
from app.web.registrar import certificates as pages
from tests.factories import batches
from tests.factories.batches import holdings

Headers = dict[str, str]
API = "/api/v1"


def address(session: Session, people: int) -> str:
    return f"/registrar/sessions/{batches.seated(session, people).id}/certificates"


def test_many_are_left_to_the_worker_and_the_page_tells_how_far(
    client: FlaskClient, session: Session, registrar: Headers, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(pages, "AT_ONCE", 1)
    here = address(session, 3)
    assert client.get(f"{here}/progress", headers=registrar).status_code == 204
    assert client.post(here, headers=registrar).status_code == 303
    assert client.post(here, headers=registrar).status_code == 303  # pressed twice
    assert holdings(session)["waiting"] == 3
    page = client.get(here, headers=registrar).text
    assert 'data-behaviour="progress"' in page
    assert "正在签发" in page
    assert "已处理 0 / 3" in client.get(f"{here}/progress", headers=registrar).text
    worker.work_on_orders()
    assert client.get(f"{here}/progress", headers=registrar).status_code == 204
    assert holdings(session)["certificates"] == 3


def test_an_outage_stands_on_the_page_and_may_be_tried_again(
    client: FlaskClient, session: Session, registrar: Headers, monkeypatch: pytest.MonkeyPatch
) -> None:
    here = address(session, 2)
    with monkeypatch.context() as patched:
        batches.outage(patched)
        assert client.post(here, headers=registrar).status_code == 303
        page = client.get(here, headers=registrar).text
        assert "有 2 张证书已决定签发，正在等待电子签名" in page
        assert "connection refused" in page
        number = here.split("/")[3]
        found = client.get(f"{API}/sessions/{number}/certificates", headers=registrar).json
        assert (found["delayed"], [one["code"] for one in found["reasons"]]) == (2, ["timestamp_unavailable"])
        report = client.post(f"{API}/sessions/{number}/certificates", headers=registrar).json
        assert (report["issued"], report["waiting"]) == (0, 2)
    assert worker.work_on_orders() == 0
    assert client.post(f"{here}/again", headers=registrar).status_code == 303
    assert worker.work_on_orders() == 1
    assert holdings(session)["certificates"] == 2


def test_one_alone_waits_too(
    client: FlaskClient, session: Session, registrar: Headers, monkeypatch: pytest.MonkeyPatch
) -> None:
    here = address(session, 1)
    page = client.get(here, headers=registrar).text
    press = page.split(f'action="{here}/')[1].split('"')[0]
    with monkeypatch.context() as patched:
        batches.outage(patched)
        assert client.post(f"{here}/{press}", headers=registrar).status_code == 303
    assert "等待签名" in client.get(here, headers=registrar).text
    assert client.post(f"{here}/{press}", headers=registrar).status_code == 303
    held = holdings(session)
    assert (held["certificates"], held["waiting"], held["done"]) == (1, 0, 1)


def test_all_as_one_file(client: FlaskClient, session: Session, registrar: Headers) -> None:
    here = address(session, 2)
    client.post(here, headers=registrar)
    assert f'href="{here}/zip"' in client.get(here, headers=registrar).text
    for path in (f"{here}/zip", f"{API}/sessions/{here.split('/')[3]}/certificates/zip"):
        answer = client.get(path, headers=registrar)
        assert (answer.mimetype, answer.is_streamed) == ("application/zip", True)
        assert len(ZipFile(BytesIO(answer.data)).namelist()) == 4
    assert client.get("/registrar/sessions/4711/certificates/zip", headers=registrar).status_code == 404

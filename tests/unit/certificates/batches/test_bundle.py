from __future__ import annotations

import csv
import json
from hashlib import sha256
from io import BytesIO, StringIO
from zipfile import ZipFile

import pytest
from sqlalchemy.orm import Session

from app.core.clock import now
from certificates.batches import bundle as bundling
from certificates.batches.bundle import bundle, count
from certificates.batches.for_session import issue_for_session
from certificates.register import revocation
from tests.factories import batches
from tests.factories import certificates as factory


@pytest.fixture
def exam(session: Session) -> int:
    exam = batches.seated(session, 5).id
    list(issue_for_session(session, factory.REGISTRAR, exam, now(), factory.choice()))
    session.commit()
    return exam


def test_every_file_is_the_one_handed_out_and_stands_in_the_lists(
    session: Session, exam: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(bundling, "AT_ONCE", 2)
    assert count(session, exam) == 5
    with ZipFile(BytesIO(b"".join(bundle(session, exam, now())))) as archive:
        assert archive.testzip() is None
        listed = json.loads(archive.read("manifest.json"))["certificates"]
        table = list(csv.DictReader(StringIO(archive.read("manifest.csv").decode("utf-8-sig"))))
        assert [one["file"] for one in table] == [one["file"] for one in listed]
        assert [one["seat"] for one in listed] == [1, 2, 3, 4, 5]
        assert {one["file"] for one in listed} | {"manifest.csv", "manifest.json"} == set(archive.namelist())
        for one in listed:
            assert sha256(archive.read(one["file"])).hexdigest() == one["sha256"]
            assert one["holder"] in one["file"]


def test_what_was_revoked_is_handed_out_no_more(session: Session, exam: int) -> None:
    with ZipFile(BytesIO(b"".join(bundle(session, exam, now())))) as archive:
        first = json.loads(archive.read("manifest.json"))["certificates"][0]
    revocation.revoke(session, factory.REGISTRAR, first["serial"], "x", now())
    session.commit()
    with ZipFile(BytesIO(b"".join(bundle(session, exam, now())))) as archive:
        assert first["file"] not in archive.namelist()
    assert count(session, exam) == 4


def test_no_piece_holds_more_than_one_document(session: Session, exam: int) -> None:
    pieces = list(bundle(session, exam, now()))
    assert len(pieces) == 6
    assert max(map(len, pieces)) < 2 * min(map(len, pieces[:5]))


def test_an_empty_session_gives_empty_lists(session: Session) -> None:
    exam = batches.seated(session, 0).id
    with ZipFile(BytesIO(b"".join(bundle(session, exam, now())))) as archive:
        assert archive.namelist() == ["manifest.csv", "manifest.json"]

"""Attendance, incidents with evidence, and the signed record, on the screen without script and over the API."""

from __future__ import annotations

import base64
from io import BytesIO
from typing import Any

import pytest
from flask import Flask
from pypdf import PdfReader
from sqlalchemy import select
from sqlalchemy.orm import Session, undefer

from app.cli import worker
from app.models.account import Role
from app.models.attendance import Attendance, DeskPhoto
from app.models.monitoring import Incident
from app.models.room_record import RoomRecord
from app.registration import rooms as divided
from certificates.papers.record import seal as record_seal
from tests.factories import applicants, desk, people, rooms, theory
from tests.factories.people import PASSWORD
from tests.factories.rooms import Room
from tests.web.proctor.test_pages import Visit
from tests.web.visits import visitor


@pytest.fixture
def here(store: Flask, session: Session) -> Room:
    store.extensions["store"].flushdb()
    return rooms.room(session, candidates=3, started=1)


@pytest.fixture
def proctor(store: Flask, session: Session, here: Room) -> Visit:
    return Visit(store, session, here.proctor)


def picture(kind: str = "JPEG") -> tuple[BytesIO, str]:
    return BytesIO(applicants.picture(kind=kind)), f"face.{kind.lower()}"


def test_one_press_marks_and_brings_up_the_next(proctor: Visit, session: Session, here: Room) -> None:
    page = f"/rooms/{here.session_id}/attendance"
    assert "At work, but not compared with document and photo" in proctor.see(page)
    answer = proctor.send(f"{page}/1", press="matches", document="passport", photo=picture())
    assert (answer.status_code, answer.location) == (303, f"{page}?seat=2")
    assert (
        proctor.client.get(f"/rooms/{here.session_id}/seats/1/desk-photo", headers=proctor.headers).data[:2]
        == b"\xff\xd8"
    )
    assert (
        proctor.client.get(f"/rooms/{here.session_id}/seats/2/desk-photo", headers=proctor.headers).status_code == 404
    )
    assert (
        proctor.client.get(f"/rooms/{here.session_id}/seats/9/desk-photo", headers=proctor.headers).status_code == 404
    )
    assert "Seat 2" in proctor.see(f"{page}?seat=2")
    assert proctor.send(f"{page}/2", press="absent").location == f"{page}?seat=3"
    refused = proctor.send(f"{page}/3", press="different", note="")
    assert refused.status_code == 422
    assert "Say in the note what did not fit" in refused.text
    stays = proctor.send(f"{page}/3", press="different", note="another man")
    assert stays.location == f"{page}?seat=3"
    shown = proctor.see(stays.location)
    assert "kind=identity" in shown
    assert "another man" in shown
    assert len(session.scalars(select(Attendance)).all()) == 3
    assert proctor.see(f"{page}?q=2").count('class="roll-seat"') == 1
    assert "Nobody here fits" in proctor.see(f"{page}?q=nobody")


def test_what_is_no_picture_or_no_choice_comes_back(proctor: Visit, session: Session, here: Room) -> None:
    page = f"/rooms/{here.session_id}/attendance"
    broken = proctor.send(f"{page}/2", press="matches", photo=(BytesIO(b"nothing"), "x.jpg"))
    assert broken.status_code == 422
    assert "no" in broken.text
    assert proctor.send(f"{page}/2", press="matches", document="ticket").status_code == 422
    assert proctor.send(f"{page}/7", press="matches").status_code == 422
    assert not session.scalars(select(DeskPhoto)).all()


def test_those_who_never_came_are_marked_at_once(proctor: Visit, session: Session, here: Room) -> None:
    page = f"/rooms/{here.session_id}/attendance"
    assert "Mark all as absent" not in proctor.see(page)
    desk.close(session, here)
    assert "Mark all as absent" in proctor.see(page)
    assert proctor.send(f"{page}/absent", number=["2", "3"]).status_code == 303
    assert [one.arrival for one in session.scalars(select(Attendance))] == ["absent", "absent"]
    assert "Mark all as absent" not in proctor.see(page)


def test_evidence_and_the_second_signature(proctor: Visit, store: Flask, session: Session, here: Room) -> None:
    page = f"/rooms/{here.session_id}/incidents"
    said = {"seat": 1, "category": "phone", "severity": "serious", "description": "in the sleeve", "happened": "00:00"}
    assert proctor.send(page, **said, files=[picture(), picture("PNG")]).status_code == 303
    refused = proctor.send(page, **said, files=[(BytesIO(b"MZ"), "virus.jpg")])
    assert refused.status_code == 422
    assert "in the sleeve" in refused.text
    (one,) = session.scalars(select(Incident)).all()
    assert (one.severity, one.happened_at < one.recorded_at) == ("serious", True)
    more = (BytesIO(applicants.PDF), "sketch.pdf")
    assert proctor.send(f"/rooms/incidents/{one.id}/evidence", files=more).status_code == 303
    assert "sketch.pdf" in proctor.see(page)
    file = proctor.client.get(f"/rooms/incidents/{one.id}/evidence/1", headers=proctor.headers)
    assert (file.mimetype, "sandbox" in file.headers["Content-Security-Policy"]) == ("image/jpeg", True)
    assert proctor.client.get(f"/rooms/incidents/{one.id}/evidence/9", headers=proctor.headers).status_code == 404
    other = Visit(store, session, desk.second_proctor(session, here))
    assert "Countersign" in other.see(page)
    assert proctor.send(f"/rooms/incidents/{one.id}/countersign").status_code == 409
    assert other.send(f"/rooms/incidents/{one.id}/countersign").status_code == 303
    assert "countersigned by" in other.see(page)
    stranger = Visit(store, session, people.user(session, Role.PROCTOR))
    for path in (f"/rooms/incidents/{one.id}/evidence/1", page, f"/rooms/{here.session_id}/record"):
        assert stranger.client.get(path, headers=stranger.headers).status_code == 404


def test_the_record_is_read_signed_and_downloaded(store: Flask, session: Session) -> None:
    here = desk.over(session)
    proctor, other = Visit(store, session, here.proctor), desk.second_proctor(session, here, "李监考")
    page = f"/rooms/{here.session_id}/record"
    draft = proctor.client.get(f"{page}.pdf", headers=proctor.headers)
    assert "draft" in draft.headers["Content-Disposition"]
    digest = proctor.see(page).split('name="sign-sha256"')[1].split('value="')[1].split('"')[0]
    form = {"sign-sha256": digest, "sign-password": "not mine at all"}
    assert proctor.send(f"{page}/sign", **form).status_code == 422
    form["sign-password"] = PASSWORD
    assert proctor.send(f"{page}/sign", **form).status_code == 303
    assert "Still to sign: 李监考" in proctor.see(page)
    assert proctor.send(f"{page}/remarks", **{"remark-text": ""}).status_code == 422
    assert Visit(store, session, other).send(f"{page}/sign", **form).status_code == 303
    assert "Signed by all" in proctor.see(page)
    sealed = proctor.client.get(f"{page}.pdf", headers=proctor.headers)
    assert sealed.data == proctor.client.get(f"{page}.pdf?version=1", headers=proctor.headers).data
    assert b"/ByteRange" in sealed.data
    text = "".join("".join(one.extract_text() for one in PdfReader(BytesIO(sealed.data)).pages).split())
    assert digest in text
    assert proctor.send(f"{page}/remarks", **{"remark-text": "the clock stood still"}).status_code == 303
    assert "Changed since it was signed" in proctor.see(page)
    assert proctor.client.get(f"{page}.pdf?version=2", headers=proctor.headers).status_code == 404


def test_an_auditor_reads_the_record_and_writes_nothing(store: Flask, session: Session) -> None:
    here = desk.over(session)
    auditor = Visit(store, session, people.user(session, Role.AUDITOR))
    page = f"/rooms/{here.session_id}/record"
    shown = auditor.see(page)
    assert "Add the remark" not in shown
    assert "sign-password" not in shown
    assert f'href="/rooms/{here.session_id}"' not in shown, "the board is none of theirs"
    assert auditor.client.get(f"{page}.pdf", headers=auditor.headers).mimetype == "application/pdf"
    api = f"/api/v1/sessions/{here.session_id}/record"
    assert auditor.client.get(api, headers=auditor.headers).json["state"] == "unsigned"
    assert page in auditor.see(f"/registrar/sessions/{here.session_id}")
    for address, form in ((f"{page}/remarks", {"remark-text": "x"}), (f"{page}/sign", {"sign-password": "x"})):
        assert auditor.send(address, **form).status_code == 403


@pytest.mark.parametrize("mended_by", ["worker", "reader"])
def test_a_process_that_died_before_sealing_left_nothing_undone(
    store: Flask, session: Session, monkeypatch: pytest.MonkeyPatch, mended_by: str
) -> None:
    """Killed between the last signature and the seal: the worker seals it, or whoever fetches it first."""
    here = desk.over(session)
    proctor, page = Visit(store, session, here.proctor), f"/rooms/{here.session_id}/record"
    digest = proctor.see(page).split('name="sign-sha256"')[1].split('value="')[1].split('"')[0]

    def dies(*_: object) -> bool:
        raise SystemExit

    with monkeypatch.context() as patch:
        patch.setattr(record_seal, "seal", dies)
        with pytest.raises(SystemExit):
            proctor.send(f"{page}/sign", **{"sign-sha256": digest, "sign-password": PASSWORD})
    session.expire_all()
    kept = session.scalars(select(RoomRecord).options(undefer(RoomRecord.pdf))).one()
    assert (len(kept.signatures), kept.pdf) == (1, None)
    session.commit()
    if mended_by == "worker":
        with store.app_context():
            worker._records_again[0] = 0.0
            assert worker.seal_records() == 1
            worker._records_again[0] = 0.0
            assert worker.seal_records() == 0
    first = proctor.client.get(f"{page}.pdf", headers=proctor.headers).data
    assert b"/ByteRange" in first
    assert proctor.client.get(f"{page}.pdf?version=1", headers=proctor.headers).data == first
    session.refresh(kept, ["pdf"])
    assert kept.pdf == first


def test_each_room_of_a_session_has_its_own_pages(store: Flask, session: Session) -> None:
    exam = theory.theory_session(session, candidates=4)
    first, second = divided.divide(session, theory.REGISTRAR, exam.id, size=2)
    divided.assign_room(session, theory.REGISTRAR, exam.id, exam.staff[0].user_id, second.id)
    session.commit()
    proctor = Visit(store, session, exam.staff[0].user)
    own = proctor.see(f"/rooms/{exam.id}/attendance")
    assert "Seat 3" in own
    assert "Seat 1 " not in own
    assert "Seat 1 " in proctor.see(f"/rooms/{exam.id}/attendance?room={first.id}")
    said = {"seat": 0, "category": "alarm", "description": "a drill"}
    assert proctor.send(f"/rooms/{exam.id}/incidents?room={second.id}", **said).status_code == 303
    assert "a drill" not in proctor.see(f"/rooms/{exam.id}/incidents?room={first.id}")
    assert "a drill" in proctor.see(f"/rooms/{exam.id}/record?room={second.id}")
    assert proctor.client.get(f"/rooms/{exam.id}/record?room=999", headers=proctor.headers).status_code == 404


def test_the_same_over_the_api(store: Flask, session: Session, here: Room) -> None:
    client, head = visitor(store), people.bearer(store, session, here.proctor)
    base = f"/api/v1/sessions/{here.session_id}"

    def call(method: str, path: str, **body: Any) -> Any:
        return client.open(path, method=method, headers=head, **({"json": body} if method == "POST" else {}))

    photo = base64.b64encode(applicants.picture()).decode()
    line = call("POST", f"{base}/attendance/2", comparison="matches", photo=photo)
    assert (line.status_code, line.json["arrival"], line.json["document"]) == (200, "present", "passport")
    assert call("POST", f"{base}/attendance/2", photo="%%%").json["error"]["code"] == "photo_not_base64"
    assert call("POST", f"{base}/attendance/3", comparison="different").status_code == 422
    assert call("GET", f"{base}/attendance").json["counts"]["present"] == 1
    made = call("POST", f"{base}/incidents", category="paper", seat=1, position=3, description="no picture")
    assert (made.status_code, made.json["position"], made.json["state"]) == (201, 3, "open")
    settled = call("POST", f"/api/v1/incidents/{made.json['id']}/resolve", resolution="shown at another screen")
    assert settled.json["state"] == "resolved"
    assert call("POST", f"/api/v1/incidents/{made.json['id']}/countersign").status_code == 409
    assert [one["category"] for one in call("GET", f"{base}/incidents").json["incidents"]] == ["paper"]
    record = call("GET", f"{base}/record").json
    assert (record["state"], record["missing"]) == ("running", [])
    early = call("POST", f"{base}/record/sign", password=PASSWORD, sha256=record["sha256"])
    assert (early.status_code, early.json["error"]["code"]) == (409, "record_running")
    assert call("GET", f"{base}/record.pdf").data.startswith(b"%PDF")


def test_a_search_that_finds_nobody_does_not_say_that_all_are_marked(proctor: Visit, here: Room) -> None:
    page = proctor.see(f"/rooms/{here.session_id}/attendance?q=nobody")
    assert "Nobody fits" in page
    assert "Everybody is marked" not in page

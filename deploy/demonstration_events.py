"""What has been and what is to come in a demonstration: a certificate issued, a session prepared."""

from __future__ import annotations

import json
from datetime import datetime, timedelta

from flask import Flask
from sqlalchemy import select

from app.cli.demonstration import people
from app.cli.demonstration.accounts import make_accounts
from app.cli.demonstration.applicants import enrolments
from app.cli.output import SHELL
from app.core import clock
from app.core.audit import Actor
from app.core.db import db
from app.models.account import Role
from app.models.bank import Item, ItemVersion
from app.models.exam import Attempt, Paper
from app.registration.enrolment import admit_many, register_people
from app.schemes.scheme import scheme
from deploy.demonstration_people import Call, demonstration, logged_in
from deploy.first_start import flask

SCHEME, LEVEL = "PTS152010301-01", "junior"


def certificate(app: Flask) -> bytes:
    """A demonstration of one candidate who knew everything, held, released and certified."""
    made = demonstration(app, 1)
    (account,) = made["candidates"]
    _sit_knowing_all(app, logged_in(app, account), account["attempt"])
    for examiner in (logged_in(app, one) for one in made["examiners"]):
        (sheet,) = examiner("GET", "/sheets")["sheets"]
        examiner("POST", f"/sheets/{sheet['id']}/begin")
        points = {one["id"]: one["points"] for one in sheet["criteria"]}
        examiner("PUT", f"/sheets/{sheet['id']}/marks", {"marks": points})
        examiner("POST", f"/sheets/{sheet['id']}/end")
        examiner("POST", f"/sheets/{sheet['id']}/sign")
    for session in (made["session"], made["practical_session"]):
        flask(app, "session", "close", str(session))
        flask(app, "session", "release", str(session))
    report = json.loads(flask(app, "certificate", "issue", "--session", str(made["session"]), "--json"))
    serial = report["outcomes"][0]["serial"]
    return bytes(logged_in(app, made["registrar"])("GET", f"/certificates/{serial}/pdf"))


def _sit_knowing_all(app: Flask, candidate: Call, attempt: int) -> None:
    begun = candidate("POST", f"/attempts/{attempt}/start")
    with app.app_context():
        paper = db.session.get_one(Paper, db.session.get_one(Attempt, attempt).paper_id)
        keys = [db.session.get_one(ItemVersion, item["version_id"]).key for item in paper.items]
    changes = [{"seq": place, "position": place, "answer": list(key)} for place, key in enumerate(keys, start=1)]
    candidate("POST", f"/attempts/{attempt}/changes", {"client": begun["client"], "changes": changes})
    candidate("POST", f"/attempts/{attempt}/submit", {"client": begun["client"]})


def under_review(app: Flask, author: Call) -> str:
    """An item whose words an author has made plainer, waiting for a reviewer; answers its code."""
    code = "S10-ZB-001"
    with app.app_context():
        item = db.session.scalars(select(Item.id).where(Item.code == code)).one()
        stem = db.session.scalars(select(ItemVersion.stem).where(ItemVersion.item_id == item)).one()
    begun = author("POST", f"/items/{item}/revision")
    seen = {"revision": begun["number"], "edition": begun["edition"]}
    changed = {"stem": stem.replace("上午合计", "整个上午（四个时段合计）"), "difficulty": "0.64", "seconds": 100}
    saved = author("PUT", f"/items/{item}/revision", {**seen, "content": changed})
    author("POST", f"/items/{item}/submit", {"revision": saved["number"], "edition": saved["edition"]})
    return code


def session_to_come(app: Flask, registrar: Call) -> int:
    """Prepared, with two proctors needed and one there."""
    with app.app_context():
        now = clock.now()
    proctors, applications = _applicants(app, now)
    site = {
        "name": "城南考点",
        "address": "学院路 8 号 3 楼",
        "capacity": 40,
        "has_network": True,
        "has_monitoring": True,
    }
    opens_at = (now + timedelta(minutes=25)).replace(second=0, microsecond=0)
    window = {"opens_at": opens_at.isoformat(), "closes_at": (opens_at + timedelta(minutes=150)).isoformat()}
    where = registrar("POST", "/sites", site)["id"]
    plan = {"scheme": SCHEME, "level": LEVEL, "part": "theory", "site": where, **window}
    number = int(registrar("POST", "/sessions", plan)["id"])
    registrar("POST", f"/sessions/{number}/candidates", {"applications": applications})
    for place, user in enumerate(proctors):
        registrar("POST", f"/sessions/{number}/staff", {"user": user, "role": "proctor", "present": place == 0})
    registrar("POST", f"/sessions/{number}/prepare")
    return number


def _applicants(app: Flask, now: datetime) -> tuple[list[int], list[int]]:
    level, actor = scheme(SCHEME).level(LEVEL), Actor(None, "registrar", "cli")
    with app.test_request_context():
        session = db.session()
        names = [people.candidate_name(index) for index in range(40, 74)]
        accounts = make_accounts(session, SHELL, Role.CANDIDATE, names, "next")
        proctors = make_accounts(session, SHELL, Role.PROCTOR, ["罗文静", "邓志宏"], "next", people.BODY)
        lines = enrolments(accounts, level, now)
        numbers = register_people(session, SHELL, lines, now, app.extensions["identity_vault"])
        enrolled = dict(zip(numbers, lines, strict=True))
        applications = admit_many(session, actor, level, enrolled, now, demonstration=False)
        session.commit()
    return [one.user_id for one in proctors], list(applications)

"""Every page that a person can open, in both languages: usable by everybody, without fault, every word translated."""

from __future__ import annotations

import re
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
from flask import Flask
from playwright.sync_api import Page, expect
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.core import clock
from app.core.audit import Actor
from app.core.db import db
from app.models.account import Role, User
from app.models.bank import Item
from app.models.practical import RubricSheet
from app.models.registration import Seat
from app.practical.marking import sheets
from tests.factories import applicants, certificates, people, practical, sheet_forms, tasks, templates, theory, workshop
from tests.journeys.conftest import Visit
from tests.journeys.person import Person

pytestmark = pytest.mark.browser
BODY = (
    "/registrar/ /registrar/applications /registrar/applications?status=submitted /registrar/applications/{handed_in}"
    " /registrar/sessions /registrar/sessions?state=closed /registrar/sessions/{session}"
    " /registrar/sessions/{practical_session} /registrar/sites /registrar/sessions/{session}/results"
    " /registrar/sessions/{released}/results /registrar/sessions/{released}/certificates"
    " /registrar/sessions/{session}/integrity /registrar/sessions/{planned}/integrity"
    " /registrar/certificate-templates /registrar/certificate-templates/{look}"
    " /registrar/sheet-forms /registrar/sheet-forms/{sheet_form} /registrar/sheet-forms/{sheet_form}/preview"
    " /registrar/sessions/{practical_session}/raters"
    " /registrar/sessions/{practical_session}/papers"
    " /registrar/sessions/{practical_session}/tasks"
    " /panel/{practical_session}/agreement /registrar/agreement /registrar/sessions/{practical_session}/anchors"
    " /registrar/sessions/{practical_session}/panel/timetable /registrar/sessions/{practical_session}/panel/stations"
    " /registrar/sessions/{practical_session}/panel/day"
    " /panel/{practical_session} /panel/{practical_session}/seats/{sheet_seat} /panel/{practical_session}/register"
    " /registrar/sessions/{practical_session}/panel /register /register?q=nobody /register/{serial}"
    " /register/ending /register/proofs"
    " /registrar/applications/{handed_in}/name"
    " /schemes/ /schemes/{scheme} /registrar/receipts /registrar/receipts?attempt={running}&receipt=0123456789abcdef"
)
PAGES = {
    "stranger": "/ /login /join /admission /verify /verify/{serial} /register/log /register/keys /nowhere",
    "candidate": "/my/ /my/practical/ /exam/{running}",
    "waiting": "/my/ /exam/{waiting}",
    "graduate": "/my/ /results /results/email /practice /rate/",
    "newcomer": "/my/ /my/apply /my/apply/{scheme}/junior /my/apply/{scheme}/senior /my/applications/{draft}"
    " /my/applications/{draft}/identity /my/applications/{draft}/photo /my/applications/{draft}/statement"
    " /my/applications/{draft}/documents /results",
    "proctor": "/rooms/ /rooms/{session} /rooms/{session}?by=seat /rooms/{session}/seats/1 /rooms/{session}/seats/2"
    " /rooms/{session}?by=map /rooms/{session}/all /rooms/{session}/lost-time"
    " /rooms/{session}/signals /rooms/{session}/seats/1/signals"
    " /rooms/{session}/seats/1/pictures /rooms/{session}/incidents"
    " /rooms/{session}/attendance /rooms/{session}/attendance?q=nobody"
    " /rooms/{session}/record /sessions/{session}/late",
    "examiner": "/examiner/ /examiner/sheets/{sheet} /examiner/sheets/{sheet}/review /examiner/sheets/{sheet}/evidence"
    " /examiner/sessions/{practical_session}/papers",
    "registrar": f"{BODY} /registrar/sessions/new /registrar/sites/new /registrar/sites/1"
    " /registrar/sessions/{planned} /registrar/sessions/{planned}/seats/{planned_seat}/extra-time"
    " /registrar/sessions/{practical_session}/panel/sheets/{sheet}/replace /rooms/{session}"
    " /registrar/sessions/{practical_session}/papers/typed/{sheet}"
    " /rooms/{session}/seats/1 /rooms/{session}/incidents /bank/exposure /sessions/{session}/late",
    "auditor": f"{BODY} /audit/ /audit/?tag=nothing /audit/chain /bank /bank/items/{{item}} /bank/exposure",
    "author": "/bank /bank?words=nothing /bank?state=revision-draft&mine=y /bank/items/{item}"
    " /bank/items/{item}/preview /bank/items/{item}/changes /bank/items/new /bank/items/{drafted}/edit"
    " /bank/items/{drafted} /bank/import /bank/export /bank/export?format=aiken /schemes/"
    " /bank/tasks /bank/tasks?words=nothing /bank/tasks/new /bank/tasks/import /bank/tasks/{task}"
    " /bank/tasks/{task_drafted} /bank/tasks/{task_drafted}/edit /bank/tasks/{task}/changes",
    "reviewer": "/bank /bank/items/{item} /bank/review /bank/items/{drafted}/review /bank/exposure?item={item}"
    " /bank/tasks/{task_drafted}/review /bank/tasks?state=in_review",
    "verifier": "/check/",
    "administrator": "/accounts/ /accounts/new /accounts/{account} /accounts/?text=nobody",
}
UNFILLED = re.compile(r"%\(\w+\)s|\{\w+\}")
"""A sentence whose places were not filled in."""
FOREIGN = {"zh-CN": re.compile(r"(?:\b[a-z]{2,}[ ,.]+){3}"), "en": re.compile(r"[\u4e00-\u9fff]")}
"""What betrays a text without translation: among Chinese an English phrase, among English a Chinese character."""
LABELS = {
    "zh-CN": "body",
    "en": ":is(th[scope=col], legend, caption, dt, main label:not(:has(input)), nav a):not([lang=zh-CN] *)",
}
"""Where to look for it: data of the demonstration is Chinese, so in English only where no data stands."""
BARE = re.compile(r"^[^\u4e00-\u9fff]*[a-z]{4}[^\u4e00-\u9fff]*$")
"""A heading or label of a Chinese page without a single Chinese character."""


def grown_up(session: Session, made: dict[str, Any]) -> dict[str, Any]:
    """A demonstration with somebody at every stage: who is who, and the numbers of their things."""
    graduate = people.user(session, Role.CANDIDATE, name="周琳")
    certificate = certificates.issued(session, name="周琳", user=graduate)
    passed = session.scalars(select(Seat.session_id).where(Seat.application_id == certificate.application_id)).first()
    newcomer = applicants.applicant(session)
    planned = theory.theory_session(session)
    sheet = session.scalars(select(RubricSheet).order_by(RubricSheet.id)).first()
    assert sheet is not None
    examiner, reading = sheet.examiner, Actor(sheet.examiner_id, sheet.examiner.name, "test")
    sheets.start_practical(session, reading, sheet.id, examiner.id, clock.now())
    practical.mark(session, practical.Duty.of(sheet), "80")
    writer = session.scalars(select(User).where(User.username == made["author"]["username"])).one()
    drafted = workshop.draft(session, Actor(writer.id, writer.name, "test"), stem="W-1 no 2?")
    form = sheet_forms.in_force(session)
    tasks.in_use(session, tuple(tasks.CRITERIA), ("health",))
    task_drafted = tasks.draft(session, Actor(writer.id, writer.name, "test"), "faults", trade="finance")
    account = {user.username: user.id for user in session.scalars(select(User))}
    numbers = {
        "serial": certificate.serial, "released": passed, "scheme": theory.SCHEME, "sheet": sheet.id,
        "sheet_seat": sheet.seat_id,
        "draft": applicants.draft(session, newcomer).id, "handed_in": applicants.submitted(session).id,
        "planned": planned.id, "planned_seat": planned.seats[0].id, "item": session.scalars(select(Item.code)).first(),
        "drafted": drafted.item.code, "sheet_form": form.id, "look": templates.in_force(session).id,
        "task": "report-health-01", "task_drafted": task_drafted.task.code,
        "running": made["candidates"][0]["attempt"], "waiting": made["candidates"][1]["attempt"],
        "account": account[made["author"]["username"]],
        "session": made["session"], "practical_session": made["practical_session"],
    }  # fmt: skip
    own = {"graduate": graduate, "newcomer": newcomer}
    accounts: dict[str, Any] = {
        name: {"username": user.username, "password": people.PASSWORD} for name, user in own.items()
    }
    first, second = made["candidates"]
    accounts |= {"stranger": None, "candidate": first, "waiting": second, "proctor": made["proctors"][0]}
    accounts["examiner"] = next(one for one in made["examiners"] if one["username"] == examiner.username)
    accounts |= {
        name: made[name] for name in ("registrar", "auditor", "author", "reviewer", "administrator", "verifier")
    }
    session.commit()
    return {"numbers": numbers, "accounts": accounts}


@pytest.fixture
def place(store: Flask, demonstration: dict[str, Any]) -> dict[str, Any]:
    """Made in a thread of its own, as signing runs an event loop and the browser's runs in this one."""

    def made() -> dict[str, Any]:
        with store.test_request_context():
            return grown_up(db.session(), demonstration)

    with ThreadPoolExecutor(1) as aside:
        return aside.submit(made).result()


@pytest.mark.parametrize("locale", ["zh-CN", "en"])
def test_every_page(visit: Visit, place: dict[str, Any], locale: str) -> None:
    found: list[str] = []
    for name, paths in PAGES.items():
        person = visit(place["accounts"][name], locale=locale)
        if name == "candidate":
            person.go(f"/exam/{place['numbers']['running']}")
            person.page.click("main form button.large")
            expect(person.page.locator("[data-saving][data-tone=good]")).to_be_visible()
        for path in paths.split():
            found += [f"{name} {path}: {fault}" for fault in faults(person, path.format(**place["numbers"]), locale)]
        person.context.close()
    assert not found, "\n" + "\n".join(found)


def faults(person: Person, path: str, locale: str) -> Iterator[str]:
    page = person.page
    answer = page.goto(person.site + path)
    assert answer is not None
    if answer.status != (404 if path == "/nowhere" else 200):
        yield f"answers {answer.status}"
        return
    page.keyboard.press("Tab")
    if not page.evaluate("document.activeElement.matches('a.skip')"):
        yield "the first Tab does not reach the skip link"
    yield from untranslated(page, locale)
    try:
        person.check_access()
    except AssertionError as error:
        yield str(error).splitlines()[0]
    person.faults.clear()


def untranslated(page: Page, locale: str) -> Iterator[str]:
    if (shown := page.get_attribute("html", "lang")) != locale:
        yield f"is in {shown}"
    for text in page.locator(LABELS[locale]).all_inner_texts():
        if stray := UNFILLED.search(text) or FOREIGN[locale].search(text):
            yield f"not translated: {text[max(0, stray.start() - 20) : stray.end() + 40]!r}"
    if locale == "zh-CN":
        yield from (
            f"not translated: {text!r}" for text in page.locator(LABELS["en"]).all_inner_texts() if BARE.match(text)
        )

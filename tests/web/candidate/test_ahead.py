"""The sealed page before the start: it is the page of after it, and tells nobody anything before."""

from __future__ import annotations

import re
from base64 import b64decode
from threading import BoundedSemaphore
from typing import Any

import pytest
import sqlalchemy as sa
from cryptography.exceptions import InvalidTag
from flask import Flask

from app.core.db import db
from app.delivery import sealed_page, sealing
from app.models.exam import Attempt, Paper
from app.models.integrity import SessionIntegrity
from app.web.candidate import ahead as view
from tests.factories import rooms_of_session
from tests.factories.rooms_of_session import Divided
from tests.web.api.test_starting_lane import Browser

FILLED_IN = re.compile(
    r'data-(client|token|deadline|server-time|notice)="[^"]*"|(name="client" value|csrf_token" value|content)="[^"]*"'
    r'|(name="csrf_token" type="hidden" value)="[^"]*"'
)


@pytest.fixture
def here(store: Flask) -> Divided:
    with store.test_request_context():
        return rooms_of_session.divided(db.session(), candidates=2, size=0)


@pytest.fixture
def browser(store: Flask, here: Divided) -> Browser:
    return Browser(store, here)


def ahead(browser: Browser, attempt_id: int = 0) -> Any:
    return browser.http.get(f"/exam/{attempt_id or browser.holder.attempt_id}/ahead")


def opened(browser: Browser, sealed: bytes, answer: Any) -> str:
    return sealed_page.opened(b64decode(answer.json["key"]), browser.holder.attempt_id, sealed)


@pytest.mark.parametrize("language", ["zh-CN", "en"])
def test_filled_in_it_is_the_page_that_the_start_leads_to(store: Flask, browser: Browser, language: str) -> None:
    browser.http.environ_base["HTTP_ACCEPT_LANGUAGE"] = language
    sealed = ahead(browser)
    assert (sealed.status_code, sealed.mimetype) == (200, "application/octet-stream")
    assert sealed.headers["Cache-Control"] == "no-store"
    page = opened(browser, sealed.data, browser.start())
    after = browser.http.get(f"/exam/{browser.holder.attempt_id}").text
    assert page.count('class="item"') == 90
    assert FILLED_IN.sub("", page) == FILLED_IN.sub("", after)
    assert ('lang="en"' if language == "en" else 'lang="zh-CN"') in page[:200]


def test_nothing_of_the_paper_or_its_key_can_be_read_before(store: Flask, here: Divided, browser: Browser) -> None:
    sealed, lobby = ahead(browser).data, browser.page
    with store.app_context():
        row = db.session.get_one(Attempt, browser.holder.attempt_id)
        secret, paper = store.config["SECRET_KEY"], row.paper_id
        terms = sealing.terms_of(db.session(), here.session_id)
        assert (row.state, row.client, row.started_at) == ("prepared", None, None)
    key = sealed_page.key_of(secret, browser.holder.attempt_id, paper, terms)
    assert key not in sealed
    assert "T-00" not in sealed.decode("latin-1") + lobby  # as every stem of the tests begins
    assert "T-00" in sealed_page.opened(key, browser.holder.attempt_id, sealed)


def test_of_another_it_does_not_exist_and_after_the_start_there_is_none(here: Divided, browser: Browser) -> None:
    assert ahead(browser, here.holders[1].attempt_id).status_code == 404
    browser.start()
    assert ahead(browser).status_code == 404


def test_pictures_depend_on_an_answer_so_that_page_comes_as_ever(store: Flask, here: Divided, browser: Browser) -> None:
    with store.app_context():
        db.session.add(SessionIntegrity(session_id=here.session_id, signals=["focus"], camera=True))
        db.session.commit()
    assert ahead(browser).status_code == 404
    assert "data-ahead" in browser.page
    assert "data-ahead" not in browser.http.get(f"/exam/{browser.holder.attempt_id}").text


def test_another_browser_than_the_lockdown_one_is_given_none(store: Flask, here: Divided, browser: Browser) -> None:
    with store.app_context():
        db.session.add(SessionIntegrity(session_id=here.session_id, signals=["focus"], lockdown="required"))
        db.session.commit()
    assert ahead(browser).status_code == 403


@pytest.mark.parametrize("what", ["terms", "paper"])
def test_a_page_made_before_the_terms_or_the_paper_changed_stays_shut(
    store: Flask, here: Divided, browser: Browser, what: str
) -> None:
    sealed = ahead(browser).data
    with store.app_context():
        if what == "terms":
            db.session.add(SessionIntegrity(session_id=here.session_id, signals=["focus"], full_screen=True))
        else:
            row = db.session.get_one(Attempt, browser.holder.attempt_id)
            columns = {one.key: getattr(row.paper, one.key) for one in sa.inspect(Paper).columns if one.key != "id"}
            row.paper = Paper(**columns)
        db.session.commit()
    answer = browser.start()
    with pytest.raises(InvalidTag):
        opened(browser, sealed, answer)
    fresh = browser.http.get(f"/exam/{browser.holder.attempt_id}")
    assert (fresh.status_code, fresh.headers["X-Exam-Page"]) == (200, "paper")


def test_a_log_in_that_ended_is_led_away(store: Flask, here: Divided, browser: Browser) -> None:
    with store.app_context():
        db.session.execute(sa.text("UPDATE login SET ended_at = clock_timestamp()"))
        db.session.commit()
    assert ahead(browser).status_code in (302, 303)


def test_no_more_than_a_few_are_sealed_at_once(browser: Browser, monkeypatch: pytest.MonkeyPatch) -> None:
    busy = BoundedSemaphore(1)
    monkeypatch.setattr(view, "at_work", busy)
    with busy:
        answer = ahead(browser)
        assert (answer.status_code, int(answer.headers["Retry-After"])) == (503, view.AGAIN)
    assert ahead(browser).status_code == 200

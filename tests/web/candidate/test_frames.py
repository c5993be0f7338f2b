"""What is rendered once for everybody holds nothing of anybody."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from flask import Flask, g, render_template_string
from jinja2 import DictLoader, UndefinedError

from app.core.db import db
from app.web.candidate import frames
from app.web.candidate.frames import FOLDER, frame
from tests.factories import rooms_of_session
from tests.web.api.test_starting_lane import Browser

FRAMES = {
    "alarm": {},
    "boxes": {},
    "help": {"practice": False},
    "map": {},
    "notices": {},
    "stick": {},
    "texts": {"practice": False},
}


@pytest.fixture(autouse=True)
def empty() -> None:
    frames._frames.clear()


def test_the_list_is_whole(app: Flask) -> None:
    folder = Path(str(app.jinja_loader.searchpath[0])) / FOLDER  # type: ignore[union-attr]
    assert {place.stem for place in folder.iterdir()} == set(FRAMES)


@pytest.mark.parametrize("name", FRAMES)
def test_a_frame_is_the_same_whoever_asks_first(app: Flask, name: str) -> None:
    with app.test_request_context("/exam/1", headers={"Accept-Language": "zh", "Cookie": "session=one"}):
        g.door = "a door of the first"
        first = frame(name, **FRAMES[name])
    frames._frames.clear()
    with app.test_request_context("/exam/2?x=1", headers={"Accept-Language": "zh", "User-Agent": "another"}):
        assert frame(name, **FRAMES[name]) == first
    with app.test_request_context("/exam/1", headers={"Accept-Language": "en"}):
        english = frame(name, **FRAMES[name])
        assert english != first
        assert not re.search("[\u4e00-\u9fff]", english)


@pytest.mark.parametrize("personal", ["principal.name", "exam.client", "player", "door", "csrf_token()", "request.path",
                                      "session", "g.door", "current_user", "get_flashed_messages()"])  # fmt: skip
def test_a_frame_that_would_show_somebody_is_an_error(
    app: Flask, personal: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(app.jinja_env, "loader", DictLoader({f"{FOLDER}/bad.html": f"{{{{ {personal} }}}}"}))
    with app.test_request_context("/"):
        g.door = "somebody's"
        with pytest.raises(UndefinedError):
            render_template_string("{{ frame('bad') }}", principal="me", exam={"client": "c"}, player="p", door="d")


def test_two_candidates_pages_differ_in_their_own_things_only(store: Flask) -> None:
    with store.test_request_context():
        here = rooms_of_session.divided(db.session(), candidates=2, size=0)
    browsers = [Browser(store, here, place) for place in range(2)]
    pages = []
    for browser in browsers:
        browser.start()
        pages.append(browser.http.get(f"/exam/{browser.holder.attempt_id}").text)
    for mine, theirs in ((0, 1), (1, 0)):
        own = [*re.findall(r'data-(?:client|token)="([^"]+)"', pages[mine]), browsers[mine].forgery["X-CSRFToken"]]
        assert len(own) == 3
        assert not [one for one in own if one in pages[theirs]]
        assert f"/exam/{browsers[mine].holder.attempt_id}" not in pages[theirs]

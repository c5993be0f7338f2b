"""Every item type through the API: shown without what must stay, answered, played, marked."""

from __future__ import annotations

import json
from concurrent.futures import ThreadPoolExecutor
from decimal import Decimal
from typing import Any
from uuid import uuid4

import pytest
import sqlalchemy as sa
from flask import Flask

from app.core.clock import now
from app.core.db import db
from app.delivery import attempts, closing, marking
from app.models.exam import Attempt, StimulusPlay
from app.web.api import media
from question_bank.stimuli import Media
from tests.factories import kinds, theory
from tests.factories.theory import REGISTRAR
from tests.web.api.test_attempts import Seat, code, one


@pytest.fixture
def seat(store: Flask) -> Seat:
    with store.app_context():
        return Seat(store, kinds.open_sitting(db.session()))


@pytest.fixture
def paper(seat: Seat) -> dict[str, Any]:
    return seat.start().json["paper"]  # type: ignore[no-any-return]


def items(paper: dict[str, Any], kind: str) -> list[dict[str, Any]]:
    return [item for item in paper["items"] if item["type"] == kind]


def sound_item(paper: dict[str, Any]) -> dict[str, Any]:
    (number,) = [one["number"] for one in paper["stimuli"] if "plays" in one]
    return next(item for item in paper["items"] if item.get("stimulus") == number)


def play(seat: Seat, position: int, key: str = "", client: str = "") -> Any:
    return seat.post("plays", client=client or seat.client, position=position, key=key or str(uuid4()))


def fetch(seat: Seat, url: str) -> Any:
    return seat.http.get(url, headers=seat.headers)


def test_the_paper_holds_what_each_type_needs_and_nothing_that_must_stay(seat: Seat, paper: dict[str, Any]) -> None:
    assert len(paper["items"]) == 17
    for item in paper["items"]:
        assert set(item) <= {"position", "type", "marks", "stem", "options", "gaps", "stimulus", "media"}
        assert all(set(option) == {"id", "text"} for option in item["options"])
    assert sorted(item["gaps"] for item in items(paper, "fill")) == [1, 1, 2]
    assert all(not item["options"] for item in [*items(paper, "fill"), *items(paper, "open")])
    case, sound = sorted(paper["stimuli"], key=lambda one: "plays" in one)
    assert set(case) == {"number", "title", "text"}
    assert set(sound) == {"number", "title", "text", "plays", "plays_left"}
    assert (sound["plays"], sound["plays_left"]) == (2, 2)
    said = json.dumps(paper, ensure_ascii=False) + json.dumps(paper)
    for kept in (*kinds.SECRETS, "told-to-nobody", "KD-", "八十", Media("", kinds.tone()).sha256):
        assert kept not in said


def test_items_of_one_material_stand_together(paper: dict[str, Any]) -> None:
    for number in (1, 2):
        places = [item["position"] for item in paper["items"] if item.get("stimulus") == number]
        assert places == list(range(places[0], places[-1] + 1))
        assert len(places) > 1


def right_answers(paper: dict[str, Any]) -> dict[int, list[str]]:
    keys = {item.stem: item for item in kinds.paper()}
    forms = {"fill": lambda key: [entry.split(" | ")[0] for entry in key]}
    found = {item["position"]: forms.get(item["type"], list)(keys[item["stem"]].key) for item in paper["items"]}
    return {place: answer for place, answer in found.items() if answer}


def test_all_types_are_answered_and_marked_and_an_open_answer_waits(
    seat: Seat, paper: dict[str, Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    answers = right_answers(paper)
    (written,) = [item["position"] for item in items(paper, "open")]
    changes = [one(seq, place, *answer) for seq, (place, answer) in enumerate(answers.items(), 1)]
    assert seat.change(*changes, one(50, written, "先道歉，\n再查证。")).status_code == 200
    assert seat.start().json["responses"][str(written)] == ["先道歉，\n再查证。"]
    monkeypatch.setattr(marking, "open_marks", lambda *_: None)
    first, second = seat.submit().json, seat.submit().json
    seat.marked()
    assert (first["state"], first["answered"]) == ("submitted", 17)
    assert {**first, "server_time": 0} == {**second, "server_time": 0}
    with seat.app.app_context():
        attempt = db.session.get_one(Attempt, seat.sitting.attempt_id)
        assert (attempt.state, attempt.score) == ("submitted", None)
        monkeypatch.setattr(marking, "open_marks", lambda *_: {written: Decimal("12.5")})
        assert closing.mark_closed(db.session(), attempt, now())
        assert (attempt.state, attempt.score) == ("marked", Decimal("94.5"))
        assert not closing.mark_closed(db.session(), attempt, now())


def test_without_an_open_answer_nobody_is_waited_for(seat: Seat, paper: dict[str, Any]) -> None:
    seat.change(one(1, items(paper, "fill")[0]["position"], *["　"] * items(paper, "fill")[0]["gaps"]))
    assert seat.submit().json["answered"] == 0
    seat.marked()
    with seat.app.app_context():
        assert db.session.get_one(Attempt, seat.sitting.attempt_id).state == "marked"


@pytest.mark.parametrize(
    ("kind", "answer", "expected"),
    [
        ("fill", ["x"] * 9, "wrong_number_of_gaps"),
        ("ordering", ["A", "A", "", ""], "option_repeated"),
        ("ordering", ["A"], "wrong_number_of_places"),
        ("matching", ["1-Z"], "option_unknown"),
        ("open", ["a", "b"], "answer_malformed"),
        ("open", ["x" * 4001], "body_invalid"),
    ],
)
def test_what_a_type_does_not_take_is_refused(
    seat: Seat, paper: dict[str, Any], kind: str, answer: list[str], expected: str
) -> None:
    assert code(seat.change(one(1, items(paper, kind)[0]["position"], *answer))) == (422, expected)


def test_a_text_too_long_for_a_gap_is_refused(seat: Seat, paper: dict[str, Any]) -> None:
    item = next(item for item in items(paper, "fill") if item["gaps"] == 1)
    assert code(seat.change(one(1, item["position"], "x" * 201))) == (422, "answer_too_long")
    assert seat.change(one(1, item["position"], "字" * 200)).status_code == 200


def test_the_longest_open_answer_fits_in_any_writing(seat: Seat, paper: dict[str, Any]) -> None:
    assert seat.change(one(1, items(paper, "open")[0]["position"], "𠮷" * 4000)).status_code == 200


# -- recordings -------------------------------------------------------------------------------------------------------


def test_a_play_is_counted_and_fetched_once(seat: Seat, paper: dict[str, Any]) -> None:
    place = sound_item(paper)["position"]
    granted = play(seat, place).json
    assert granted["plays_left"] == 1
    assert seat.http.head(granted["url"], headers=seat.headers).status_code == 405
    answer = fetch(seat, granted["url"])
    assert (answer.status_code, answer.data) == (200, kinds.tone())
    assert (answer.mimetype, answer.headers["Cache-Control"]) == ("audio/wav", "no-store")
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert code(fetch(seat, granted["url"])) == (409, "play_fetched")
    assert play(seat, place).json["plays_left"] == 0
    refused = play(seat, place)
    assert code(refused) == (409, "plays_used_up")
    assert refused.json["error"]["details"] == {"plays_left": 0}


def test_the_same_wish_sent_again_is_the_same_play(seat: Seat, paper: dict[str, Any]) -> None:
    place, key = sound_item(paper)["position"], str(uuid4())
    play(seat, place, key)
    again = play(seat, place, key).json
    assert again["plays_left"] == 1
    assert fetch(seat, again["url"]).status_code == 200
    assert play(seat, place, key).json == {"plays_left": 1, "url": None}


def test_plays_stay_counted_through_a_reload_and_a_take_over(seat: Seat, paper: dict[str, Any]) -> None:
    place, old = sound_item(paper)["position"], seat.client
    play(seat, place)
    shown = next(one for one in seat.start().json["paper"]["stimuli"] if "plays" in one)
    assert shown["plays_left"] == 1
    seat.log_in()
    seat.start()
    assert code(play(seat, place, client=old)) == (409, "client_replaced")
    assert play(seat, place).json["plays_left"] == 0


def test_wishes_at_once_never_pass_the_limit(seat: Seat, paper: dict[str, Any]) -> None:
    place = sound_item(paper)["position"]

    def wish(_: int) -> int:
        headers, url = seat.headers, f"/api/v1/attempts/{seat.sitting.attempt_id}/plays"
        body = {"client": seat.client, "position": place, "key": str(uuid4())}
        return seat.app.test_client().post(url, json=body, headers=headers).status_code

    with ThreadPoolExecutor(6) as pool:
        outcomes = sorted(pool.map(wish, range(6)))
    assert outcomes == [200] * kinds.PLAYS + [409] * (6 - kinds.PLAYS)
    with seat.app.app_context():
        assert sorted(db.session.scalars(sa.select(StimulusPlay.number))) == [1, 2]


def test_only_a_running_attempt_plays_and_only_what_is_there(seat: Seat, paper: dict[str, Any]) -> None:
    place = sound_item(paper)["position"]
    silent = items(paper, "open")[0]["position"]
    assert code(play(seat, silent)) == (422, "nothing_to_play")
    assert code(play(seat, 99)) == (422, "nothing_to_play")
    with seat.app.app_context():
        attempts.pause(db.session(), REGISTRAR, seat.sitting.attempt_id, "unwell", now())
        db.session.commit()
    assert code(play(seat, place)) == (409, "attempt_paused")
    with seat.app.app_context():
        attempts.resume(db.session(), REGISTRAR, seat.sitting.attempt_id, "well", now())
        db.session.commit()
    seat.submit()
    assert code(play(seat, place)) == (409, "attempt_closed")


def test_an_address_of_a_play_is_short_lived_and_its_owners(
    seat: Seat, paper: dict[str, Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    url = play(seat, sound_item(paper)["position"]).json["url"]
    assert code(fetch(seat, url[:-1] + ("A" if url[-1] != "A" else "Q"))) == (404, "not_found")
    stranger = another(seat)
    assert code(fetch(stranger, url)) == (404, "not_found")
    monkeypatch.setattr(media, "FETCH_WITHIN", -1)
    late = play(seat, sound_item(paper)["position"]).json["url"]
    assert code(fetch(seat, late)) == (409, "play_expired")


# -- pictures ---------------------------------------------------------------------------------------------------------


@pytest.fixture
def picture(paper: dict[str, Any]) -> str:
    (address,) = [url for item in paper["items"] for url in item.get("media", {}).values()]
    return address  # type: ignore[no-any-return]


def test_a_picture_of_ones_own_paper_is_shown_and_kept(seat: Seat, picture: str) -> None:
    answer = fetch(seat, picture)
    assert (answer.status_code, answer.mimetype, answer.data) == (200, "image/png", kinds.chart())
    assert "immutable" in answer.headers["Cache-Control"]
    assert answer.headers["X-Content-Type-Options"] == "nosniff"


def test_to_others_and_beside_the_paper_there_is_no_picture(seat: Seat, picture: str) -> None:
    assert code(fetch(another(seat), picture)) == (404, "not_found")
    around = picture.rsplit("/", 1)[0]
    assert code(fetch(seat, f"{around}/{'0' * 64}")) == (404, "not_found")
    assert code(fetch(seat, f"{around}/{Media('', kinds.tone()).sha256}")) == (404, "not_found")


def test_after_handing_in_nothing_is_shown_or_played(seat: Seat, paper: dict[str, Any], picture: str) -> None:
    url = play(seat, sound_item(paper)["position"]).json["url"]
    seat.submit()
    assert code(fetch(seat, picture)) == (404, "not_found")
    assert code(fetch(seat, url)) == (404, "not_found")


def another(seat: Seat) -> Seat:
    with seat.app.app_context():
        (sitting,) = theory.open_sitting(db.session())
    return Seat(seat.app, sitting)

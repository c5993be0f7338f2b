"""The code printed on a certificate, checked by the stand-alone program with the published keys alone."""

from __future__ import annotations

import importlib.util
import json
import subprocess
import sys
from datetime import date
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from certificates.register.keys import RegisterKey
from certificates.register.qr import code_content
from tests.factories import codes

PROGRAM = Path(__file__).parents[3] / "tools" / "check_certificate_code.py"
KEY, OTHER, DEMONSTRATION = codes.code_key(), codes.code_key(), codes.code_key(demonstration=True)
TODAY = date(2026, 11, 22)


def _loaded() -> ModuleType:
    spec = importlib.util.spec_from_file_location("check_certificate_code", PROGRAM)
    assert spec
    assert spec.loader
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


CHECKER = _loaded()


@pytest.fixture
def keys(tmp_path: Path) -> Path:
    return kept(tmp_path, codes.published(OTHER, KEY, DEMONSTRATION))


def kept(folder: Path, published: dict[str, Any]) -> Path:
    path = folder / "keys.json"
    path.write_text(json.dumps(published))
    return path


def judged(content: str, keys: Path) -> int:
    return int(CHECKER.main(["--keys", str(keys), content], today=TODAY))


def test_a_genuine_code_tells_what_it_says(keys: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert judged(code_content(codes.facts(), KEY), keys) == 0
    said = capsys.readouterr().out
    assert "阿卜杜热依木·麦麦提" in said
    assert "010101-2026-7K3M-9QXT7" in said
    assert "Only the register knows" in said


def test_as_a_program_of_its_own_with_the_code_on_standard_input(keys: Path) -> None:
    done = subprocess.run(
        [sys.executable, "-I", PROGRAM, "--keys", keys, "-"], input=code_content(codes.facts(), KEY), text=True,
        capture_output=True, check=False, env={"PYTHONIOENCODING": "utf-8"},
    )  # fmt: skip
    assert (done.returncode, done.stderr) == (0, "")


@pytest.mark.parametrize(
    ("change", "expected"),
    [
        (lambda code: code.replace("9QXT7", "9QXT8"), "signature does not hold"),  # another certificate's address
        (lambda code: code.replace("exam.example", "evil.example"), "signature does not hold"),  # another house
        (lambda code: code[:-4] + "AAAA", "signature does not hold"),
        (lambda code: code.replace("#c1.", "#c1.x"), "not among the keys"),
        (lambda code: code.rpartition(".")[0], "no statement that this program knows"),
        (lambda code: code.partition("#")[0], "address alone"),
        (lambda code: "https://exam.example.org/verify/x#c1...", "not among the keys"),
        (lambda code: code + "=", "damaged"),
        (lambda code: "x" * 9000, "too long"),
        (lambda code: "", "address alone"),
    ],
)
def test_what_does_not_hold(change: Any, expected: str, keys: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert judged(change(code_content(codes.facts(), KEY)), keys) in (1, 2)
    assert expected in capsys.readouterr().out


def test_every_line_is_signed(keys: Path) -> None:
    """The signature of one certificate does not carry the facts of another."""
    mine, theirs = (code_content(codes.facts(holder=name), KEY).split(".") for name in ("王小明", "王小红"))
    mine[-2] = theirs[-2]
    assert judged(".".join(mine), keys) == 1


def test_a_key_that_is_not_kept_proves_nothing(tmp_path: Path) -> None:
    assert judged(code_content(codes.facts(), KEY), kept(tmp_path, codes.published(OTHER))) == 1


def test_a_key_made_to_begin_alike_is_no_help(tmp_path: Path) -> None:
    forged = codes.published(OTHER)
    forged["keys"][0]["kid"] = KEY.kid
    assert judged(code_content(codes.facts(), KEY), kept(tmp_path, forged)) == 1


@pytest.mark.parametrize(
    ("more", "code"),
    [
        ({"withdrawn_at": "2026-12-01T00:00:00Z", "withdrawn_for": "stolen"}, 1),
        ({"valid_until": "2026-11-19T08:00:00Z"}, 1),  # a date after its time
        ({"valid_until": "2026-11-20T20:00:00Z"}, 0),  # already the next day at the issuing body
        ({"valid_until": "2027-01-01T00:00:00Z"}, 0),  # another key followed; this one's codes stay good
        ({"demonstration": True}, 1),
    ],
)
def test_the_time_of_a_key(more: dict[str, Any], code: int, tmp_path: Path) -> None:
    assert judged(code_content(codes.facts(), KEY), kept(tmp_path, codes.published(KEY, **more))) == code


def test_a_demonstration_and_one_past_its_day_prove_nothing(keys: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert judged(code_content(codes.facts(demonstration=True), DEMONSTRATION), keys) == 3
    assert judged(code_content(codes.facts(demonstration=True), KEY), keys) == 1
    assert judged(code_content(codes.facts(expires_on=date(2026, 11, 21)), KEY), keys) == 3
    assert judged(code_content(codes.facts(expires_on=TODAY), KEY), keys) == 0
    assert "DEMONSTRATION" in capsys.readouterr().out


@pytest.mark.parametrize("content", ["", "{}", '{"keys": 5}', '{"keys": [{"purpose": "code", "kid": 3}]}'])
def test_a_list_of_keys_that_is_none(tmp_path: Path, content: str) -> None:
    path = tmp_path / "keys.json"
    path.write_text(content)
    assert judged(code_content(codes.facts(), KEY), path) == 2


@given(st.text(max_size=120))
def test_no_text_holds_by_chance(text: str) -> None:
    try:
        CHECKER.check(text, codes.published(KEY)["keys"])
    except (CHECKER.Doubt, CHECKER.NotJudged):
        return
    raise AssertionError(text)


@given(st.data())
def test_no_changed_character_goes_unseen(data: st.DataObject) -> None:
    code = code_content(codes.facts(), KEY)
    place = data.draw(st.integers(0, len(code) - 1))
    other = data.draw(st.characters(min_codepoint=33, max_codepoint=126).filter(lambda one: one != code[place]))
    try:
        CHECKER.check(code[:place] + other + code[place + 1 :], codes.published(KEY)["keys"])
    except (CHECKER.Doubt, CHECKER.NotJudged):
        return
    raise AssertionError((place, other))


def test_without_a_key_the_code_is_the_address() -> None:
    assert code_content(codes.facts(), None) == "https://exam.example.org/verify/010101-2026-7K3M-9QXT7"


@given(st.text(st.characters(codec="utf-8", exclude_categories=("Cs", "Cc")), min_size=1, max_size=60))
def test_any_name_comes_out_as_it_went_in(name: str) -> None:
    key: RegisterKey = KEY
    told, _ = CHECKER.check(code_content(codes.facts(holder=name), key), codes.published(KEY)["keys"])
    assert told["holder"] == " ".join(name.split())

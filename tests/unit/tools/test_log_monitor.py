"""The stand-alone monitor against a log as it should be, and against every way of tampering with one."""

from __future__ import annotations

import importlib.util
import json
import subprocess
import sys
from datetime import UTC, datetime, timedelta
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest
from flask.testing import FlaskClient
from sqlalchemy import text
from sqlalchemy.orm import Session

from app.core.clock import now
from certificates.log import sequencing as public_log
from certificates.register import revocation
from tests.factories import certificates as factory
from tests.factories import public_log as logs

TOOLS = Path(__file__).parents[3] / "tools"
ADDRESS = "https://exam.example.org"


def loaded(name: str) -> ModuleType:
    spec = importlib.util.spec_from_file_location(name, TOOLS / f"{name}.py")
    assert spec
    assert spec.loader
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


MONITOR = loaded("log_monitor")


class Watcher:
    """Somebody who runs the script now and then and keeps its file."""

    def __init__(self, client: FlaskClient, folder: Path, said: pytest.CaptureFixture[str]) -> None:
        self.client, self.folder, self.said = client, folder, said

    def fetch(self, url: str) -> Any:
        answer = self.client.get(url.removeprefix(ADDRESS))
        if answer.status_code != 200:
            raise MONITOR.Unreachable(f"{url} answers {answer.status_code}")
        return answer.json

    def run(self, *options: str, name: str = "kept.json", later: timedelta = timedelta()) -> tuple[int, str]:
        self.said.readouterr()
        arguments = [ADDRESS, str(self.folder / name), *options]
        status = MONITOR.main(arguments, self.fetch, datetime.now(UTC) + later)
        return status, self.said.readouterr().out

    def alarmed(self, *options: str, **more: Any) -> str:
        status, said = self.run(*options, **more)
        assert status == 1, said
        return said


@pytest.fixture
def watcher(client: FlaskClient, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> Watcher:
    return Watcher(client, tmp_path, capsys)


def grown(session: Session, *names: str) -> None:
    for name in names:
        logs.lived(session, name=name)
        logs.sequenced(session)


def made_anew(session: Session, *attacks: str) -> None:
    """By somebody who has the log's own key: another past, and heads signed over it."""
    session.execute(text("TRUNCATE public_log_entry, public_log_node, public_log_head, public_log_pending"))
    logs.attack(session, *attacks, "INSERT INTO public_log_pending SELECT id FROM certificate_event")
    logs.sequenced(session)


def test_day_after_day(session: Session, watcher: Watcher) -> None:
    status, said = watcher.run()
    assert (status, "0 entries" in said, logs.key().public.hex() in said) == (0, True, True)
    grown(session, "王小明", "李四")
    assert watcher.run()[1].startswith("ok: 6 entries")
    assert "no new entry" in watcher.run()[1]
    grown(session, "张三")
    status, said = watcher.run()
    assert (status, "1 issued, 1 reinstated, 1 suspended" in said) == (0, True)
    assert watcher.run("--again")[0] == 0
    assert watcher.run(name="of somebody new.json")[0] == 0
    assert watcher.run("--compare", str(watcher.folder / "of somebody new.json"))[0] == 0


def test_many_pages(session: Session, watcher: Watcher, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(MONITOR, "PAGE", 2)
    monkeypatch.setattr("certificates.log.proofs.MOST_HEADS", 2)
    grown(session, "一", "二")
    assert watcher.run()[0] == 0
    grown(session, "三", "四", "五")
    assert watcher.run()[1].startswith("ok: 15 entries")


PAST = {
    "removed": "DELETE FROM certificate_event WHERE id = 2",
    "altered": "UPDATE certificate_event SET status = 'revoked' WHERE id = 2",
    "reordered": "UPDATE certificate_event a SET at = b.at, status = b.status FROM certificate_event b"
    " WHERE (a.id, b.id) IN ((2, 3), (3, 2))",
    "inserted": "INSERT INTO certificate_event (id, certificate_id, status, reason, at)"
    " SELECT 0, 1, 'suspended', '', at FROM certificate_event WHERE id = 1",
    "another document": "UPDATE certificate SET sha256 = repeat('0', 64) WHERE id = 1",
}


@pytest.mark.parametrize("attack", PAST.values(), ids=PAST)
def test_a_past_made_anew_is_found_with_yesterdays_head(session: Session, watcher: Watcher, attack: str) -> None:
    grown(session, "王小明", "李四")
    assert watcher.run()[0] == 0
    made_anew(session, attack)
    grown(session, "张三", "赵六", "孙七")
    said = watcher.alarmed()
    assert "past was changed" in said or "rolled back" in said
    evidence = json.loads((watcher.folder / "kept.json.evidence").read_text())
    assert len(evidence["heads"]) == 2
    assert watcher.run(name="of a newcomer.json")[0] == 0  # who kept nothing cannot know
    assert watcher.run("--compare", str(watcher.folder / "kept.json"), name="of a newcomer.json")[0] == 1


def test_an_older_state_put_back_is_found(session: Session, watcher: Watcher) -> None:
    grown(session, "王小明", "李四")
    assert watcher.run()[0] == 0
    logs.attack(
        session,
        "DELETE FROM public_log_entry WHERE position > 2",
        "DELETE FROM public_log_node WHERE (position + 1) << level::int > 3",
        "DELETE FROM public_log_head WHERE number > 1",
    )
    assert "rolled back" in watcher.alarmed()


PRESENT = {
    "hidden from readers": ("DELETE FROM public_log_entry WHERE position = 4", "left out"),
    "the last one hidden": ("DELETE FROM public_log_entry WHERE position = 5", "hidden"),
    "exchanged": (
        "UPDATE public_log_entry a SET leaf = b.leaf FROM public_log_entry b"
        " WHERE (a.position, b.position) IN ((3, 4), (4, 3))",
        "do not lead to the root",
    ),
    "no entry at all": ("UPDATE public_log_entry SET leaf = 'x' WHERE position = 4", "has not the form"),
    "another document": (
        "UPDATE public_log_entry SET leaf = overlay(leaf PLACING 'aaaa' FROM 60) WHERE position = 4",
        "do not lead to the root",
    ),
    "a head made up": ("UPDATE public_log_head SET root = sha256('x') WHERE number = 2", "signature of head 2"),
    "a head left out": ("DELETE FROM public_log_head WHERE number = 2", "does not follow from head 1"),
    "the kept head altered": (
        "UPDATE public_log_head SET at = at - interval '1s' WHERE number = 1",
        "no longer the one",
    ),
}


@pytest.mark.parametrize(("attack", "words"), PRESENT.values(), ids=PRESENT)
def test_what_is_new_is_read_and_computed(session: Session, watcher: Watcher, attack: str, words: str) -> None:
    grown(session, "王小明")
    assert watcher.run()[0] == 0
    grown(session, "李四", "张三")
    logs.attack(session, attack)
    assert words in watcher.alarmed()


def test_what_was_read_before_is_read_again_when_asked(session: Session, watcher: Watcher) -> None:
    grown(session, "王小明", "李四")
    assert watcher.run()[0] == 0
    logs.attack(session, "UPDATE public_log_entry SET leaf = overlay(leaf PLACING 'aaaa' FROM 60) WHERE position = 1")
    assert "do not lead to the root" in watcher.alarmed("--again")


def test_a_decision_dated_back(session: Session, watcher: Watcher) -> None:
    made = factory.issued(session)
    logs.sequenced(session)
    assert watcher.run()[0] == 0
    revocation.revoke(session, factory.REGISTRAR, made.serial, "x", now() - timedelta(days=30))
    session.commit()
    assert "entry 2 is dated back: revoked" in watcher.alarmed()


def test_a_decision_dated_ahead(session: Session, watcher: Watcher) -> None:
    made = factory.issued(session)
    revocation.revoke(session, factory.REGISTRAR, made.serial, "x", now() + timedelta(days=30))
    session.commit()
    assert "entry 2 is dated ahead" in watcher.alarmed()


def test_two_faces_are_found_by_comparing(session: Session, watcher: Watcher) -> None:
    grown(session, "王小明")
    assert watcher.run(name="mine.json")[0] == 0
    made_anew(session, PAST["altered"])
    assert watcher.run(name="yours.json")[0] == 0
    assert "past was changed" in watcher.alarmed("--compare", str(watcher.folder / "mine.json"), name="yours.json")


def test_a_log_that_stands_still(watcher: Watcher) -> None:
    assert watcher.run()[0] == 0
    assert "stands still" in watcher.alarmed(later=timedelta(days=2))
    assert "dated ahead" in watcher.alarmed(later=timedelta(days=-2))


def test_another_key_needs_to_be_announced(
    session: Session, watcher: Watcher, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    grown(session, "王小明")
    assert watcher.run()[0] == 0
    other = public_log_key(tmp_path)
    monkeypatch.setattr("app.web.public.log.log_key", lambda _settings: other)
    logs.lived(session, name="李四")
    assert "signed by another key" in watcher.alarmed()
    assert watcher.run("--new-key", other.public.hex())[0] == 0
    assert watcher.run()[0] == 0


def public_log_key(folder: Path) -> Any:
    from certificates.log.key import _kept, made_once

    return _kept(made_once(folder / "other.pem"), "exam.example.org/register/log")


def test_what_cannot_be_judged_is_no_alarm(watcher: Watcher) -> None:
    (watcher.folder / "kept.json").write_text("{")
    assert watcher.run()[0] == 2
    assert MONITOR.main(["http://127.0.0.1:9", str(watcher.folder / "other.json")]) == 2
    assert watcher.run("--key", "00" * 32, name="wrong key.json")[0] == 1


def test_it_needs_nothing_of_the_project() -> None:
    for name in ("log_monitor", "log_inclusion"):
        done = subprocess.run([sys.executable, "-I", TOOLS / f"{name}.py", "--help"], capture_output=True, check=False)
        assert done.returncode == 0, done.stderr
        assert b"usage" in done.stdout


def test_its_pages_fit_the_log() -> None:
    from certificates.log import proofs as log_proofs

    assert MONITOR.PAGE <= log_proofs.MOST_ENTRIES
    assert timedelta(days=1) > public_log.FRESH

"""The files for a real machine fit the code: settings that exist, addresses that exist, each in its pool."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from flask import Flask

ROOT = Path(__file__).resolve().parents[3]
DEPLOY = ROOT / "deploy"
LOCATION = re.compile(r"location (?:~ )?(\S+) \{(.*?)\n    \}", re.S)
READ = [ROOT / "app" / "config.py", ROOT / "app" / "core" / "metrics_folder.py", ROOT / "gunicorn.conf.py"]
OF_PYTHON = {"PYTHONUTF8"}


def pool_of(path: str) -> str:
    """As nginx chooses: the first pattern that fits, else the longest beginning."""
    patterns, beginnings = [], {}
    for place, body in LOCATION.findall((DEPLOY / "nginx" / "exam.conf").read_text()):
        pool = found[1] if (found := re.search(r"proxy_pass http://(\w+);", body)) else "files"
        if place.startswith("/"):
            beginnings[place] = pool
        else:
            patterns.append((place, pool))
    for pattern, pool in patterns:
        if re.search(pattern.replace("(?<", "(?P<"), path):
            return pool
    return max((place, pool) for place, pool in beginnings.items() if path.startswith(place))[1]


@pytest.mark.parametrize("name", ["changes", "start", "submit", "signals", "notices", "lobby", "plays"])
def test_what_a_running_exam_needs_has_a_pool_of_its_own(app: Flask, name: str) -> None:
    rule = f"/api/v1/attempts/<id:attempt_id>/{name}"
    assert rule in {one.rule for one in app.url_map.iter_rules()}
    assert pool_of(rule.replace("<id:attempt_id>", "17")) == "exam_web"


@pytest.mark.parametrize(
    ("path", "pool"),
    [
        ("/exam/17", "exam_web"),
        ("/admission", "exam_web"),
        ("/api/v1/attempts/17/captures", "exam_desk"),
        ("/api/v1/attempts/17/pause", "exam_desk"),
        ("/examiner/", "exam_desk"),
        ("/login", "exam_desk"),
        ("/metrics", "exam_desk"),
        ("/static/js/exam.js", "files"),
        ("/static/fonts/one.woff2", "files"),
    ],
)
def test_everything_else_is_where_it_may_take_its_time(path: str, pool: str) -> None:
    assert pool_of(path) == pool


def body_of(place: str) -> str:
    return dict(LOCATION.findall((DEPLOY / "nginx" / "exam.conf").read_text()))[place]


def test_the_paper_goes_compressed_which_the_application_leaves_to_nginx() -> None:
    assert "gzip on;" in body_of("/exam/")


def test_a_school_behind_one_address_is_let_in_at_once() -> None:
    assert re.search(r"limit_req zone=exam_logins burst=\d+ nodelay;", body_of("^/(admission|api/v1/admissions)$"))


def test_every_setting_of_the_example_is_read() -> None:
    example = set(re.findall(r"(?m)^([A-Z_0-9]+)=", (DEPLOY / "exam.env.example").read_text()))
    code = "".join(path.read_text() for path in READ)
    assert {name for name in example - OF_PYTHON if f'"{name}"' not in code} == set()
    asked = set(re.findall(r'env(?:iron)?(?:\.get\(|\[)"([A-Z_0-9]+)"', code))
    assert asked - example - {"WORKER_CLASS", "WEB_CONCURRENCY", "PORT"} == set()


def test_units_start_what_is_there() -> None:
    for unit in (DEPLOY / "systemd").glob("*.service"):
        text = unit.read_text()
        for path in re.findall(r"/srv/exam/current/(\S+)", text):
            assert (ROOT / path).exists(), f"{unit.name}: {path}"
        if "@" in unit.name:
            assert "EnvironmentFile=/etc/exam/exam.env" in text
            assert "Restart=always" in text
            assert "StartLimitIntervalSec=0" in text

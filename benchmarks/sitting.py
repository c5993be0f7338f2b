"""The candidates of the demonstration session, logged in without hashing a password each."""

from __future__ import annotations

import itertools
import json
import random
import urllib.request
from collections.abc import Callable, Mapping
from typing import Any

from sqlalchemy import select

from app.config import Settings
from app.core import clock
from app.core.db import db
from app.factory import create_app
from app.models.account import Login, LoginKind, User
from app.web import access
from benchmarks.load import post
from benchmarks.store import Store

Source = Callable[[], bytes]


def tokens(store: Store) -> dict[int, str]:
    """A bearer token for each attempt of the demonstration."""
    usernames = {one["username"]: one["attempt"] for one in store.demonstration["candidates"]}
    app = create_app(Settings.from_env(store.env))
    with app.test_request_context():
        now, found = clock.now(), {}
        for user in db.session.scalars(select(User).where(User.username.in_(usernames))).all():
            login = Login(user=user, kind=LoginKind.TOKEN, created_at=now, expires_at=now.replace(year=now.year + 1))
            db.session.add(login)
            db.session.flush()
            found[usernames[user.username]] = access.bearer_token(login)
        db.session.commit()
        db.engine.dispose()
    return found


def start_request(attempt: int, token: str) -> bytes:
    return post(f"/api/v1/attempts/{attempt}/start", b"", token)


def started(port: int, attempt: int, token: str) -> dict[str, Any]:
    request = urllib.request.Request(
        f"http://127.0.0.1:{port}/api/v1/attempts/{attempt}/start", b"", {"Authorization": f"Bearer {token}"}
    )
    with urllib.request.urlopen(request) as answer:  # noqa: S310
        return json.load(answer)  # type: ignore[no-any-return]


def saving(attempt: int, token: str, sheet: Mapping[str, Any], rng: random.Random) -> Source:
    """One answer after another at random positions of the paper, as a candidate clicks."""
    items, numbers = sheet["paper"]["items"], itertools.count(sheet["next_seq"])

    def request() -> bytes:
        item = rng.choice(items)
        change = {"seq": next(numbers), "position": item["position"], "answer": [rng.choice(item["options"])["id"]]}
        body = json.dumps({"client": sheet["client"], "changes": [change]}).encode()
        return post(f"/api/v1/attempts/{attempt}/changes", body, token)

    return request


def bare_saving(attempt: int, rng: random.Random) -> Source:
    numbers = itertools.count(1)

    def request() -> bytes:
        row = {"attempt": attempt, "item": rng.randrange(90), "answer": ["A"], "seq": next(numbers)}
        return post("/", json.dumps(row).encode())

    return request

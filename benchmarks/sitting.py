"""The candidates of the demonstration session, logged in without hashing a password each."""

from __future__ import annotations

import itertools
import json
import random
import secrets
import urllib.request
from collections.abc import Callable, Mapping, Sequence
from typing import Any, NamedTuple

from flask.sessions import SecureCookieSessionInterface
from itsdangerous import URLSafeTimedSerializer
from sqlalchemy import select

from app.config import Settings
from app.core import clock
from app.core.db import db
from app.factory import create_app
from app.models.account import Login, LoginKind, User
from app.models.exam import Attempt
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


class Pass(NamedTuple):
    """What a browser sends by itself, and what its page puts beside it."""

    cookie: str
    forgery: str

    def request(self, method: str, path: str, body: bytes = b"") -> bytes:
        lines = [f"{method} {path} HTTP/1.1", "Host: 127.0.0.1", f"Cookie: session={self.cookie}"]
        if body:
            lines += ["Content-Type: application/json", f"Content-Length: {len(body)}", f"X-CSRFToken: {self.forgery}"]
        return "\r\n".join([*lines, "", ""]).encode() + body


def browsers(store: Store, attempts: Sequence[int]) -> dict[int, Pass]:
    """Browsers logged in by ticket, each for its attempt."""
    app = create_app(Settings.from_env(store.env))
    with app.test_request_context():
        now, found = clock.now(), {}
        signer: Any = SecureCookieSessionInterface().get_signing_serializer(app)
        for one in db.session.scalars(select(Attempt).where(Attempt.id.in_(attempts))).all():
            until = now.replace(year=now.year + 1)
            login = Login(
                user_id=one.user_id, kind=LoginKind.ADMISSION, created_at=now, expires_at=until, attempt_id=one.id
            )
            db.session.add(login)
            db.session.flush()
            raw = secrets.token_hex(20)
            cookie = signer.dumps({"_user_id": str(login.id), "_fresh": True, "csrf_token": raw})
            forgery = URLSafeTimedSerializer(app.config["SECRET_KEY"], salt="wtf-csrf-token").dumps(raw)
            found[one.id] = Pass(cookie, str(forgery))
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

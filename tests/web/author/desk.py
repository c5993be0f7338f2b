"""Somebody of the workshop with a browser that needs no script."""

from __future__ import annotations

from typing import Any

from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy.orm import Session
from werkzeug.test import TestResponse

from app.core.audit import Actor
from app.models.account import Role
from app.models.workshop import ItemRevision
from tests.factories import people
from tests.web.visits import token, visitor


class Desk:
    def __init__(self, app: Flask, session: Session, *roles: Role) -> None:
        self.client: FlaskClient = visitor(app)
        user = people.user(session, *roles)
        self.actor = Actor(user.id, user.name, "test")
        self.headers = people.bearer(app, session, user)

    def get(self, path: str, status: int = 200) -> str:
        answer = self.client.get(f"/bank{path}", headers=self.headers)
        assert answer.status_code == status, (path, answer.status_code)
        return answer.text

    def post(self, path: str, expected: int = 303, /, **fields: Any) -> TestResponse:
        form = {"csrf_token": token(self.client, "/schemes/", self.headers), **fields}
        answer = self.client.post(f"/bank{path}", data=form, headers=self.headers)
        assert answer.status_code == expected, (path, answer.status_code, answer.text[:2000])
        return answer


def typed(revision: ItemRevision, **changes: Any) -> dict[str, Any]:
    """The editor's fields as they stand for a choice item."""
    content = revision.content
    fields = {name: content[name] for name in ("type", "stem", "rationale", "source", "point", "difficulty", "seconds")}
    fields |= {f"option-{one}": text for one, text in content["options"].items()}
    fields |= {"key": content["key"], "place": f"{content['row']}/{content['content']}", "author": content["author"]}
    return {**fields, "status": content["status"], "revision": revision.number, "edition": revision.edition, **changes}

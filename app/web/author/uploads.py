"""A file between its rehearsal and its import: half an hour in the store that may vanish, one for each person."""

from __future__ import annotations

import base64
import json
import secrets
from dataclasses import dataclass
from pathlib import PurePosixPath

from flask import request

from app.core import store
from app.core.errors import N_, Refusal
from question_bank.formats.registry import FORMATS
from question_bank.formats.values import Defaults

KEPT_FOR = 30 * 60
"""Seconds."""


@dataclass(frozen=True)
class Upload:
    """`place` is `row/work content`, `level` is `scheme/level`: what the file itself may not say."""

    name: str
    content: bytes
    format: str | None = None
    level: str = ""
    place: str = ""
    prefix: str = ""

    @property
    def stem(self) -> str:
        return PurePosixPath(self.name).stem

    @property
    def is_workbook(self) -> bool:
        return self.name.lower().endswith(".xlsx")

    def defaults(self) -> Defaults:
        scheme, _sign, level = self.level.rpartition("/")
        row, _sign, content = self.place.partition("/")
        return Defaults(scheme, level, row, content, self.prefix)


def sent() -> Upload | None:
    file = request.files.get("file")
    if not file or not file.filename:
        return None
    name = PurePosixPath(file.filename.replace("\\", "/")).name[-200:]
    kind = request.form.get("format", "")
    texts = {one: request.form.get(one, "").strip()[:200] for one in ("level", "place", "prefix")}
    return Upload(name, file.read(), kind if kind in FORMATS else None, **texts)


def keep(user_id: int, upload: Upload) -> str:
    """The word to ask for it again; empty when the store is gone, so that the file must be sent again."""
    token = secrets.token_urlsafe(16)
    kept = {
        "token": token, "name": upload.name, "content": base64.b64encode(upload.content).decode(),
        "format": upload.format, "level": upload.level, "place": upload.place, "prefix": upload.prefix,
    }  # fmt: skip
    try:
        store.client().set(_key(user_id), json.dumps(kept), ex=KEPT_FOR)
    except store.VANISHED:
        return ""
    return token


def kept(user_id: int, token: str) -> Upload:
    try:
        found = store.client().get(_key(user_id))
    except store.VANISHED:
        found = None
    known = json.loads(found) if found else {}
    if not known or not secrets.compare_digest(str(known.pop("token")).encode(), token.encode()):
        message = N_("The file is not kept any more. Choose it again; it is checked anew.")
        raise Refusal("upload_gone", message, status=409)
    return Upload(**{**known, "content": base64.b64decode(known["content"])})


def forget(user_id: int) -> None:
    try:
        store.client().delete(_key(user_id))
    except store.VANISHED:
        return


def _key(user_id: int) -> str:
    return f"import:{user_id}"

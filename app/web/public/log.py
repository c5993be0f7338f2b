"""The public log of the register, for programs that watch it and for people who ask what it is."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from datetime import datetime
from functools import wraps
from typing import Any

from flask import Response, current_app, jsonify, render_template, request
from flask.typing import ResponseReturnValue
from flask_babel import gettext

from app.core import clock
from app.core.db import db
from app.core.errors import N_, Refusal
from app.web.errors import render
from app.web.limits import log_limit
from app.web.public.views import bp
from certificates.log import heads as log_heads
from certificates.log import proofs as log_proofs
from certificates.log import sequencing as public_log
from certificates.log.heads import Head
from certificates.log.key import log_key, required_key

_HASH = re.compile(r"[0-9a-f]{64}")
_LARGEST = 2**53
_NO_ENTRY = N_("The log holds no entry of this certificate. A decision appears here within a minute.")
View = Callable[[], Any]


def answering(view: View) -> Callable[[], ResponseReturnValue]:
    """Always JSON, refusals too: who asks here is a program, whatever it says that it accepts."""

    @wraps(view)
    def answer() -> ResponseReturnValue:
        try:
            return open_to_all(jsonify(view()))
        except Refusal as refusal:
            db.session.rollback()
            error = {"code": refusal.code, "message": render(refusal), "details": refusal.details}
            return open_to_all(jsonify(error=error)), refusal.status

    return log_limit(answer)


def open_to_all(response: Response) -> Response:
    """Pages of other houses may watch the log as well; nothing here is of one person."""
    response.headers["Access-Control-Allow-Origin"] = "*"
    response.headers["Cache-Control"] = "no-cache"
    return response


@bp.get("/register/log")
@log_limit
def log() -> ResponseReturnValue:
    """In words, with the newest head; with `certificate` also the entries of that one."""
    head, refused, found = None, "", []
    asked = request.args.get("certificate", "").lower()
    try:
        head = _newest()
        if asked:
            found = log_proofs.proofs(db.session(), certificate=_hash_of(asked, "certificate"))
    except Refusal as refusal:
        db.session.rollback()
        refused = gettext(_NO_ENTRY) if refusal.code == "not_found" else render(refusal)
    entries = [(proof, said["event"], datetime.fromisoformat(said["at"]))
               for proof in found if (said := json.loads(proof.leaf))]  # fmt: skip
    page = render_template("public/log.html", head=head, refused=refused, asked=asked, entries=entries)
    return page, 503 if head is None else 404 if refused else 200


@bp.get("/register/log/head")
@answering
def log_head() -> dict[str, Any]:
    return _newest().as_dict()


@bp.get("/register/log/heads")
@answering
def log_heads_after() -> dict[str, Any]:
    heads = log_proofs.heads_after(db.session(), _number("after", 0))
    return {"heads": [head.as_dict() for head in heads], "more": len(heads) == log_proofs.MOST_HEADS}


@bp.get("/register/log/entries")
@answering
def log_entries() -> dict[str, Any]:
    start = _number("start", 0)
    leaves = log_proofs.entries(db.session(), start, _number("end", start + log_proofs.MOST_ENTRIES))
    return {"start": start, "entries": [leaf.decode() for leaf in leaves]}


@bp.get("/register/log/proof")
@answering
def log_proof() -> dict[str, Any]:
    """By the hash of an entry, or by what stands for a certificate; with the head that the proof leads to."""
    _newest()
    name = "certificate" if "certificate" in request.args else "hash"
    asked = _hash_of(request.args.get(name, ""), name)
    wanted = {"certificate": asked} if name == "certificate" else {"leaf_hash": asked}
    found = log_proofs.proofs(db.session(), **wanted)
    return {"head": found[0].head.as_dict(), "entries": [proof.as_dict() for proof in found]}


@bp.get("/register/log/consistency")
@answering
def log_consistency() -> dict[str, Any]:
    first, second = _number("first"), _number("second")
    path = log_proofs.consistency(db.session(), first, second)
    return {"first": first, "second": second, "path": [one.hex() for one in path]}


@bp.get("/register/log/key")
@answering
def log_public_key() -> dict[str, Any]:
    """The key that signs today, and every key that signed a head before."""
    key, head = required_key(_settings()), public_log.newest_head(db.session())
    origin = head.origin if head else key.name
    signed = [
        {"public_key": row.public_key.hex(), "first_head": row.first_head, "last_head": row.last_head}
        for row in log_proofs.keys(db.session())
    ]
    return {
        "origin": origin,
        "algorithm": "Ed25519",
        "public_key": key.public.hex(),
        "pem": log_heads.public_pem(key.public),
        "note_key": log_heads.note_key(origin, key.public),
        "signed": signed,
    }


def _newest() -> Head:
    """Up to date even where no worker runs."""
    if key := log_key(_settings()):
        public_log.sequence(db.session(), key, clock.now())
        db.session.commit()
    elif public_log.newest_head(db.session()) is None:
        required_key(_settings())
    return log_proofs.head_of(db.session())


def _number(name: str, otherwise: int | None = None) -> int:
    given = request.args.get(name, "")
    if not given and otherwise is not None:
        return otherwise
    if not (given.isascii() and given.isdigit() and len(given) < 17 and int(given) <= _LARGEST):
        raise Refusal("log_query_wrong", N_("Give %(name)s as a whole number, not below 0."), name=name)
    return int(given)


def _hash_of(given: str, name: str) -> bytes:
    if not _HASH.fullmatch(given):
        raise Refusal(
            "log_query_wrong", N_("Give %(name)s as a SHA-256 hash: 64 figures and letters from a to f."), name=name
        )
    return bytes.fromhex(given)


def _settings() -> Any:
    return current_app.extensions["settings"]

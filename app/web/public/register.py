"""What strangers' programs read of the register: its keys, its issuer and levels, status lists, one credential.

Nothing here lists or finds certificates: a list of worths is bits without names, a credential's address is unguessable.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any
from uuid import UUID

from flask import Response, current_app, jsonify, render_template, request
from flask.typing import ResponseReturnValue
from flask_babel import gettext

from app.config import Settings
from app.core import clock
from app.core.db import db
from app.core.errors import NotFound, Refusal
from app.schemes.scheme import scheme
from app.web.limits import log_limit
from app.web.public.log import open_to_all
from app.web.public.views import bp
from certificates.register.keys import RegisterKey, register_keys
from certificates.twin import badge, credentials, published, status, token
from certificates.twin.proof import with_proof

_JSON_TYPES = ("application/json", "application/ld+json", "application/vc", "application/vc+ld+json")
View = Callable[..., ResponseReturnValue]


@bp.after_request
def _found_by_no_search(response: Response) -> Response:
    """Entries are for who has a number, not for search engines that came across one."""
    if request.path.startswith(("/verify/", "/register/")):
        response.headers["X-Robots-Tag"] = "noindex, nofollow, noarchive"
    return response


def readable(view: View) -> View:
    """Open to other houses' pages; nothing behind it is of one person."""

    @wraps(view)
    def answer(**values: Any) -> ResponseReturnValue:
        return open_to_all(current_app.make_response(view(**values)))

    return log_limit(answer)


@bp.get("/register/keys")
@log_limit
def keys_page() -> ResponseReturnValue:
    """In words, for people: which keys there are, since when, and how to check a code without a network."""
    purposes = {"code": gettext("Codes on certificates"), "credential": gettext("Digital credentials"),
                "log": gettext("Public log of the register")}  # fmt: skip
    return render_template("public/keys.html", keys=_known_keys()["keys"], purposes=purposes)


@bp.get("/register/keys.json")
@readable
def keys_set() -> ResponseReturnValue:
    return jsonify(_known_keys())


@bp.get("/register/keys/<kid>")
@readable
def key(kid: str) -> ResponseReturnValue:
    """One key alone, as credentials name it. One that was given up is no longer handed out: whoever stole it could
    still sign with it, and a reader who finds no key takes nothing for true."""
    found = next((one for one in _known_keys()["keys"] if one["kid"] == kid), None)
    if found is None or "withdrawn_at" in found:
        raise NotFound()
    return jsonify({name: value for name, value in found.items() if name in _OF_JWK})


@bp.get("/register/issuer")
@readable
def issuer_profile() -> ResponseReturnValue:
    settings = _settings()
    known = [one for one in _known_keys()["keys"] if one.get("purpose") == "credential"]
    addresses = [credentials.key_address(settings.public_url, one["kid"]) for one in known]
    profile = badge.issuer_of(settings.public_url, settings.issuer)
    return jsonify({"@context": list(badge.CONTEXT), **profile, "verificationMethod": addresses})


@bp.get("/register/achievements/<code>/<level>")
@readable
def achievement(code: str, level: str) -> ResponseReturnValue:
    try:
        scheme(code).level(level)
    except Refusal as problem:
        raise NotFound() from problem
    said = badge.achievement_of(code, level, _settings().public_url)
    return jsonify({"@context": list(badge.CONTEXT), **said})


@bp.get("/register/status/<name>/<purpose>")
@readable
def status_list(name: str, purpose: str) -> ResponseReturnValue:
    """A signed token; who asks for JSON gets the same list with a proof in it."""
    settings, now = _settings(), clock.now()
    said = status.list_credential(db.session(), name, purpose, (settings.public_url, settings.issuer), now)
    signing = _credential_key(demonstration=status.parsed(name)[1])
    address = credentials.key_address(settings.public_url, signing.kid)
    if _wants_json():
        return jsonify(with_proof(said, signing, address, now))
    return Response(token.signed(said, signing, address), content_type=token.MEDIA_TYPE)


@bp.get("/register/credentials/<uuid:uuid>")
@readable
def credential(uuid: UUID) -> ResponseReturnValue:
    """By the address that stands in it: who has that, has the credential."""
    kept = credentials.by_uuid(db.session(), uuid)
    if kept is None:
        raise NotFound()
    return Response(kept.token, content_type=token.MEDIA_TYPE)


def _known_keys() -> dict[str, Any]:
    """With today's among them, also before the first certificate."""
    published.note_all(db.session(), _settings(), clock.now())
    db.session.commit()
    return published.jwks(db.session(), _settings())


def _credential_key(*, demonstration: bool) -> RegisterKey:
    if found := register_keys(_settings(), demonstration).credential:
        return found
    raise credentials.key_missing()


def _wants_json() -> bool:
    best = request.accept_mimetypes.best_match([token.MEDIA_TYPE, *_JSON_TYPES], default=token.MEDIA_TYPE)
    return best != token.MEDIA_TYPE


def _settings() -> Settings:
    settings: Settings = current_app.extensions["settings"]
    return settings


_OF_JWK = frozenset({"kty", "crv", "x", "y", "n", "e", "kid", "alg", "use"})

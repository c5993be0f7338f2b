"""Whether a request comes from Safe Exam Browser with a configuration of the session, by its headers or its script."""

from __future__ import annotations

from hashlib import sha256

from flask import current_app, request, session, url_for
from itsdangerous import BadSignature, URLSafeSerializer

from app.core.errors import NotFound
from proctoring import lockdown
from proctoring.admittance import Door
from proctoring.lockdown import Mode

HEADERS = ("X-SafeExamBrowser-ConfigKeyHash", "X-SafeExamBrowser-RequestHash")
PROOF = "lockdown"


def public_address(path: str) -> str:
    """As browsers know it, whatever stands between them and this server."""
    return str(current_app.extensions["settings"].public_url) + path


def start_address(session_id: int) -> str:
    """The page that a configuration of the session opens; the number tells one session's key from another's."""
    return public_address(url_for("account.admit", session=session_id))


def confirmed(door: Door) -> bool:
    """By the headers of this very request, or by what the page's script has shown since the log-in."""
    return _by_headers(door) or session.get(PROOF) == _proof(door)


def confirm(door: Door, page: str, presented: list[str]) -> bool:
    """What the script on one of the attempt's pages has shown; remembered in the log-in's cookie."""
    ours = page.partition("?")[0] == url_for("exam.show", attempt_id=door.attempt_id)
    if not ours or not lockdown.shown(public_address(page), presented, door.terms.keys):
        return False
    session[PROOF] = _proof(door)
    return True


def watched(door: Door) -> bool:
    """A running exam whose browser ought to be confirmed."""
    return door.begun and door.locked


def file_address(session_id: int, scheme: str = "") -> str:
    """Where the configuration is fetched, without a log-in, by whoever was told; with `seb` as a link that opens it."""
    address = public_address(url_for("public.lockdown_file", token=_signer().dumps(session_id)))
    if not scheme:
        return address
    return f"sebs{address[5:]}" if address.startswith("https") else f"seb{address[4:]}"


def session_of_token(token: str) -> int:
    try:
        return int(_signer().loads(token))
    except (BadSignature, TypeError, ValueError) as error:
        raise NotFound() from error


def offered(door: Door) -> bool:
    return door.terms.lockdown in (Mode.ALLOWED, Mode.REQUIRED)


def _by_headers(door: Door) -> bool:
    query = request.query_string.decode("latin-1")
    address = public_address(request.path + (f"?{query}" if query else ""))
    return lockdown.shown(address, [request.headers.get(name, "") for name in HEADERS], door.terms.keys)


def _proof(door: Door) -> list[str | int]:
    return [door.attempt_id, sha256(" ".join(door.terms.keys).encode()).hexdigest()[:32]]


def _signer() -> URLSafeSerializer:
    return URLSafeSerializer(current_app.secret_key or "", salt="lockdown-file")

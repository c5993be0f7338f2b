"""What a paper shows and plays beside its texts: pictures by their content, recordings by counted plays."""

from __future__ import annotations

from collections.abc import Callable
from uuid import UUID

from flask import Response, abort, current_app, request, url_for
from itsdangerous import BadSignature, URLSafeSerializer
from pydantic import Field

from app.accounts.permissions import Permission
from app.core import clock
from app.core.db import db
from app.core.errors import N_, NotFound, Refusal
from app.delivery import playing
from app.web import access
from app.web.api.operation import Body, operation

NUMBER = 2**31 - 1
FETCH_WITHIN = 120
"""Seconds for which the address of a play holds."""
FOR_A_YEAR = "private, max-age=31536000, immutable"


class PlaySent(Body):
    client: UUID
    position: int = Field(ge=1, le=NUMBER, strict=True, description="Of any item that the recording belongs to")
    key: UUID = Field(description="Of your choice; the same again is the same play")


class PlayGranted(Body):
    plays_left: int
    url: str | None = Field(description="Where the sound is fetched, once and soon; null if it has been already")


@operation(
    "POST", "/attempts/<id:attempt_id>/plays", Permission.SIT_EXAM, "Play a recording once more",
    body=PlaySent, returns=PlayGranted, errors=(409,),
)  # fmt: skip
def play(attempt_id: int, body: PlaySent) -> PlayGranted:
    session, wish = db.session(), playing.Wish(attempt_id, body.client, body.position, body.key)
    granted = playing.play(session, access.principal().user_id, wish, clock.now())
    session.commit()
    if isinstance(granted, Refusal):
        raise granted
    if granted.fetched:
        return PlayGranted(plays_left=granted.plays_left, url=None)
    until = int(clock.now().timestamp()) + FETCH_WITHIN
    token = _signer().dumps([attempt_id, granted.stimulus_version_id, granted.number, until])
    url = url_for("api.media_sound", attempt_id=attempt_id, token=token)
    return PlayGranted(plays_left=granted.plays_left, url=url)


@operation(
    "GET", "/attempts/<id:attempt_id>/plays/<token>", Permission.SIT_EXAM, "The sound of a play",
    media_type="audio/*", errors=(409,),
)  # fmt: skip
def sound(attempt_id: int, token: str) -> Response:
    if request.method == "HEAD":
        abort(405)  # it would take the sound and leave nothing to hear
    try:
        *play_id, until = _signer().loads(token)
    except BadSignature as error:
        raise NotFound() from error
    if play_id[0] != attempt_id:
        raise NotFound()
    now = clock.now()  # the database's: the host that granted the play may have another clock than this one
    if now.timestamp() > until:
        message = N_("The address of this play has run out. Press play again; it is the same play.")
        raise Refusal("play_expired", message, status=409)
    content, kind = playing.fetch(db.session(), access.principal().user_id, tuple(play_id), now)
    db.session.commit()
    return Response(content, mimetype=kind, headers={"Content-Disposition": "attachment"})


@operation(
    "GET", "/attempts/<id:attempt_id>/media/<digest>", Permission.SIT_EXAM, "A picture of the paper",
    media_type="image/*",
)  # fmt: skip
def picture(attempt_id: int, digest: str) -> Response:
    return picture_response(*playing.picture(db.session(), access.principal().user_id, attempt_id, digest))


def picture_response(content: bytes, kind: str) -> Response:
    """Found by its content, so a browser may keep it; never run."""
    response = Response(content, mimetype=kind, headers={"Content-Security-Policy": "sandbox; default-src 'none'"})
    response.headers["Cache-Control"] = FOR_A_YEAR
    return response


def picture_address(attempt_id: int) -> Callable[[str], str]:
    """Where the browser of the attempt's candidate finds a picture."""
    around = url_for("api.media_picture", attempt_id=attempt_id, digest="-")[:-1]
    return lambda digest: around + digest


def _signer() -> URLSafeSerializer:
    return URLSafeSerializer(current_app.secret_key or "", salt="play")

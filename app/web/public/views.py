"""What anyone may see without an account: the health of the service, and the verification of certificates."""

from __future__ import annotations

from flask import Blueprint, Response, jsonify
from flask.typing import ResponseReturnValue
from prometheus_client import CONTENT_TYPE_LATEST, generate_latest
from sqlalchemy import text
from sqlalchemy.exc import SQLAlchemyError

from app.core import store
from app.core.db import db

bp = Blueprint("public", __name__)


@bp.get("/healthz")
def alive() -> ResponseReturnValue:
    return jsonify(status="ok")


@bp.get("/readyz")
def ready() -> ResponseReturnValue:
    """Able to serve: the database answers. A missing Redis is told, but stops nobody."""
    try:
        db.session.execute(text("SELECT 1"))
    except SQLAlchemyError:
        return jsonify(status="unavailable", database=False), 503
    try:
        redis_answers = bool(store.client().ping())
    except store.VANISHED:
        redis_answers = False
    return jsonify(status="ok", database=True, redis=redis_answers)


@bp.get("/metrics")
def metrics() -> ResponseReturnValue:
    return Response(generate_latest(), content_type=CONTENT_TYPE_LATEST)

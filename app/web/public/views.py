"""What anyone may see without an account: the health of the service, and the verification of certificates."""

from __future__ import annotations

import time

from flask import Blueprint, Response, current_app, jsonify
from flask.typing import ResponseReturnValue
from prometheus_client import CONTENT_TYPE_LATEST
from sqlalchemy import text
from sqlalchemy.exc import SQLAlchemyError

from app.config import Settings
from app.core import clock, metrics, store
from app.core.db import db
from certificates.archive import vitals as archive_vitals
from proctoring import vitals
from proctoring.presence import presence

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
    return jsonify(status="ok", database=True, redis=_redis_answers())


@bp.get("/metrics", endpoint="metrics")
def metrics_told() -> ResponseReturnValue:
    """Of every process of this host. Without the database it tells what it can: then somebody needs it most."""
    metrics.REDIS_UP.set(_redis_answers())
    metrics.BACKUP_AGE.set(vitals.age_of_backup(_backup_done_at(), time.time()))
    try:
        vitals.take(db.session(), presence())
        archive_vitals.take(db.session(), current_app.extensions["settings"], clock.now())
        metrics.DATABASE_UP.set(1)
    except SQLAlchemyError:
        db.session.rollback()
        metrics.DATABASE_UP.set(0)
    return Response(metrics.exposition(), content_type=CONTENT_TYPE_LATEST)


def _redis_answers() -> bool:
    try:
        return bool(store.client().ping())
    except store.VANISHED:
        return False


def _backup_done_at() -> float | None:
    settings: Settings = current_app.extensions["settings"]
    try:
        return settings.backup_stamp.stat().st_mtime if settings.backup_stamp else None
    except OSError:  # never touched yet, or in a folder that is closed to this account
        return None

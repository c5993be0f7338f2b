"""Why an attempt does not take what was sent, in the words of every door to it."""

from __future__ import annotations

from uuid import UUID

from app.core.errors import N_, Refusal
from app.models.exam import Attempt, AttemptState


def attempt_closed(attempt: Attempt) -> Refusal:
    how = AttemptState.VOIDED if attempt.state == AttemptState.VOIDED else attempt.closed_how
    at = attempt.submitted_at.isoformat() if attempt.submitted_at else None
    message = N_("This exam is closed. Every answer saved before that is kept; nothing more can be changed.")
    return Refusal("attempt_closed", message, status=409, details={"how": how, "at": at, "receipt": attempt.receipt})


def attempt_paused() -> Refusal:
    message = N_("The proctor has paused your exam and your clock stands still. Wait until it is resumed.")
    return Refusal("attempt_paused", message, status=409)


def attempt_not_started() -> Refusal:
    return Refusal("attempt_not_started", N_("This exam has not been started. Start it first."), status=409)


def client_replaced() -> Refusal:
    message = N_(
        "This exam goes on at another place with a newer log-in. "
        "To continue here, log in again; if it was not you, call the proctor at once."
    )
    return Refusal("client_replaced", message, status=409)


def against_change(attempt: Attempt, client: UUID) -> Refusal | None:
    """What stands in the way of a change by this client, if anything does."""
    if attempt.state == AttemptState.PREPARED:
        return attempt_not_started()
    if attempt.state not in (AttemptState.IN_PROGRESS, AttemptState.PAUSED):
        return attempt_closed(attempt)
    if attempt.client != client:
        return client_replaced()
    return attempt_paused() if attempt.state == AttemptState.PAUSED else None

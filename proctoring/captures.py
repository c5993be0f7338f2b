"""Pictures during an exam: the candidate's consent, keeping them, looking at them, and removing them in time."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import func, select, text
from sqlalchemy.orm import Session

from app.core import audit
from app.core.audit import SYSTEM, Actor
from app.core.errors import N_, NotFound, Refusal
from app.delivery.closing import RUNNING
from app.models.exam import Attempt, AttemptState
from app.models.integrity import Capture, CaptureConsent, IntegritySignal
from app.models.monitoring import Incident, IncidentCategory
from app.registration.locks import locked
from proctoring import duty
from proctoring.admittance import Door, door_of
from proctoring.duty import Watcher
from proctoring.signals import Kind
from proctoring.wording import given_reason

REFUSED = "不同意拍摄画面 · pictures refused"
AGREED = "同意 · agreed"
"""An incident is read by people of either language."""
PAGE = 24
DUE = text("""
DELETE FROM capture WHERE id IN (
    SELECT c.id FROM capture c
      JOIN attempt a ON a.id = c.attempt_id
      JOIN exam_session e ON e.id = a.session_id
      JOIN session_integrity t ON t.session_id = e.id
     WHERE e.released_at + make_interval(days => t.keep_days::int) < :now
       AND NOT EXISTS (SELECT FROM incident i WHERE i.session_id = e.id AND i.resolved_at IS NULL
                          AND (i.seat_id IS NULL OR i.seat_id = a.seat_id))
     ORDER BY c.id LIMIT :limit FOR UPDATE OF c SKIP LOCKED)
RETURNING attempt_id
""")


@dataclass(frozen=True)
class Shown:
    """A picture on a contact sheet."""

    id: int
    kind: str
    received_at: datetime


def answer(session: Session, actor: Actor, attempt_id: int, *, given: bool, now: datetime) -> CaptureConsent:
    """The candidate agrees or refuses; either may be changed later, and is in force at once."""
    door = door_of(session, attempt_id, actor.user_id or 0)
    if not door.terms.pictures:
        raise Refusal("no_pictures", N_("No pictures are taken in this session, so there is nothing to agree to."),
                      status=409)  # fmt: skip
    if door.state not in (AttemptState.PREPARED, *RUNNING):
        raise Refusal("attempt_over", N_("Your exam is over; no more pictures are taken."), status=409)
    attempt = session.get_one(Attempt, attempt_id, with_for_update={"key_share": True, "of": Attempt})
    consent = session.get(CaptureConsent, attempt_id)
    if consent is None:
        consent = CaptureConsent(attempt_id=attempt_id)
        session.add(consent)
    elif consent.given == given and consent.told == door.terms.told:
        return consent
    consent.given, consent.answered_at, consent.told = given, now, door.terms.told
    if not given:
        _tell_proctors(session, attempt, consent)
    else:
        _settle(session, actor, consent, AGREED, now)
    session.flush()
    audit.record(session, "capture:consent", actor, "attempt", attempt_id, given=given, told=door.terms.told)
    return consent


def let_sit(session: Session, actor: Actor, attempt_id: int, reason: str, now: datetime) -> CaptureConsent:
    """A proctor on duty decides that a candidate who refused sits without pictures."""
    attempt = session.get(Attempt, attempt_id)
    if attempt is None:
        raise NotFound()
    duty.require_duty(session, actor, attempt.session_id)
    kept = given_reason(reason)
    consent = session.get(CaptureConsent, attempt_id, with_for_update=True)
    if consent is None or consent.given or consent.decided_at is not None:
        message = N_("There is no refusal to decide on: the candidate has agreed, not answered yet, or sits without "
                     "pictures already.")  # fmt: skip
        raise Refusal("nothing_to_decide", message, status=409)
    consent.reason, consent.decided_by, consent.decided_at = kept, actor.user_id, now
    _settle(session, actor, consent, kept, now)
    session.flush()
    audit.record(session, "capture:let_sit", actor, "attempt", attempt_id, reason=kept)
    return consent


def expected(session: Session, user_id: int, attempt_id: int, kind: str) -> Door:
    """Refuses a picture that nobody agreed to, or that comes sooner than agreed; before any work is put into it."""
    door = door_of(session, attempt_id, user_id)
    if door.state not in RUNNING or kind not in door.taking_pictures:
        raise Refusal("capture_unwanted", N_("No such picture is wanted of this exam now."), status=409)
    last = select(func.max(Capture.received_at)).where(Capture.attempt_id == attempt_id, Capture.kind == kind)
    soonest = func.clock_timestamp() - timedelta(seconds=door.terms.capture_seconds / 2)
    if session.scalar(select(last.scalar_subquery() > soonest)):
        raise Refusal("capture_too_soon", N_("The last picture was taken a moment ago. Wait for the next one."),
                      status=429)  # fmt: skip
    return door


def keep(session: Session, attempt_id: int, kind: str, picture: bytes, client_at: datetime | None) -> None:
    """`picture` as `pictures.reduced` made it, after `expected` found it wanted."""
    session.add(Capture(attempt_id=attempt_id, kind=kind, content=picture, client_at=client_at))
    session.flush()


def sheet(session: Session, actor: Actor, attempt_id: int, page: int) -> tuple[Sequence[Shown], int]:
    """One page of an attempt's pictures and how many there are; the look is logged. Commit afterwards."""
    total = session.scalar(select(func.count()).select_from(Capture).where(Capture.attempt_id == attempt_id)) or 0
    query = select(Capture.id, Capture.kind, Capture.received_at).where(Capture.attempt_id == attempt_id)
    rows = session.execute(query.order_by(Capture.id).offset((page - 1) * PAGE).limit(PAGE)).all()
    shown = [Shown(row.id, row.kind, row.received_at) for row in rows]
    if shown:
        audit.record(session, "capture:sheet_seen", actor, "attempt", attempt_id, pictures=[one.id for one in shown])
    return shown, total


def content(session: Session, watcher: Watcher, capture_id: int, *, logged: bool) -> bytes:
    """One picture, for those who watch its session; the look is logged unless its sheet's was a moment ago."""
    query = select(Capture.content, Capture.attempt_id, Attempt.session_id).join(
        Attempt, Attempt.id == Capture.attempt_id
    )
    row = session.execute(query.where(Capture.id == capture_id)).first()
    if row is None:
        raise NotFound()
    duty.watched_session(session, watcher, row.session_id)
    if not logged:
        audit.record(session, "capture:seen", watcher.actor, "attempt", row.attempt_id, picture=capture_id)
    return bytes(row.content)


def remove_due(session: Session, now: datetime, limit: int = 500) -> int:
    """Removes pictures whose time is over, save where an incident is open. Commit afterwards, and come again."""
    removed = Counter(session.scalars(DUE, {"now": now, "limit": limit}))
    audit.record_many(
        session, "capture:removed", SYSTEM, "attempt", [(one, {"pictures": count}) for one, count in removed.items()]
    )
    return removed.total()


def consent_of(session: Session, attempt_id: int | None) -> CaptureConsent | None:
    return session.get(CaptureConsent, attempt_id) if attempt_id else None


def _tell_proctors(session: Session, attempt: Attempt, consent: CaptureConsent) -> None:
    incident = Incident(session_id=attempt.session_id, seat_id=attempt.seat_id, category=IncidentCategory.OTHER,
                        description=REFUSED, blocking=False)  # fmt: skip
    session.add_all((incident, IntegritySignal(attempt_id=attempt.id, kind=Kind.CONSENT, data={})))
    session.flush()
    consent.incident_id, consent.decided_at, consent.decided_by, consent.reason = incident.id, None, None, ""


def _settle(session: Session, actor: Actor, consent: CaptureConsent, resolution: str, now: datetime) -> None:
    """The incident that the refusal left, unless somebody has closed it."""
    incident = locked(session, Incident, consent.incident_id) if consent.incident_id else None
    if incident is None or incident.resolved_at is not None:
        return
    incident.resolution, incident.resolved_by, incident.resolved_at = resolution, actor.user_id, now
    audit.record(session, "incident:resolved", actor, "incident", incident.id, session_id=incident.session_id,
                 resolution=resolution)  # fmt: skip

"""What integrity asks before an exam begins: the lockdown browser, and an answer about pictures.

It stands before the start alone. Whoever has started goes on: a browser that can no longer be confirmed leaves a
signal, and nobody is ever thrown out of a running exam.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.core import audit
from app.core.audit import Actor
from app.core.errors import N_, NotFound, Refusal
from app.delivery.direct import Line
from app.models.exam import Attempt, AttemptState
from app.models.integrity import CaptureConsent, LockdownWaiver, SessionIntegrity
from app.registration.locks import locked
from proctoring import duty
from proctoring.lockdown import Mode
from proctoring.terms import Terms, of_row
from proctoring.wording import given_reason

TERMS = [getattr(SessionIntegrity, name) for name in Terms.__dataclass_fields__]


@dataclass(frozen=True)
class Door:
    """All that matters about one attempt, read at once."""

    attempt_id: int
    session_id: int
    state: str
    terms: Terms
    waived: bool
    consent: bool | None
    """The candidate's answer about pictures, if there is one about just these."""
    sits_without: bool
    """A proctor has decided that the candidate sits without pictures."""

    @property
    def begun(self) -> bool:
        return self.state != AttemptState.PREPARED

    @property
    def locked(self) -> bool:
        """The lockdown browser must be confirmed before the start."""
        return self.terms.lockdown == Mode.REQUIRED and not self.waived

    @property
    def taking_pictures(self) -> tuple[str, ...]:
        return self.terms.pictures if self.consent else ()

    def obstacle(self, *, confirmed: bool) -> Refusal | None:
        """Why the exam cannot begin; nothing once it has begun."""
        if self.begun:
            return None
        if self.locked and not confirmed:
            return lockdown_needed()
        if self.terms.pictures and self.consent is None:
            message = N_("Pictures are taken in this session. Say on the page before the start whether you agree.")
            return Refusal("consent_missing", message, status=409)
        if self.terms.pictures and not self.consent and not self.sits_without:
            message = N_("You did not agree to pictures. That is no failure: the proctor has been told and decides "
                         "how you sit the exam. Raise your hand, and wait here.")  # fmt: skip
            return Refusal("consent_undecided", message, status=409)
        return None


def lockdown_needed() -> Refusal:
    message = N_("This exam begins in Safe Exam Browser only. Open it by the link on the page before the start; the "
                 "proctor helps.")  # fmt: skip
    return Refusal("lockdown_needed", message, status=403)


def door_of(session: Session, attempt_id: int, user_id: int) -> Door:
    """Of one's own attempt; any other does not exist."""
    row = session.execute(
        select(
            Attempt.user_id, Attempt.state, Attempt.session_id.label("of_session"), SessionIntegrity.session_id, *TERMS,
            LockdownWaiver.attempt_id.label("waiver"),
            CaptureConsent.given, CaptureConsent.decided_at, CaptureConsent.told,
        )
        .outerjoin(SessionIntegrity, SessionIntegrity.session_id == Attempt.session_id)
        .outerjoin(LockdownWaiver, LockdownWaiver.attempt_id == Attempt.id)
        .outerjoin(CaptureConsent, CaptureConsent.attempt_id == Attempt.id)
        .where(Attempt.id == attempt_id)
    ).first()  # fmt: skip
    if row is None or row.user_id != user_id:
        raise NotFound()
    terms = of_row(row) if row.session_id is not None else Terms()
    answered = row.given is not None and row.told == terms.told
    return Door(attempt_id, row.of_session, row.state, terms, row.waiver is not None, row.given if answered else None,
                answered and row.decided_at is not None)  # fmt: skip


def waive(session: Session, actor: Actor, attempt_id: int, reason: str, now: datetime) -> None:
    """A proctor on duty lets one candidate begin without the lockdown browser, a broken one for instance."""
    attempt = session.get(Attempt, attempt_id)
    if attempt is None:
        raise NotFound()
    duty.require_duty(session, actor, attempt.session_id)
    if actor.user_id is None:
        raise NotFound()
    kept = given_reason(reason)
    locked(session, Attempt, attempt_id, key_share=True)  # two who waive at once are one
    if session.get(LockdownWaiver, attempt_id) is not None:
        raise Refusal("waived_already", N_("This candidate may already begin without Safe Exam Browser."), status=409)
    session.add(LockdownWaiver(attempt_id=attempt_id, reason=kept, decided_by=actor.user_id, decided_at=now))
    session.flush()
    audit.record(session, "attempt:lockdown_waived", actor, "attempt", attempt_id, reason=kept)


def waived(session: Session, attempt_ids: Sequence[int]) -> set[int]:
    query = select(LockdownWaiver.attempt_id).where(LockdownWaiver.attempt_id.in_(attempt_ids))
    return set(session.scalars(query))


ASKING = """
SELECT FROM attempt a JOIN session_integrity t ON t.session_id = a.session_id
 WHERE a.id = %s AND (t.lockdown = 'required' OR t.camera OR t.screen)
"""


def asks_anything(line: Line, attempt_id: int) -> bool:
    """Whether there is anything to ask before the start; a session without such terms costs its starts one look."""
    return line.run(lambda cursor: cursor.execute(ASKING, (attempt_id,)).rowcount) > 0

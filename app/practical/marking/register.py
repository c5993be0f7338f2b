"""The score register of a practical: every seat's outcome, signed by the head of the panel before release.

The signature is over a digest of every outcome and of the versions of the sheets behind it, so that it holds only as
long as nothing in it changes. Where nobody heads the panel no signature is asked for.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.core import audit
from app.core.audit import Actor
from app.core.errors import N_, NotFound, Refusal
from app.models.marking import PanelRegister, SheetVersion, VersionState
from app.models.practical import RubricSheet
from app.models.registration import ExamSession, Seat, SessionState
from app.practical.marking.heads import head_of
from app.practical.marking.holding import refuse_released
from app.practical.marking.merging import plain
from app.practical.marking.reconciling import open_to
from app.practical.marking.standing import Standing, session_standings
from app.practical.marking.versions import standing_numbers
from app.practical.sittings import locked_sitting

Row = dict[str, Any]


@dataclass(frozen=True)
class Present:
    """The register as it stands now, read once for whoever signs it, looks at it or prints it."""

    standings: Sequence[Standing]
    rows: list[Row]
    """What it says of each seat."""
    digest: str
    signed: PanelRegister | None
    """The signature that holds for it."""

    def shown_to(self, viewer_id: int, part: slice = slice(None)) -> list[Row]:
        """Rows without the sheets of candidates whom the viewer still has to mark."""
        return [
            row | {"sheets": []} if one.both_signed and not open_to(one, viewer_id) else row
            for one, row in zip(self.standings[part], self.rows[part], strict=True)
        ]


def present(session: Session, session_id: int) -> Present:
    standings = session_standings(session, session_id)
    numbers = standing_numbers(session, [sheet.id for one in standings for sheet in one.sheets.values()])
    rows = [_row(one, numbers) for one in standings]
    digest, last = digest_of(rows), _unvoided(session, session_id)
    return Present(standings, rows, digest, last if last is not None and last.digest == digest else None)


def digest_of(rows: Sequence[Row]) -> str:
    said = json.dumps(rows, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return sha256(said.encode()).hexdigest()


def sign(
    session: Session, actor: Actor, session_id: int, user_id: int, now: datetime, *, seen: str | None = None
) -> PanelRegister:
    """By the head, once everybody who was examined has a score. Signing the same twice is signing once."""
    sitting = locked_sitting(session, session_id)
    if head_of(session, session_id) != user_id:
        raise NotFound()
    refuse_released(sitting.state)
    if sitting.state not in (SessionState.OPEN, SessionState.CLOSED):
        message = N_("Nobody was examined yet. The register is signed once the marks are.")
        raise Refusal("session_not_open", message, status=409)
    found = present(session, session_id)
    rows, digest = found.rows, found.digest
    if seen is not None and seen != digest:
        message = N_("The register changed since you looked at it. Look at it again, then sign.")
        raise Refusal("register_changed", message, status=409, details={"digest": digest})
    _refuse_open(session, session_id, rows)
    if found.signed is not None:
        return found.signed
    void(session, actor, session_id, "", now)
    signed = PanelRegister(session_id=session_id, digest=digest, rows=rows, signed_by=user_id, signed_at=now)
    session.add(signed)
    session.flush()
    audit.record(session, "register:signed", actor, "session", session_id, digest=digest, seats=len(rows))
    return signed


def void(session: Session, actor: Actor, session_id: int, reason: str, now: datetime) -> None:
    """What was signed no longer is what stands; the signature stays in the history."""
    if (valid := _unvoided(session, session_id)) is not None:
        valid.voided_at, valid.void_reason = now, reason
        session.flush()
        audit.record(session, "register:voided", actor, "session", session_id, reason=reason, digest=valid.digest)


def history_of(session: Session, session_id: int) -> list[PanelRegister]:
    """Every signature, the latest first."""
    wanted = select(PanelRegister).where(PanelRegister.session_id == session_id).order_by(PanelRegister.id.desc())
    return list(session.scalars(wanted))


def refuse_unsigned(session: Session, sitting: ExamSession) -> None:
    """Before release: where the panel has a head, the head has signed what stands."""
    if head_of(session, sitting.id) is not None and present(session, sitting.id).signed is None:
        message = N_("The head of the panel has not signed the score register as it stands. Ask them to, then release.")
        raise Refusal("register_unsigned", message, status=409)


def _row(one: Standing, numbers: dict[int, int]) -> Row:
    outcome = one.outcome
    return {
        "seat": one.seat.number,
        "candidate": one.seat.application.candidate.name,
        "examined": one.examined,
        "score": None if outcome.score is None else plain(outcome.score),
        "passed": outcome.passed,
        "missed": list(outcome.failed_critical),
        "reason": str(outcome.reason),
        "sheets": [
            {
                "order": order,
                "examiner": sheet.examiner.name,
                "total": plain(total) if one.both_signed and (total := one.total(order)) is not None else None,
                "version": numbers.get(sheet.id, 1),
            }
            for order, sheet in sorted(one.sheets.items())
        ],
    }


def _refuse_open(session: Session, session_id: int, rows: Sequence[Row]) -> None:
    unfinished = [row["seat"] for row in rows if row["examined"] and row["score"] is None]
    if unfinished:
        message = N_(
            "%(count)s candidates have no score yet, the first is seat %(seat)s. Have their sheets signed first."
        )
        raise Refusal(
            "practical_unfinished", message, status=409, details={"seats": unfinished}, count=len(unfinished),
            seat=unfinished[0],
        )  # fmt: skip
    asked = select(SheetVersion.id).join(RubricSheet, RubricSheet.id == SheetVersion.sheet_id).join(Seat)
    waiting = asked.where(Seat.session_id == session_id, SheetVersion.state == VersionState.ASKED).limit(1)
    if session.scalar(waiting) is not None:
        message = N_("A correction waits for a decision. Decide on it, then sign the register.")
        raise Refusal("correction_waits", message, status=409)


def _unvoided(session: Session, session_id: int) -> PanelRegister | None:
    wanted = select(PanelRegister).where(PanelRegister.session_id == session_id, PanelRegister.voided_at.is_(None))
    return session.scalar(wanted)

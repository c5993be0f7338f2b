"""The proof of a closed session's draw: the files that tools/check_draw.py reads. No texts; keys only if asked for."""

from __future__ import annotations

import io
import json
import zipfile
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.core import audit
from app.core.audit import Actor
from app.core.errors import N_, NotFound, Refusal
from app.delivery.seals import DRAWN, SEALED, reveal
from app.models.audit import AuditLine
from app.models.bank import Snapshot
from app.models.exam import Attempt, Paper
from app.models.registration import ExamSession, Seat
from question_bank.pool import pool_of
from question_bank.pool_item import PoolItem, in_order, state_of
from question_bank.sealing import keys_of, shown


@dataclass(frozen=True)
class Proof:
    """File name → what stands in it."""

    session_id: int
    files: dict[str, Any]

    def texts(self) -> dict[str, str]:
        return {name: json.dumps(value, ensure_ascii=False, indent=1) + "\n" for name, value in self.files.items()}

    def archive(self) -> bytes:
        """The files in one ZIP, to download."""
        packed = io.BytesIO()
        with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
            for name, text in self.texts().items():
                archive.writestr(name, text)
        return packed.getvalue()


def proof_of(session: Session, actor: Actor, session_id: int, now: datetime, *, with_keys: bool = False) -> Proof:
    """Refuses before the session is closed: its secret would tell every paper. Leaves an audit line."""
    exam = session.get(ExamSession, session_id)
    if exam is None:
        raise NotFound()
    seal = reveal(session, actor, exam, now)
    pool = pool_of(session, session.get_one(Snapshot, exam.snapshot_id))
    seated = (
        select(Paper, Seat.number)
        .join(Attempt, Attempt.paper_id == Paper.id)
        .join(Seat, Seat.id == Attempt.seat_id)
        .where(Attempt.session_id == exam.id)
    )
    papers = [(paper, seat) for paper, seat in session.execute(seated)]
    snapshot: dict[str, Any] = {"id": exam.snapshot_id, "items": [state_of(item) for item in in_order(pool)]}
    if with_keys:
        snapshot["keys"] = keys_of(pool)
    drawn = [{"papers": data["papers"], "sha256": data["sha256"]} for data in _logged(session, exam, DRAWN)]
    (committed,) = _logged(session, exam, SEALED)
    files = {
        "seal.json": {
            "session": exam.id, "secret": seal.secret, "committed": committed, "rules": seal.rules, "drawn": drawn,
        },
        "snapshot.json": snapshot,
        "papers.json": _papers(papers, pool, with_keys),
    }  # fmt: skip
    audit.record(session, "session:proof:exported", actor, "session", exam.id, keys=with_keys, papers=len(papers))
    return Proof(exam.id, files)


def _papers(papers: Sequence[tuple[Paper, int]], pool: Sequence[PoolItem], with_keys: bool) -> list[dict[str, Any]]:
    """Each with the seat of the attempt that it lies before, which is the one it was drawn for."""
    if not all(paper.draw for paper, _ in papers):
        message = N_("Some papers of this session were drawn before draws were sealed, so there is no proof of them.")
        raise Refusal("session_unsealed", message, status=409)
    codes = {item.version_id: item.id for item in pool}
    found = []
    for paper, seat in sorted(papers, key=lambda one: one[0].draw["number"]):
        one = shown(paper.draw, (codes[entry["version_id"]] for entry in paper.items)) | {"seat": seat}
        found.append({**one, "options": [entry["options"] for entry in paper.items]} if with_keys else one)
    return found


def _logged(session: Session, exam: ExamSession, tag: str) -> list[dict[str, Any]]:
    """What the audit log says, in its order."""
    lines = select(AuditLine.data).where(
        AuditLine.tag == tag, AuditLine.subject == "session", AuditLine.subject_id == str(exam.id)
    )
    return list(session.scalars(lines.order_by(AuditLine.id)))

"""What the public log says of one certificate, held against what the register says."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import Any

from sqlalchemy import text
from sqlalchemy.orm import Session

from app.core.errors import Refusal
from app.models.certificate import Certificate
from certificates.log import leaf as log_leaf
from certificates.log.heads import Head
from certificates.log.proofs import Proof, proofs

_IN_LINE = text(
    "SELECT EXISTS (SELECT FROM public_log_pending p JOIN certificate_event e ON e.id = p.event_id"
    " WHERE e.certificate_id = :certificate)"
)
PROVED, WAITING, MISSING, BROKEN = "proved", "waiting", "missing", "broken"


@dataclass(frozen=True)
class LogStanding:
    """`proved`: its newest entry says what the register says, and every entry leads to the signed head."""

    state: str
    certificate: str
    """What stands for it in the log, in hexadecimal."""
    proofs: tuple[Proof, ...] = ()

    @property
    def head(self) -> Head | None:
        return self.proofs[-1].head if self.proofs else None

    @property
    def newest(self) -> int | None:
        """The place of its newest entry, counted from 0."""
        return self.proofs[-1].index if self.proofs else None


def standing(session: Session, certificate: Certificate) -> LogStanding:
    one = log_leaf.commitment(certificate.serial, certificate.sha256)
    try:
        found = tuple(proofs(session, certificate=one))
    except Refusal as refusal:
        found = ()
        if refusal.code == "log_broken":
            return LogStanding(BROKEN, one.hex())
    if session.scalar(_IN_LINE, {"certificate": certificate.id}):
        return LogStanding(WAITING, one.hex(), found)
    if not found:
        return LogStanding(MISSING, one.hex())
    good = all(proof.holds for proof in found) and _said(found) in _words(certificate.status)
    return LogStanding(PROVED if good else BROKEN, one.hex(), found)


def in_json(certificate: Certificate | None, logged: LogStanding | None) -> dict[str, Any] | None:
    """For programs that have only the number: what they need to find the entry and prove it themselves."""
    if certificate is None or logged is None:
        return None
    return {
        "state": logged.state,
        "document_sha256": certificate.sha256,
        "certificate": logged.certificate,
        "entries": [proof.index for proof in logged.proofs],
        "size": logged.head.size if logged.head else None,
    }


def _said(found: tuple[Proof, ...]) -> str:
    return str(json.loads(found[-1].leaf)["event"])


def _words(status: str) -> set[str]:
    return {log_leaf.event_word(status, first=False), *([log_leaf.FIRST_EVENT] if status == "valid" else [])}

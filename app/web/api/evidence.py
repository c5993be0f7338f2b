"""Photos, recordings and files beside marks."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Literal
from uuid import UUID

from flask import Response
from pydantic import Base64Bytes, Field, StringConstraints

from app.accounts.permissions import Permission
from app.core import clock
from app.core.db import db
from app.core.errors import NotFound
from app.models import practical as tables
from app.models.discarded import DiscardedEvidence
from app.models.marking import SheetEvidence
from app.practical.marking import discarding, evidence
from app.practical.marking.evidence_content import MOST_BYTES
from app.web.access import principal
from app.web.api.operation import LOGGED_IN, Body, operation
from app.web.api.sheets import CriterionId, Made
from app.web.files import sandboxed

DAY = 86_400
Second = Annotated[int, Field(ge=0, le=DAY, strict=True)]


class EvidenceBody(Body):
    client_key: UUID = Field(description="Of your choice; the same again is the same piece")
    criterion: CriterionId
    kind: Literal["photo", "audio", "screen", "file"]
    content: Annotated[Base64Bytes, Field(max_length=MOST_BYTES * 4 // 3 + 8, description="In Base64")]
    caption: Annotated[str, StringConstraints(max_length=evidence.LONGEST_CAPTION)] = ""
    from_second: Second | None = Field(None, description="Where in a recording it can be heard")
    to_second: Second | None = None
    made_at: Made | None = None


class EvidenceAnswer(Body):
    id: int
    sheet: int
    criterion: str
    kind: str
    media_type: str
    bytes: int
    sha256: str
    caption: str
    from_second: int | None
    to_second: int | None
    client_key: UUID
    made_at: datetime | None
    at: datetime
    late: bool


class EvidenceGone(Body):
    id: int


class EvidenceList(Body):
    evidence: list[EvidenceAnswer]


@operation(
    "POST", "/sheets/<id:sheet_id>/evidence", Permission.MARK_PRACTICAL, "Bind a file to a criterion; once by its key",
    body=EvidenceBody, returns=EvidenceAnswer, errors=(409, 413),
)  # fmt: skip
def add(sheet_id: int, body: EvidenceBody) -> EvidenceAnswer:
    who = principal()
    piece = evidence.Piece(content=body.content, **body.model_dump(exclude={"content"}))  # a dump is Base64 again
    if (gone := discarding.own_discarded(db.session(), sheet_id, who.user_id)) is not None:
        late = discarding.keep_late_piece(db.session(), who.actor, gone, piece, clock.now())
        db.session.commit()
        return _shown(late)
    kept = evidence.add(db.session(), who.actor, sheet_id, who.user_id, piece, clock.now())
    db.session.commit()
    return _shown(kept)


@operation("GET", "/sheets/<id:sheet_id>/evidence", LOGGED_IN, "Evidence of a sheet", returns=EvidenceList)
def index(sheet_id: int) -> EvidenceList:
    sheet, who = db.session.get(tables.RubricSheet, sheet_id), principal()
    if sheet is None:
        raise NotFound()
    evidence.refuse_unseen(db.session(), sheet, who.user_id, reads_all=who.may(Permission.READ_SESSIONS))
    found = evidence.by_criterion(db.session(), [sheet_id])
    return EvidenceList(evidence=[_shown(piece) for pieces in found.values() for piece in pieces])


@operation("GET", "/evidence/<id:evidence_id>", LOGGED_IN, "The file itself", media_type="*/*")
def show(evidence_id: int) -> Response:
    who = principal()
    piece = evidence.opened(db.session(), evidence_id, who.user_id, reads_all=who.may(Permission.READ_SESSIONS))
    return sandboxed(piece.content, piece.media_type, f"evidence-{piece.id}.{_ENDING[piece.media_type]}")


@operation(
    "DELETE", "/evidence/<id:evidence_id>", Permission.MARK_PRACTICAL, "Take a piece away before signing",
    returns=EvidenceGone, errors=(409,),
)  # fmt: skip
def remove(evidence_id: int) -> EvidenceGone:
    who = principal()
    evidence.remove(db.session(), who.actor, evidence_id, who.user_id)
    db.session.commit()
    return EvidenceGone(id=evidence_id)


_ENDING = {
    "image/jpeg": "jpg", "application/pdf": "pdf", "audio/wav": "wav", "audio/ogg": "ogg", "audio/flac": "flac",
    "audio/mpeg": "mp3", "audio/webm": "webm", "audio/mp4": "m4a",
}  # fmt: skip


def _shown(piece: SheetEvidence | DiscardedEvidence) -> EvidenceAnswer:
    return EvidenceAnswer(
        id=piece.id, sheet=piece.sheet_id, criterion=piece.criterion, kind=piece.kind, media_type=piece.media_type,
        bytes=piece.size, sha256=piece.sha256, caption=piece.caption, from_second=piece.from_second,
        to_second=piece.to_second, client_key=piece.client_key, made_at=piece.made_at, at=piece.at, late=piece.late,
    )  # fmt: skip

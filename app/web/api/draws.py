"""A session's draw: whether the bank can give its papers, and the proof of those drawn."""

from __future__ import annotations

from decimal import Decimal

from flask import Response
from pydantic import Field

from app.accounts.permissions import Permission
from app.core import clock
from app.core.db import db
from app.core.errors import N_, Refusal
from app.delivery import redrawing
from app.delivery.bank_check import check_session
from app.delivery.proof import proof_of
from app.models.registration import ExamSession, Part
from app.registration import planning
from app.web.access import principal
from app.web.api.operation import Body, operation
from app.web.errors import spoken


class Lack(Body):
    row: str
    content: str
    type: str
    needed: int
    found: int
    missing: int


class BankCheck(Body):
    """What a rehearsal of the draw found; `lacks`, `raise_cap_to` and `release` are ways to mend it."""

    papers: int
    possible: bool
    exposure_cap: int
    spread: Decimal | None = Field(description="Marks between the lowest and the highest expected score.")
    largest_share: int | None
    lacks: list[Lack]
    new_items: int
    raise_cap_to: int | None
    release: list[list[str]]
    words: list[str]


@operation("GET", "/sessions/<id:session_id>/bank-check", Permission.READ_SESSIONS,
           "Whether the bank can give the session its papers", returns=BankCheck, errors=(404, 409))  # fmt: skip
def bank_check(session_id: int) -> BankCheck:
    found = check_session(db.session(), theory_session(session_id))
    return BankCheck(
        papers=found.papers,
        possible=found.possible,
        exposure_cap=found.exposure_cap,
        spread=found.rehearsal.spread if found.rehearsal else None,
        largest_share=found.rehearsal.share if found.rehearsal else None,
        lacks=[Lack.model_validate(one, from_attributes=True) for one in found.lacks],
        new_items=found.new_items,
        raise_cap_to=found.raise_cap_to,
        release=[list(pair) for pair in found.release],
        words=[spoken(message, params) for message, params in found.sentences()],
    )


@operation("GET", "/sessions/<id:session_id>/proof", Permission.READ_SESSIONS,
           "The proof of a closed session's draw, without texts and keys", errors=(404, 409),
           media_type="application/zip")  # fmt: skip
def proof(session_id: int) -> Response:
    found = proof_of(db.session(), principal().actor, theory_session(session_id).id, clock.now())
    db.session.commit()
    return Response(found.archive(), content_type="application/zip")


class Redrawn(Body):
    papers: int


@operation("POST", "/sessions/<id:session_id>/redraw", Permission.PLAN_SESSIONS,
           "Draw the papers again that hold compromised items and were not begun", returns=Redrawn,
           errors=(404, 409))  # fmt: skip
def redraw(session_id: int) -> Redrawn:
    count = redrawing.redraw(db.session(), principal().actor, theory_session(session_id).id, clock.now())
    db.session.commit()
    return Redrawn(papers=count)


def theory_session(session_id: int) -> ExamSession:
    row = planning.exam_session(db.session(), session_id)
    if row.part != Part.THEORY:
        raise Refusal("not_theory", N_("Papers are drawn for theory sessions only."), status=409)
    return row

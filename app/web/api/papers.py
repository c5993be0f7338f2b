"""Papers of a practical's day, and sheets typed in from paper by two people."""

from __future__ import annotations

from typing import Annotated, Literal

from flask import Response
from pydantic import Base64Bytes, Field, StringConstraints

from app.accounts.permissions import Permission
from app.core import clock
from app.core.db import db
from app.practical.marking.evidence_content import MOST_BYTES
from app.practical.sittings import practical_session
from app.practical.typed import finish as typed_finish
from app.practical.typed import typing_in
from app.practical.typed.code import code_of
from app.practical.typed.typing_in import Case
from app.web.access import principal
from app.web.api.operation import Body, operation
from app.web.api.sheets import CriterionId, Made, Points
from app.web.paper_files import EXCEL, PDF, excel_of, pdf_of
from app.web.paper_words import PAPERS
from certificates.papers.practical.papers import Kind

KindName = Literal[
    "roster-time", "roster-station", "roster-examiner", "admission", "slips", "stations", "cards", "scripts", "sheets",
    "register", "record",
]  # fmt: skip


class PaperQuery(Body):
    kind: KindName
    examiner: int | None = Field(default=None, ge=1, lt=2**63, description="Only this examiner's part")


class PaperAnswer(Body):
    kind: KindName
    name: str
    purpose: str


class PaperList(Body):
    papers: list[PaperAnswer]


class TypedBody(Body):
    marks: dict[CriterionId, Points] = Field(min_length=1, max_length=200)
    notes: dict[CriterionId, Annotated[str, StringConstraints(max_length=1000)]] = Field(default={}, max_length=200)
    signed_at: Made = Field(description="As the examiner wrote it beside the signature")


class FinishBody(Body):
    scan: Annotated[Base64Bytes, Field(max_length=MOST_BYTES * 4 // 3 + 8, description="The paper, in Base64")]


class TypedAnswer(Body):
    """Of what others typed nothing but whether they have; differences once two people have typed."""

    sheet: int
    code: str
    state: Literal["none", "one", "apart", "equal", "finished"]
    typists: list[str]
    apart: list[str]


@operation("GET", "/sessions/<id:session_id>/papers", Permission.READ_SESSIONS, "What can be printed for a practical",
           returns=PaperList)  # fmt: skip
def index(session_id: int) -> PaperList:
    practical_session(db.session(), session_id)
    return PaperList(papers=[PaperAnswer(kind=one.kind.value, name=one.name, purpose=one.purpose) for one in PAPERS])


@operation("GET", "/sessions/<id:session_id>/papers.pdf", Permission.READ_SESSIONS, "One paper of the day as PDF",
           query=PaperQuery, media_type=PDF, errors=(409,))  # fmt: skip
def pdf(session_id: int, query: PaperQuery) -> Response:
    return pdf_of(session_id, Kind(query.kind), query.examiner)


@operation("GET", "/sessions/<id:session_id>/papers.xlsx", Permission.READ_SESSIONS,
           "One paper of the day as workbook", query=PaperQuery, media_type=EXCEL, errors=(409,))  # fmt: skip
def excel(session_id: int, query: PaperQuery) -> Response:
    return excel_of(session_id, Kind(query.kind), query.examiner)


@operation("GET", "/sheets/<id:sheet_id>/typed", Permission.PLAN_SESSIONS, "How far the typing in of a sheet is",
           returns=TypedAnswer)  # fmt: skip
def show_typed(sheet_id: int) -> TypedAnswer:
    return _answer(typing_in.case_of(db.session(), sheet_id))


@operation("POST", "/sheets/<id:sheet_id>/typed", Permission.PLAN_SESSIONS,
           "Type in a sheet from paper, as one of two people", body=TypedBody, returns=TypedAnswer,
           errors=(409,))  # fmt: skip
def type_in(sheet_id: int, body: TypedBody) -> TypedAnswer:
    who = principal()
    case = typing_in.type_in(
        db.session(), who.actor, sheet_id, who.user_id, body.marks, notes=body.notes, signed_at=body.signed_at,
        now=clock.now(),
    )  # fmt: skip
    db.session.commit()
    return _answer(case)


@operation("POST", "/sheets/<id:sheet_id>/typed/finish", Permission.PLAN_SESSIONS,
           "Put what two people typed alike on the sheet, with the scan of the paper", body=FinishBody,
           returns=TypedAnswer, errors=(409, 413))  # fmt: skip
def finish(sheet_id: int, body: FinishBody) -> TypedAnswer:
    who, now = principal(), clock.now()
    typed_finish.attach_scan(db.session(), who.actor, sheet_id, who.user_id, body.scan, now)
    case = typed_finish.finish(db.session(), who.actor, sheet_id, who.user_id, now)
    db.session.commit()
    return _answer(case)


def _answer(case: Case) -> TypedAnswer:
    return TypedAnswer(
        sheet=case.sheet.id, code=code_of(case.sheet.id), state=_state(case),
        typists=[one.typist.name for one in case.typed], apart=list(case.apart),
    )  # fmt: skip


def _state(case: Case) -> Literal["none", "one", "apart", "equal", "finished"]:
    if case.finished:
        return "finished"
    if case.complete:
        return "equal" if case.equal else "apart"
    return "one" if case.typed else "none"

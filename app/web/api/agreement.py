"""How well the examiners of a panel agree, and its anchor candidates."""

from __future__ import annotations

from datetime import datetime
from decimal import Decimal
from typing import Annotated

from pydantic import Field, StringConstraints

from app.accounts.permissions import Permission
from app.core import clock
from app.core.db import db
from app.core.texts import LONGEST_REASON
from app.models.agreement import Anchor
from app.practical import agreeing, anchors
from app.practical.agreeing import Agreement
from app.practical.agreement.doubles import Interval
from app.practical.agreement.shares import Share
from app.practical.agreement.summary import CriterionFigures, ExaminerFigures, Summary
from app.practical.sittings import practical_session
from app.registration.seating import seat_of
from app.web.access import principal
from app.web.api.operation import LOGGED_IN, Body, operation
from app.web.api.sheets import CriterionId, Points
from app.web.examiner.agreement import seen_by_viewer
from app.web.examiner.agreement_words import told


class Estimate(Body):
    """With what it may well be instead by 95 in 100; no bounds where nothing is left to judge them by."""

    value: float
    low: float | None
    high: float | None


class TotalsAnswer(Body):
    exact: Estimate | None
    within: Estimate | None = Field(description="Share of candidates whose two totals call for no third examiner")
    mean_apart: float


class IccAnswer(Body):
    icc_1_1: Estimate
    icc_1_k: Estimate
    icc_2_1: Estimate
    icc_2_k: Estimate | None
    icc_3_1: Estimate
    icc_3_k: Estimate


class CriterionAnswer(Body):
    criterion: str
    exact: Estimate | None
    within_step: Estimate | None
    same_band: Estimate | None
    within_band: Estimate | None
    kappa_linear: float | None
    kappa_quadratic: float | None
    mean_apart: float


class DriftAnswer(Body):
    by_hour: Estimate
    first_half: Estimate | None
    second_half: Estimate | None


class ExaminerAnswer(Body):
    id: int
    name: str
    sheets: int
    severity: Estimate = Field(description="Points against the others: below 0 is stricter, above 0 more lenient")
    drift: DriftAnswer | None
    spread: float | None = Field(description="Over the criteria, as a share of the others'")
    by_criterion: dict[str, Estimate]


class AnchoredAnswer(Body):
    seat: int
    examiner: int
    total: float
    expected: float
    by_criterion: dict[str, float]


class HintAnswer(Body):
    kind: str
    examiner: int | None
    criterion: str | None
    seat: int | None
    found: Estimate
    limit: float
    text: str
    not_proved: str
    to_do: str


class FiguresAnswer(Body):
    totals: TotalsAnswer
    icc: IccAnswer | None
    criteria: list[CriterionAnswer]
    examiners: list[ExaminerAnswer]
    parts: list[list[int]] = Field(description="Examiners joined by shared candidates; parts cannot be compared")
    anchors: list[AnchoredAnswer]
    hints: list[HintAnswer]


class AgreementAnswer(Body):
    session: int
    candidates: int = Field(description="Both sheets signed, none left for the asker to mark")
    begins_with: int
    figures: FiguresAnswer | None = Field(description="None before so many candidates were marked by two")


class AnchorBody(Body):
    points: dict[CriterionId, Points] = Field(max_length=200)
    reason: Annotated[str, StringConstraints(max_length=LONGEST_REASON)]


class AnchorAnswer(Body):
    seat: int
    points: dict[str, Decimal]
    reason: str
    set_at: datetime


class AnchorList(Body):
    anchors: list[AnchorAnswer]


@operation(
    "GET", "/sessions/<id:session_id>/agreement", LOGGED_IN, "How well the examiners agree", returns=AgreementAnswer
)
def show(session_id: int) -> AgreementAnswer:
    """For the head of the panel, registrars and auditors."""
    sitting, _is_head = seen_by_viewer(session_id)
    found = agreeing.agreement_of(db.session(), [sitting], principal().user_id)
    figures = _figures(found.summary, found) if found.summary else None
    return AgreementAnswer(
        session=session_id, candidates=len(found.doubles), begins_with=found.begin, figures=figures
    )  # fmt: skip


@operation(
    "GET", "/sessions/<id:session_id>/anchors", Permission.READ_SESSIONS, "Anchor candidates", returns=AnchorList
)
def anchors_index(session_id: int) -> AnchorList:
    practical_session(db.session(), session_id)
    found = anchors.anchors_of(db.session(), [session_id]).values()
    return AnchorList(anchors=[_anchor(one) for one in sorted(found, key=lambda one: one.seat_id)])


@operation(
    "PUT", "/sessions/<id:session_id>/anchors/<id:seat_id>", Permission.PLAN_SESSIONS,
    "Set what experts agreed on for a seat; it then gets no result", body=AnchorBody, returns=AnchorAnswer,
    errors=(409,),
)  # fmt: skip
def anchors_set(session_id: int, seat_id: int, body: AnchorBody) -> AnchorAnswer:
    seat_of(db.session(), session_id, seat_id)
    made = anchors.set_anchor(
        db.session(), principal().actor, session_id, seat_id, body.points, reason=body.reason, now=clock.now()
    )
    db.session.commit()
    return _anchor(made)


@operation(
    "DELETE", "/sessions/<id:session_id>/anchors/<id:seat_id>", Permission.PLAN_SESSIONS,
    "The seat is no anchor any more", status=204, errors=(409,),
)  # fmt: skip
def anchors_remove(session_id: int, seat_id: int) -> tuple[str, int]:
    seat_of(db.session(), session_id, seat_id)
    anchors.remove_anchor(db.session(), principal().actor, session_id, seat_id)
    db.session.commit()
    return "", 204


def _anchor(one: Anchor) -> AnchorAnswer:
    return AnchorAnswer(seat=one.seat_id, points=anchors.known_points(one), reason=one.reason, set_at=one.at)


def _figures(one: Summary, found: Agreement) -> FiguresAnswer:
    return FiguresAnswer(
        totals=TotalsAnswer(
            exact=_share(one.totals.exact), within=_share(one.totals.within), mean_apart=one.totals.mean_apart
        ),
        icc=_icc(one),
        criteria=[_criterion(each) for each in one.criteria],
        examiners=[_examiner(who, found) for who in one.examiners],
        parts=[list(part) for part in one.parts],
        anchors=[
            AnchoredAnswer(
                seat=each.seat, examiner=each.examiner, total=each.total, expected=each.expected,
                by_criterion=dict(each.by_criterion),
            )
            for each in one.anchors
        ],
        hints=[
            HintAnswer(
                kind=flag.kind, examiner=flag.examiner, criterion=flag.criterion, seat=flag.seat,
                found=_estimated(flag.found), limit=flag.limit, text=words.found, not_proved=words.not_proved,
                to_do=words.to_do,
            )
            for flag in one.flags for words in [told(flag, found.names)]
        ],
    )  # fmt: skip


def _icc(one: Summary) -> IccAnswer | None:
    if one.icc is None:
        return None
    return IccAnswer(
        icc_1_1=_estimated(one.icc.one_random), icc_1_k=_estimated(one.icc.mean_random),
        icc_2_1=_estimated(one.icc.one_agreement), icc_2_k=_estimate(one.icc.mean_agreement),
        icc_3_1=_estimated(one.icc.one_consistency), icc_3_k=_estimated(one.icc.mean_consistency),
    )  # fmt: skip


def _criterion(one: CriterionFigures) -> CriterionAnswer:
    shares = one.shares
    return CriterionAnswer(
        criterion=one.criterion.id, exact=_share(shares.exact), within_step=_share(shares.within_step),
        same_band=_share(shares.same_band), within_band=_share(shares.within_band), kappa_linear=one.linear,
        kappa_quadratic=one.quadratic, mean_apart=one.mean_apart,
    )  # fmt: skip


def _examiner(one: ExaminerFigures, found: Agreement) -> ExaminerAnswer:
    drift = None
    if one.drift is not None:
        early, late = _estimate(one.drift.early), _estimate(one.drift.late)
        drift = DriftAnswer(by_hour=_estimated(one.drift.slope), first_half=early, second_half=late)
    return ExaminerAnswer(
        id=one.examiner, name=found.names.get(one.examiner, ""), sheets=one.sheets, severity=_estimated(one.severity),
        drift=drift, spread=one.spread,
        by_criterion={key: _estimated(value) for key, value in one.by_criterion.items()},
    )  # fmt: skip


def _share(one: Share) -> Estimate | None:
    return _estimate(one.share)


def _estimate(one: Interval | None) -> Estimate | None:
    return None if one is None else _estimated(one)


def _estimated(one: Interval) -> Estimate:
    return Estimate(value=one.value, low=one.low, high=one.high)

"""The shapes of a session in requests and answers."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Literal

from pydantic import AwareDatetime, Field

from app.core.db import db
from app.core.jobs import JobState
from app.delivery import marking_job
from app.models.registration import ExamSession, Part, SessionState, StaffRole
from app.registration.overview import overview
from app.web.api.operation import Body

RowId = Annotated[int, Field(ge=1, le=2**63 - 1)]


class SessionBody(Body):
    """Minutes, late entry and hold on handing in are the scheme's; the window must hold the minutes."""

    scheme: str = Field(max_length=100)
    level: str = Field(max_length=100)
    part: Part
    site: RowId
    opens_at: AwareDatetime
    closes_at: AwareDatetime


class CandidatesBody(Body):
    """Numbers of admitted applications."""

    applications: list[RowId] = Field(min_length=1, max_length=5000)


class StaffBody(Body):
    """Puts a person, named by number or user name, on the roster; `present` says that they came or left."""

    user: RowId | Annotated[str, Field(min_length=1, max_length=64)]
    role: StaffRole
    present: bool | None = None


class SessionFilter(Body):
    """Fifty on a page."""

    state: SessionState | None = None
    part: Part | None = None
    page: int = Field(1, ge=1, le=100_000)


class SiteName(Body):
    id: int
    name: str


class Staffing(Body):
    """Counted on those who are present."""

    role: Literal["proctor", "examiner"]
    have: int
    need: int


class JobAnswer(Body):
    """Long work of the background; `seconds_left` as far as it can be told."""

    id: int
    kind: str
    state: Literal["waiting", "running", "done", "failed"]
    total: int
    done: int
    seconds_left: int | None
    error: str


class SessionAnswer(Body):
    id: int
    scheme: str
    level: str
    part: Part
    state: SessionState
    site: SiteName
    opens_at: datetime
    closes_at: datetime
    minutes: int
    demonstration: bool
    candidates: int
    staffing: Staffing
    attempts: dict[str, int]
    sheets: dict[str, int]
    marking: JobAnswer | None = Field(None, description="Of a large session that was closed: how far its marking is")


class SeatAnswer(Body):
    id: int
    number: int
    application: int
    name: str
    extra_seconds: int


class StaffAnswer(Body):
    user: int
    name: str
    role: StaffRole
    present: bool
    present_since: datetime | None
    left_at: datetime | None


class SessionDetail(SessionAnswer):
    seats: list[SeatAnswer]
    staff: list[StaffAnswer]


class SessionList(Body):
    sessions: list[SessionAnswer]


def answer(row: ExamSession) -> SessionAnswer:
    return SessionAnswer.model_validate(overview(db.session(), row) | {"marking": _marking(row)})


def _marking(row: ExamSession) -> JobAnswer | None:
    job = marking_job.job_of(db.session(), row.id)
    if job is None:
        return None
    return JobAnswer(
        id=job.id, kind=job.kind, state=JobState(job.state).value, total=job.total, done=job.done,
        seconds_left=job.seconds_left if job.under_way else None, error=job.error,
    )  # fmt: skip


def detail(row: ExamSession) -> SessionDetail:
    seats = [
        SeatAnswer(id=seat.id, number=seat.number, application=seat.application_id,
                   name=seat.application.candidate.name, extra_seconds=seat.extra_seconds)
        for seat in row.seats
    ]  # fmt: skip
    staff = [
        StaffAnswer(user=one.user_id, name=one.user.name, role=StaffRole(one.role), present=one.present,
                    present_since=one.present_since, left_at=one.left_at)
        for one in row.staff
    ]  # fmt: skip
    return SessionDetail.model_validate(answer(row).model_dump() | {"seats": seats, "staff": staff})

"""How far the certificates of a session are, and what waits for whom."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import select, text
from sqlalchemy.orm import Session

from app.models.certificate import CertificateOrder, OrderState
from app.models.registration import Application, Candidate
from certificates.register.eligibility import Reason
from certificates.register.orders import reasons_of

_LOOK_BACK = timedelta(seconds=20)
_COUNTS = text("""
WITH mine AS (SELECT * FROM certificate_order WHERE session_id = :session),
 run AS (SELECT min(asked_at) AS began FROM mine WHERE state = 'waiting')
SELECT count(*) FILTER (WHERE asked_at >= run.began) AS total,
       count(*) FILTER (WHERE asked_at >= run.began AND state <> 'waiting') AS done,
       count(*) FILTER (WHERE state = 'waiting' AND not_before <= :now) AS due,
       count(*) FILTER (WHERE state = 'waiting' AND not_before > :now) AS delayed,
       count(*) FILTER (WHERE ended_at > :recent) AS recent,
       run.began AS since,
       min(not_before) FILTER (WHERE state = 'waiting' AND not_before > :now) AS next_try,
       greatest(max(ended_at), min(not_before) FILTER (WHERE state = 'waiting')) AS moved
  FROM mine, run GROUP BY run.began
""")
_OLDEST_DELAYED = (
    select(CertificateOrder)
    .where(CertificateOrder.state == OrderState.WAITING, CertificateOrder.reasons != [])
    .order_by(CertificateOrder.id)
    .limit(1)
)
_WAITING = text("SELECT count(*) FILTER (WHERE not_before <= :now) AS due, count(*) FILTER (WHERE not_before > :now)"
                " AS delayed FROM certificate_order WHERE state = 'waiting'")  # fmt: skip


@dataclass(frozen=True)
class Progress:
    """The orders of a session that are not over yet, and those of the same press that are."""

    total: int = 0
    done: int = 0
    due: int = 0
    """Being worked on, or next."""
    delayed: int = 0
    """Waiting for another try, for somebody outside did not answer."""
    since: datetime | None = None
    next_try: datetime | None = None
    reasons: tuple[Reason, ...] = ()
    pace: float = 0
    stalled: bool = False
    """There is work, and nobody does it."""

    @property
    def under_way(self) -> bool:
        return self.due > 0

    @property
    def seconds_left(self) -> int | None:
        return round(self.due / self.pace) if self.pace else None


def of_session(session: Session, session_id: int, now: datetime) -> Progress:
    row = session.execute(_COUNTS, {"session": session_id, "now": now, "recent": now - _LOOK_BACK}).first()
    if row is None or not row.due + row.delayed:
        return Progress()
    held = session.scalar(_OLDEST_DELAYED.where(CertificateOrder.session_id == session_id)) if row.delayed else None
    return Progress(
        total=row.total, done=row.done, due=row.due, delayed=row.delayed, since=row.since, next_try=row.next_try,
        reasons=reasons_of(held) if held else (), pace=row.recent / _LOOK_BACK.total_seconds(),
        stalled=bool(row.due) and row.moved is not None and now - row.moved > _LOOK_BACK,
    )  # fmt: skip


def of_applications(session: Session, applications: Iterable[int]) -> dict[int, CertificateOrder]:
    """The order of each that still waits, or that was given up and nothing came after it."""
    query = select(CertificateOrder).where(CertificateOrder.application_id.in_(list(applications)))
    latest = {one.application_id: one for one in session.scalars(query.order_by(CertificateOrder.id))}
    return {key: one for key, one in latest.items() if one.state in (OrderState.WAITING, OrderState.FAILED)}


def waiting(session: Session, now: datetime) -> tuple[int, int]:
    """How many orders of all sessions are due, and how many wait for another try."""
    row = session.execute(_WAITING, {"now": now}).one()
    return row.due, row.delayed


def of_person(session: Session, user_id: int) -> frozenset[tuple[str, str]]:
    """(scheme, level) of the certificates that were decided for this person and are not signed yet."""
    query = (
        select(Application.scheme, Application.level)
        .join(CertificateOrder, CertificateOrder.application_id == Application.id)
        .join(Candidate, Candidate.id == Application.candidate_id)
        .where(Candidate.user_id == user_id, CertificateOrder.state == OrderState.WAITING)
    )
    return frozenset((scheme, level) for scheme, level in session.execute(query))

"""What is on file about many applications at once, read in a handful of queries instead of a dozen for each.

It may only save a question whose answer is known to be empty or the same: wherever somebody has a past in the register,
an open incident or a tie, they are asked about one by one. It counts within the transaction that read it.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from sqlalchemy import exists, select, tuple_
from sqlalchemy.orm import Session, joinedload

from app.models.certificate import Certificate, PartResult
from app.models.discarded import DiscardedSheet
from app.models.monitoring import Incident
from app.models.open_marking import OpenSheet
from app.models.practical import RubricSheet
from app.models.registration import Application, Conflict, Document, StaffAssignment

Key = tuple[int, str, str]


@dataclass(frozen=True)
class Seen:
    results: dict[Key, list[PartResult]]
    kinds: dict[int, frozenset[str]]
    """Application → the kinds of its documents."""
    certified: frozenset[str]
    """People with a past in the register: certificates of any scheme and level, whatever became of them."""
    incidents: bool
    """Whether any incident that holds certificates back is open, anywhere."""
    tied: frozenset[int]
    """Deciders who ever examined, headed a panel, or have a tie on file with anybody."""

    def results_of(self, application: Application) -> Sequence[PartResult]:
        return self.results.get(_key(application), [])

    def new(self, application: Application) -> bool:
        return application.candidate.identity_hash not in self.certified

    def untied(self, user_id: int | None) -> bool:
        return user_id is not None and user_id not in self.tied


def see(session: Session, applications: Sequence[Application], deciders: Iterable[int | None]) -> Seen:
    people = [one.candidate.identity_hash for one in applications]
    open_ones = exists().where(Incident.blocking, Incident.resolved_at.is_(None))
    return Seen(
        results=_results(session, applications),
        kinds=_kinds(session, [one.id for one in applications]),
        certified=frozenset(session.scalars(select(Certificate.person).where(Certificate.person.in_(people)))),
        incidents=bool(session.scalar(select(open_ones))),
        tied=frozenset(one for one in deciders if one is not None and _tied(session, one)),
    )


def _key(application: Application) -> Key:
    return application.candidate_id, application.scheme, application.level


def _results(session: Session, applications: Sequence[Application]) -> dict[Key, list[PartResult]]:
    found = defaultdict[Key, list[PartResult]](list)
    rows = session.execute(
        select(PartResult, Application.candidate_id, Application.scheme, Application.level)
        .join(Application, Application.id == PartResult.application_id)
        .where(tuple_(Application.candidate_id, Application.scheme, Application.level).in_(map(_key, applications)))
        .options(joinedload(PartResult.session))
        .order_by(PartResult.released_at)
    )
    for result, candidate, scheme, level in rows:
        found[candidate, scheme, level].append(result)
    return found


def _kinds(session: Session, applications: Sequence[int]) -> dict[int, frozenset[str]]:
    found = defaultdict[int, set[str]](set)
    query = select(Document.application_id, Document.kind).where(Document.application_id.in_(applications))
    for application, kind in session.execute(query):
        found[application].add(kind)
    return {one: frozenset(found[one]) for one in applications}


def _tied(session: Session, user_id: int) -> bool:
    ways = (
        exists().where(Conflict.examiner_id == user_id),
        exists().where(RubricSheet.examiner_id == user_id),
        exists().where(DiscardedSheet.examiner_id == user_id),
        exists().where(OpenSheet.examiner_id == user_id),
        exists().where(StaffAssignment.user_id == user_id),
    )
    return any(session.scalar(select(way)) for way in ways)

"""Hearing a recording: each play is counted by the server before a sound of it leaves, and is fetched once.

A play that was granted stays counted, also when another computer takes over or the page is reloaded in the middle of
it. What a fault took from a candidate is for the proctor to note as an incident, not for the engine to guess.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import func, select, update
from sqlalchemy.orm import Session

from app.core.errors import N_, NotFound, Refusal
from app.delivery import papers
from app.delivery.closing import RUNNING, changeable
from app.delivery.delivered import DeliveredStimulus
from app.delivery.papers import PaperItem
from app.models.bank import MediaFile
from app.models.exam import Attempt, Paper, StimulusPlay


@dataclass(frozen=True)
class Wish:
    """To hear the recording of the item at a position; the same `key` again is the same wish."""

    attempt_id: int
    client: UUID
    position: int
    key: UUID


@dataclass(frozen=True)
class Granted:
    stimulus_version_id: int
    number: int
    plays_left: int
    fetched: bool
    """It has left already and does not leave again."""


def play(session: Session, user_id: int, wish: Wish, now: datetime) -> Granted | Refusal:
    """The refusal is returned, not raised: an attempt closed on the way must be committed beside it."""
    attempt = changeable(session, user_id, wish.attempt_id, wish.client, now)
    if isinstance(attempt, Refusal):
        return attempt
    stimulus = _recording_at(session, attempt, wish.position)
    if stimulus is None:
        message = N_("The item at position %(position)s has no recording to play.")
        return Refusal("nothing_to_play", message, details={"position": wish.position}, position=wish.position)
    return _granted(session, attempt, wish, stimulus, now)


def _granted(
    session: Session, attempt: Attempt, wish: Wish, stimulus: DeliveredStimulus, now: datetime
) -> Granted | Refusal:
    """Under the lock of the attempt, so that two wishes at once cannot both be the last."""
    before = session.scalars(
        select(StimulusPlay).where(
            StimulusPlay.attempt_id == attempt.id, StimulusPlay.stimulus_version_id == stimulus.version_id
        )
    ).all()
    left = max(0, stimulus.plays - len(before))
    for one in before:
        if one.key == wish.key:
            return Granted(stimulus.version_id, one.number, left, fetched=one.fetched_at is not None)
    if not left:
        message = N_("The recording may be heard %(plays)s times and has been. Answer from what you heard.")
        return Refusal("plays_used_up", message, status=409, details={"plays_left": 0}, plays=stimulus.plays)
    made = StimulusPlay(
        attempt_id=attempt.id, stimulus_version_id=stimulus.version_id, number=len(before) + 1, key=wish.key, at=now
    )
    session.add(made)
    session.flush()
    return Granted(stimulus.version_id, made.number, left - 1, fetched=False)


def fetch(session: Session, user_id: int, play: tuple[int, int, int], now: datetime) -> tuple[bytes, str]:
    """The sound of a play by (attempt, stimulus version, number), once; with its type."""
    attempt_id, stimulus, number = play
    attempt = _sat_by(session, user_id, attempt_id)
    one = StimulusPlay
    claimed = session.execute(
        update(one)
        .where(one.attempt_id == attempt_id, one.stimulus_version_id == stimulus, one.number == number)
        .where(one.fetched_at.is_(None))
        .values(fetched_at=now)
        .returning(one.number)
    ).first()
    if claimed is None:
        raise Refusal(
            "play_fetched", N_("This play has been fetched already. Press play to hear it again."), status=409
        )
    return _sound(session, attempt, stimulus)


def heard(session: Session, attempt_id: int) -> dict[int, int]:
    """How often each recording was played, by stimulus version."""
    query = select(StimulusPlay.stimulus_version_id, func.count()).where(StimulusPlay.attempt_id == attempt_id)
    return dict(session.execute(query.group_by(StimulusPlay.stimulus_version_id)).all())


def picture(session: Session, user_id: int, attempt_id: int, digest: str) -> tuple[bytes, str]:
    """A picture that the candidate's own paper shows; any other does not exist."""
    attempt = _sat_by(session, user_id, attempt_id)
    return picture_of(session, papers.items_of(session, session.get_one(Paper, attempt.paper_id)), digest)


def picture_of(session: Session, items: Sequence[PaperItem], digest: str) -> tuple[bytes, str]:
    """A picture that one of these items shows."""
    shown = {one for item in items for one in item.item.pictures.values()}
    shown |= {one for item in items if item.item.stimulus for one in item.item.stimulus.pictures.values()}
    return _file(session, digest) if digest in shown else _nothing()


def _sat_by(session: Session, user_id: int, attempt_id: int) -> Attempt:
    """Only who sits at it now sees and hears what it shows."""
    attempt = session.get(Attempt, attempt_id)
    if attempt is None or attempt.user_id != user_id or attempt.state not in RUNNING:
        raise NotFound()
    return attempt


def _recording_at(session: Session, attempt: Attempt, position: int) -> DeliveredStimulus | None:
    items = papers.items_of(session, session.get_one(Paper, attempt.paper_id))
    found = items[position - 1].item.stimulus if 1 <= position <= len(items) else None
    return found if found is not None and found.audio else None


def _sound(session: Session, attempt: Attempt, stimulus: int) -> tuple[bytes, str]:
    for one in papers.items_of(session, session.get_one(Paper, attempt.paper_id)):
        if one.item.stimulus is not None and one.item.stimulus.version_id == stimulus:
            return _file(session, one.item.stimulus.audio)
    return _nothing()


def _file(session: Session, digest: str) -> tuple[bytes, str]:
    row = session.execute(select(MediaFile.content, MediaFile.type).where(MediaFile.sha256 == digest)).first()
    return (row[0], row[1]) if row else _nothing()


def _nothing() -> tuple[bytes, str]:
    raise NotFound()

"""Shared material that is there already, to be shown by one more item."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from sqlalchemy import select
from sqlalchemy.dialects.postgresql import distinct_on
from sqlalchemy.orm import Session

from app.core.errors import NotFound
from app.models.bank import Item, ItemVersion, Stimulus, StimulusVersion
from app.models.workshop import OPEN, ItemRevision


def materials_of(session: Session, scheme: str, level: str) -> list[tuple[str, str]]:
    """Code and title of all that items of a level show, drafts among them, in the order of codes."""
    shown = (
        select(Stimulus.code, StimulusVersion.title)
        .join(StimulusVersion, StimulusVersion.stimulus_id == Stimulus.id)
        .join(ItemVersion, ItemVersion.stimulus_version_id == StimulusVersion.id)
        .join(Item, Item.id == ItemVersion.item_id)
        .where(Item.scheme == scheme, Item.level == level)
        .order_by(StimulusVersion.number)
    )
    found: dict[str, str] = dict(session.execute(shown).all())
    for one in _drafted(session, scheme, level):
        found.setdefault(str(one["id"]), str(one["title"]))
    return sorted(found.items())


def material(session: Session, scheme: str, level: str, code: str) -> dict[str, Any]:
    """What a draft says of it: as its newest version, or as the draft that brings it in has it."""
    newest = (
        select(StimulusVersion)
        .ext(distinct_on(StimulusVersion.stimulus_id))
        .join(Stimulus)
        .where(Stimulus.code == code)
        .order_by(StimulusVersion.stimulus_id, StimulusVersion.number.desc())
    )
    if one := session.scalar(newest):
        return {"id": code, "title": one.title, "text": one.text, "audio": one.audio, "plays": one.plays,
                "media": dict(one.media)}  # fmt: skip
    drafted = [one for one in _drafted(session, scheme, level) if one["id"] == code]
    if not drafted:
        raise NotFound
    return drafted[0]


def _drafted(session: Session, scheme: str, level: str) -> Sequence[dict[str, Any]]:
    query = select(ItemRevision.content["stimulus"]).join(Item, Item.id == ItemRevision.item_id)
    query = query.where(Item.scheme == scheme, Item.level == level, ItemRevision.state.in_(OPEN))
    query = query.where(ItemRevision.content["stimulus"]["id"].astext != "").order_by(ItemRevision.changed_at.desc())
    return session.scalars(query).all()

"""Keeping what items share: stimuli by version, pictures and sounds by the SHA-256 of their bytes."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from sqlalchemy import func, select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from app.core.errors import N_, Refusal
from app.models.bank import ItemVersion, MediaFile, StimulusVersion
from app.models.bank import Stimulus as StimulusRow
from question_bank.bank_item import BankItem
from question_bank.stimuli import Media, Stimulus


def keep_materials(session: Session, items: Sequence[BankItem]) -> dict[str, StimulusVersion]:
    """Stimulus versions by digest. The same content makes no new version; two contents under one code are refused."""
    wanted = {item.stimulus.digest(): item.stimulus for item in items if item.stimulus}
    _refuse_two_contents(wanted.values())
    keep_media(session, [one for item in items for one in (*item.media.values(), *_of_stimulus(item.stimulus))])
    if not wanted:
        return {}
    codes = {stimulus.id for stimulus in wanted.values()}
    rows = {row.code: row for row in session.scalars(select(StimulusRow).where(StimulusRow.code.in_(codes)))}
    query = select(StimulusVersion).join(StimulusRow).where(StimulusVersion.digest.in_(wanted))
    kept = {version.digest: version for version in session.scalars(query)}
    newest = dict(
        session.execute(
            select(StimulusRow.code, func.max(StimulusVersion.number))
            .join(StimulusVersion)
            .where(StimulusRow.code.in_(codes))
            .group_by(StimulusRow.code)
        ).all()
    )
    for digest, stimulus in wanted.items():
        if digest not in kept:
            row = rows.get(stimulus.id) or StimulusRow(code=stimulus.id)
            kept[digest] = StimulusVersion(
                stimulus=row, number=newest.get(stimulus.id, 0) + 1, title=stimulus.title, text=stimulus.text,
                audio=stimulus.audio, plays=stimulus.plays,
                media={name: one.sha256 for name, one in stimulus.media.items()}, digest=digest,
            )  # fmt: skip
            session.add(kept[digest])
    session.flush()
    return kept


def keep_media(session: Session, media: Iterable[Media]) -> None:
    found = {one.sha256: {"sha256": one.sha256, "type": one.type, "content": one.content} for one in media}
    for row in found.values():
        session.execute(insert(MediaFile).values(row).on_conflict_do_nothing())


def media_of(session: Session, versions: Iterable[ItemVersion]) -> dict[str, bytes]:
    """The contents of all that these versions show and play, by SHA-256."""
    wanted = {digest for one in versions for digest in one.media.values()}
    wanted |= {digest for one in versions if one.stimulus for digest in one.stimulus.media.values()}
    if not wanted:
        return {}
    found = session.execute(select(MediaFile.sha256, MediaFile.content).where(MediaFile.sha256.in_(wanted)))
    return {row.sha256: row.content for row in found}


def named_media(names: Mapping[str, str], contents: Mapping[str, bytes]) -> dict[str, Media]:
    return {name: Media(name, contents[digest]) for name, digest in sorted(names.items()) if digest in contents}


def stimulus_of(version: ItemVersion, contents: Mapping[str, bytes]) -> Stimulus | None:
    one = version.stimulus
    if one is None:
        return None
    return Stimulus(one.stimulus.code, one.title, one.text, one.audio, one.plays, named_media(one.media, contents))


def _of_stimulus(stimulus: Stimulus | None) -> Iterable[Media]:
    return stimulus.media.values() if stimulus else ()


def _refuse_two_contents(stimuli: Iterable[Stimulus]) -> None:
    seen: dict[str, str] = {}
    for one in stimuli:
        if seen.setdefault(one.id, one.digest()) != one.digest():
            message = N_("Stimulus %(stimulus)s stands in these files with two contents. Make them the same.")
            raise Refusal("stimulus_twice", message, stimulus=one.id)

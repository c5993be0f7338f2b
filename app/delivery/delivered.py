"""Item versions as papers need them. They never change, so a process keeps what it has read."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import islice
from threading import Lock
from typing import Any, Generic, TypeVar

from sqlalchemy import select

from app.models.bank import ItemVersion, StimulusVersion
from question_bank.item_text import pictures
from question_bank.item_types import ITEM_TYPES, ItemContent
from question_bank.item_types.fill import FillIn

Key = TypeVar("Key")
Value = TypeVar("Value")

READ = """
SELECT i.id, i.type, i."row", i.stem, i.options, i.key, i.media,
       s.id, s.title, s.text, s.audio, s.plays, s.media
  FROM item_version i LEFT JOIN stimulus_version s ON s.id = i.stimulus_version_id WHERE i.id = ANY(%s)
"""


SELECT = select(
    ItemVersion.id, ItemVersion.type, ItemVersion.row, ItemVersion.stem, ItemVersion.options, ItemVersion.key,
    ItemVersion.media, StimulusVersion.id, StimulusVersion.title, StimulusVersion.text, StimulusVersion.audio,
    StimulusVersion.plays, StimulusVersion.media,
).outerjoin(StimulusVersion, StimulusVersion.id == ItemVersion.stimulus_version_id)  # fmt: skip


class Kept(Generic[Key, Value]):
    """The newest values, `most` at most; reading takes no lock."""

    def __init__(self, most: int) -> None:
        self.most, self._values, self._lock = most, dict[Key, Value](), Lock()

    def get(self, key: Key) -> Value | None:
        return self._values.get(key)

    def put(self, key: Key, value: Value) -> Value:
        with self._lock:
            self._values[key] = value
            if len(self._values) > self.most:  # many go at once: to look for the oldest passes by all that are gone
                for old in list(islice(self._values, 1 + self.most // 8)):
                    del self._values[old]
        return value

    def clear(self) -> None:
        with self._lock:
            self._values.clear()


@dataclass(frozen=True, slots=True)
class DeliveredStimulus:
    """Material that several items share."""

    version_id: int
    title: str
    text: str
    pictures: Mapping[str, str]
    """Name in the text → SHA-256."""
    audio: str
    """SHA-256 of the recording; empty for none. It leaves by a counted play alone."""
    plays: int


@dataclass(frozen=True, slots=True)
class DeliveredItem:
    """An item version with its key; what a candidate may see of it is up to `shown`."""

    type: str
    row: str
    stem: str
    options: Mapping[str, str]
    option_ids: tuple[str, ...]
    key: tuple[str, ...]
    stem_json: str
    options_json: Mapping[str, str]
    """Written out once, since every paper repeats them: the stem, and each option of the item's own."""
    gaps: int
    pictures: Mapping[str, str]
    """Name in the texts → SHA-256."""
    stimulus: DeliveredStimulus | None


items: Kept[int, DeliveredItem] = Kept(200_000)
stimuli: Kept[int, DeliveredStimulus] = Kept(20_000)


def forget() -> None:
    """For another database under the same process."""
    items.clear()
    stimuli.clear()


def keep(row: Sequence[Any]) -> DeliveredItem:
    """`row` as READ has it: first the version's own, then the stimulus's."""
    version, kind, row_no, stem, options, key, media = row[:7]
    ids = ITEM_TYPES[kind].option_ids(ItemContent(stem, options, tuple(key)))
    written = {option: option_json(option, text) for option, text in options.items()}
    item = DeliveredItem(
        kind, row_no, stem, options, ids, tuple(key), json.dumps(stem), written,
        len(ids) if kind == FillIn.code else 0, shown_pictures([stem, *options.values()], media), _stimulus(row[7:]),
    )  # fmt: skip
    return items.put(version, item)


def _stimulus(row: Sequence[Any]) -> DeliveredStimulus | None:
    """One for all the items that share it."""
    version, title, text, audio, plays, media = row
    if version is None:
        return None
    made = DeliveredStimulus(version, title, text, shown_pictures([text], media), media.get(audio, ""), plays)
    return stimuli.get(version) or stimuli.put(version, made)


def shown_pictures(texts: Iterable[str], media: Mapping[str, str]) -> dict[str, str]:
    """Only what these texts show: a recording is no picture, wherever its name stands."""
    names = [name for text in texts for name in pictures(text)]
    return {name: media[name] for name in names if name in media}


def option_json(option: str, text: str) -> str:
    return json.dumps({"id": option, "text": text})

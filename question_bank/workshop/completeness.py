"""From what a revision says to the item it would become, and everything that still keeps it from being one."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable, Mapping, Set
from decimal import Decimal
from typing import Any

from app.core.errors import N_
from question_bank import item_shape as shape
from question_bank.bank_item import BankItem
from question_bank.item_checks import content_problems, place_problems
from question_bank.item_text import pictures
from question_bank.media_files import media_fault
from question_bank.stimuli import PICTURES, SOUNDS, Media, Stimulus


@dataclasses.dataclass(frozen=True)
class Fault:
    """What keeps a draft from being an item; `message` is a msgid."""

    field: str
    message: str
    params: Mapping[str, Any] = dataclasses.field(default_factory=dict)


def item_of(
    place: tuple[str, str, str], content: Mapping[str, Any], media: Mapping[str, bytes]
) -> tuple[BankItem, list[Fault]]:
    """The item as far as it can be read, and everything that is still wrong. `place`: code, scheme, level."""
    faults: list[Fault] = []

    def report(name: str, message: str, /, **params: Any) -> None:
        if name not in {one.field for one in faults}:
            faults.append(Fault(name, message, params))

    def report_stimulus(name: str, message: str, /, **params: Any) -> None:
        report(f"stimulus.{name}", message, **params)

    shared = _stimulus(content["stimulus"], media, report_stimulus) if content["stimulus"] else None
    texts = {"stem": content["stem"], **{f"options.{one}": words for one, words in content["options"].items()}}
    shown = _shown(texts, content["media"], media, report)
    item = shape.item(_entry(place, content), report, shared, shown)
    wrong = {one.field.partition(".")[0] for one in faults}
    if not wrong & {"row", "content"}:
        place_problems(item, report)
    if not wrong & {"type", "options"}:
        content_problems(item, report)
    return item, faults


def _entry(place: tuple[str, str, str], content: Mapping[str, Any]) -> dict[str, Any]:
    entry = {**content, **dict(zip(("id", "scheme", "level"), place, strict=True))}
    entry["difficulty"] = Decimal(content["difficulty"]) if content["difficulty"] else None
    entry["criteria"] = [{**line, "points": Decimal(line["points"] or 0)} for line in content["criteria"]]
    if not entry["options"]:
        del entry["options"]
    return entry


def _stimulus(given: Mapping[str, Any], media: Mapping[str, bytes], report: Callable[..., None]) -> Stimulus:
    found = _shown({"text": given["text"]}, given["media"], media, report)
    if given["audio"]:
        found |= _found(given["audio"], "audio", given["media"], media, SOUNDS, report)
    return shape.stimulus({name: given[name] for name in shape.STIMULUS_FIELDS}, found, report)


def _shown(
    texts: Mapping[str, str], names: Mapping[str, str], media: Mapping[str, bytes], report: Callable[..., None]
) -> dict[str, Media]:
    """Only what a text refers to; what nobody refers to is left out."""
    found: dict[str, Media] = {}
    for where, text in texts.items():
        for name in pictures(text):
            found |= _found(name, where, names, media, PICTURES, report)
    return found


def _found(
    name: str, where: str, names: Mapping[str, str], media: Mapping[str, bytes], kinds: Set[str],
    report: Callable[..., None],
) -> dict[str, Media]:  # fmt: skip
    content = media.get(names.get(name, ""))
    if content is None:
        report(where, N_("There is no file %(name)s with this item. Add it, or take out what refers to it."), name=name)
        return {}
    one = Media(name, content)
    if fault := media_fault(one, kinds):
        report(where, fault[0], **fault[1])
        return {}
    return {name: one}

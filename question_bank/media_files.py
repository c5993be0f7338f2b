"""The pictures and sounds that texts name, fetched from wherever their file came from."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Set
from typing import Any

from app.core.errors import N_
from question_bank.item_shape import Report
from question_bank.item_text import pictures
from question_bank.stimuli import MOST_BYTES, PICTURES, Media

Fetch = Callable[[str], bytes | None]
"""The bytes of a picture or a sound that stands beside the file; None when there is none of this name."""


def nothing(name: str) -> bytes | None:
    return None


def shown_media(texts: Mapping[str, Any], fetch: Fetch, report: Report) -> dict[str, Media]:
    """The pictures of all texts, by field; those that are missing or of another kind are reported."""
    found: dict[str, Media] = {}
    for field_name, text in texts.items():
        for name in pictures(text) if isinstance(text, str) and "![" in text else ():
            found |= one_media(name, field_name, PICTURES, fetch, report)
    return found


def one_media(name: str, field_name: str, kinds: Set[str], fetch: Fetch, report: Report) -> dict[str, Media]:
    content = fetch(name)
    if content is None:
        report(field_name, N_("There is no file %(name)s beside this one."), name=name)
        return {}
    media = Media(name, content)
    fault = media_fault(media, kinds)
    if fault:
        message, params = fault
        report(field_name, message, **params)
        return {}
    return {name: media}


def media_fault(media: Media, kinds: Set[str]) -> tuple[str, dict[str, Any]] | None:
    """Why a file cannot be used, as a msgid with its params."""
    if len(media.content) > MOST_BYTES:
        message = N_("%(name)s is larger than %(most)s MB; make it smaller.")
        return message, {"name": media.name, "most": MOST_BYTES // 2**20}
    if media.type not in kinds:
        message = N_("%(name)s is not of a kind that can be used here: %(kinds)s.")
        return message, {"name": media.name, "kinds": ", ".join(sorted(kinds))}
    return None

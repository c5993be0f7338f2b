"""What an author writes, as a revision keeps it: like an entry of our files, but it may still be incomplete."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from decimal import Decimal, InvalidOperation
from typing import Any

from app.core.errors import N_, Refusal
from question_bank import item_shape as shape
from question_bank.bank_item import SECONDS, THOUSANDTH, BankItem
from question_bank.item_types import ITEM_TYPES

Content = dict[str, Any]
WORDS = ("type", "row", "content", "point", "stem", "rationale", "source", "author", "status")
FIELDS = (*WORDS[:4], "difficulty", "seconds", "case", "stimulus", "stem", "options", "key", "rationale", "feedback",
          "criteria", "source", "author", "status", "media")  # fmt: skip
"""In the order in which people read them."""
EMPTY: Content = {
    **dict.fromkeys(WORDS, ""), "difficulty": "", "seconds": SECONDS, "case": False, "stimulus": None, "options": {},
    "key": [], "feedback": {}, "criteria": [], "media": {},
}  # fmt: skip
_SHA256 = re.compile(r"[0-9a-f]{64}")
_UNPRINTABLE = re.compile(r"[\x00-\x08\x0b-\x1f\x7f\ud800-\udfff]")
_LONGEST_KEY, _MOST_KEYS, _MOST_LINES, _MOST_MEDIA = shape.CODE_AT_MOST, 50, 40, 20


def normal(given: Mapping[str, Any], before: Mapping[str, Any] | None = None) -> Content:
    """What was given over what was there, in the one form that is kept. Refuses what is no draft at all."""
    unknown = sorted(set(given) - set(FIELDS))
    if unknown:
        raise _malformed(unknown[0], N_("An item has no field “%(field)s”. Check its spelling."))
    found = {**EMPTY, **(before or {}), **{name: _KINDS[name](name, given[name]) for name in given}}
    kind = ITEM_TYPES.get(found["type"])
    found["key"] = list(kind.stored_key(found["key"])) if kind else found["key"]
    found["feedback"] = {letter: words for letter, words in found["feedback"].items() if words}
    return found


def content_of(item: BankItem) -> Content:
    one = item.stimulus
    return {
        "type": item.type, "row": item.row, "content": item.content, "point": item.point, "stem": item.stem,
        "rationale": item.rationale, "source": item.source, "author": item.author, "status": item.status,
        "difficulty": str(item.difficulty.quantize(THOUSANDTH)), "seconds": item.seconds, "case": item.case,
        "options": dict(sorted(item.options.items())), "key": item.stored_key(),
        "feedback": dict(sorted(item.feedback.items())),
        "criteria": [{"text": line.text, "points": str(line.points.normalize())} for line in item.criteria],
        "media": {name: media.sha256 for name, media in sorted(item.media.items())},
        "stimulus": one and {
            "id": one.id, "title": one.title, "text": one.text, "audio": one.audio, "plays": one.plays,
            "media": {name: media.sha256 for name, media in sorted(one.media.items())},
        },
    }  # fmt: skip


def media_named(content: Mapping[str, Any]) -> set[str]:
    """The SHA-256 of everything it shows and plays."""
    return {*content["media"].values(), *((content["stimulus"] or {}).get("media") or {}).values()}


def _malformed(name: str, message: str, **params: Any) -> Refusal:
    return Refusal("content_malformed", message, details={"field": name}, field=[name.partition(".")[0]], **params)


def _text(name: str, value: Any, most: int = 0) -> str:
    most = most or shape.TEXTS.get(name, 200)
    value = value.replace("\r\n", "\n").replace("\t", " ").strip() if isinstance(value, str) else value
    if not isinstance(value, str) or _UNPRINTABLE.search(value):
        raise _malformed(name, N_("The field “%(field)s” takes plain text. Send text without control characters."))
    if len(value) > most:
        message = N_("The field “%(field)s” has %(length)s characters; at most %(most)s fit. Shorten it.")
        raise _malformed(name, message, length=len(value), most=most)
    return value


def _figure(name: str, value: Any) -> str:
    if value in (None, ""):
        return ""
    try:
        found = Decimal(str(value).strip())
    except InvalidOperation:
        found = Decimal("NaN")
    if isinstance(value, bool) or not found.is_finite() or not 0 <= found <= shape.MOST_POINTS:
        raise _malformed(name, N_("The field “%(field)s” takes a figure such as 0.65."))
    if -found.normalize().as_tuple().exponent > 3:  # type: ignore[operator]  # finite
        raise _malformed(name, N_("The field “%(field)s” takes a figure with at most three decimals."))
    return str(found.quantize(THOUSANDTH)) if name == "difficulty" else format(found.normalize(), "f")


def _whole(name: str, value: Any) -> int:
    if isinstance(value, bool) or not isinstance(value, int) or not 0 <= value <= shape.MOST_SECONDS:
        raise _malformed(name, N_("The field “%(field)s” takes a whole number."))
    return value


def _yes(name: str, value: Any) -> bool:
    if not isinstance(value, bool):
        raise _malformed(name, N_("The field “%(field)s” takes yes or no."))
    return value


def _list(name: str, value: Any, most: int) -> list[Any]:
    if not isinstance(value, list | tuple) or len(value) > most:
        raise _malformed(name, N_("The field “%(field)s” takes a list of at most %(most)s entries."), most=most)
    return list(value)


def _lines(name: str, value: Any) -> dict[str, str]:
    if not isinstance(value, Mapping) or len(value) > _MOST_LINES:
        raise _malformed(name, N_("The field “%(field)s” takes lettered lines, at most %(most)s."), most=_MOST_LINES)
    return {_text(name, key, 10): _text(name, value[key], shape.OPTION_AT_MOST) for key in sorted(value, key=str)}


def _keys(name: str, value: Any) -> list[str]:
    return [_text(name, one, _LONGEST_KEY) for one in _list(name, value, _MOST_KEYS)]


def _criteria(name: str, value: Any) -> list[dict[str, str]]:
    lines = _list(name, value, shape.MOST_CRITERIA)
    if not all(isinstance(one, Mapping) and set(one) == {"text", "points"} for one in lines):
        raise _malformed(name, N_("Each entry of “%(field)s” has a text and its points."))
    return [{"text": _text(name, one["text"], shape.OPTION_AT_MOST), "points": _figure(name, one["points"])}
            for one in lines]  # fmt: skip


def _media(name: str, value: Any) -> dict[str, str]:
    right = isinstance(value, Mapping) and len(value) <= _MOST_MEDIA
    if not right or not all(isinstance(one, str) and _SHA256.fullmatch(one) for one in value.values()):
        raise _malformed(name, N_("The field “%(field)s” names files by their SHA-256. Add the files, then name them."))
    return {_text(name, key): value[key] for key in sorted(value, key=str)}


def _shared(name: str, value: Any) -> dict[str, Any] | None:
    if value is None:
        return None
    known = {*shape.STIMULUS_FIELDS, "media"}
    if not isinstance(value, Mapping) or set(value) - known:
        raise _malformed(name, N_("The field “%(field)s” takes shared material with its id, title and text."))
    texts = {one: _text(f"{name}.{one}", value.get(one, ""), most) for one, most in shape.STIMULUS_TEXTS.items()}
    return {**texts, "plays": _whole(f"{name}.plays", value.get("plays", 0)),
            "media": _media(f"{name}.media", value.get("media", {}))}  # fmt: skip


_KINDS: dict[str, Callable[[str, Any], Any]] = {
    **dict.fromkeys(WORDS, _text), "difficulty": _figure, "seconds": _whole, "case": _yes, "stimulus": _shared,
    "options": _lines, "key": _keys, "feedback": _lines, "criteria": _criteria, "media": _media,
}  # fmt: skip

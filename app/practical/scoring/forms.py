"""When what was written in a field says the same as the key: by the field's type, not by its letters."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import Any

from app.core.figures import exact_number
from app.practical.scoring.distance import edits
from app.practical.scoring.values import NOTHING, ONE

_DAY = re.compile(r"(?:(\d{4})[-/.年])?(\d{1,2})[-/.月](\d{1,2})日?号?")
_TIME = re.compile(r"(上午|早上|凌晨|中午|下午|晚上)?(\d{1,2})[:点时](半|\d{1,2})?分?")
_AFTERNOON = ("下午", "晚上")
_COUNTRY = re.compile(r"^(?:0086|86)(?=1\d{10}$)")
_UNITS = re.compile(r"[元件个次天人分钟秒%％¥￥号]+")


def credit(field: Mapping[str, Any], given: object) -> Decimal:
    """How much of a field is right: all or nothing. A long text is right if it holds one of the forms."""
    text = given if isinstance(given, str) else ""
    accepted: Sequence[str] = [str(one) for one in field.get("answer") or ()]
    if not text.strip() or not accepted:
        return NOTHING
    if field["type"] == "long":
        return ONE if any(bare(one) in bare(text) for one in accepted) else NOTHING
    return ONE if any(_same(field, text, one) for one in accepted) else NOTHING


def bare(text: str) -> str:
    """Without white space, punctuation, case and width."""
    folded = unicodedata.normalize("NFKC", text).casefold()
    return "".join(one for one in folded if unicodedata.category(one)[0] not in "ZPC")


def _same(field: Mapping[str, Any], given: str, accepted: str) -> bool:
    match field["type"]:
        case "phone":
            return _phone(given) == _phone(accepted) != ""
        case "date":
            return _alike(day(given), day(accepted)) or bare(given) == bare(accepted)
        case "time":
            return (moment(given) is not None and moment(given) == moment(accepted)) or bare(given) == bare(accepted)
        case "number":
            return number(given) is not None and number(given) == number(accepted)
        case "choice":
            return given.strip() == accepted.strip()
    return edits(bare(given), bare(accepted)) <= int(field.get("near") or 0)


def _phone(text: str) -> str:
    return _COUNTRY.sub("", "".join(one for one in unicodedata.normalize("NFKC", text) if one in "0123456789"))


def number(text: str) -> Decimal | None:
    return exact_number(_UNITS.sub("", "".join(unicodedata.normalize("NFKC", text).split()).replace(",", "")))


def day(text: str) -> tuple[int | None, int, int] | None:
    found = _DAY.fullmatch("".join(unicodedata.normalize("NFKC", text).split()))
    return (int(found[1]) if found[1] else None, int(found[2]), int(found[3])) if found else None


def moment(text: str) -> tuple[int, int] | None:
    found = _TIME.fullmatch("".join(unicodedata.normalize("NFKC", text).split()))
    if not found:
        return None
    hour, minute = int(found[2]), 30 if found[3] == "半" else int(found[3] or 0)
    return (hour + 12 if found[1] in _AFTERNOON and hour < 12 else hour), minute


def _alike(one: tuple[int | None, int, int] | None, other: tuple[int | None, int, int] | None) -> bool:
    """A day without its year is the day of that year."""
    if one is None or other is None:
        return False
    return one[1:] == other[1:] and (one[0] == other[0] or None in (one[0], other[0]))

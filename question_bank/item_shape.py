"""The shape of one item of a bank file: which fields, which kind of value, how long."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from decimal import Decimal
from string import ascii_uppercase
from typing import Any

from app.core.errors import N_
from question_bank.bank_item import EXAM, SECONDS, THOUSANDTH, USES, BankItem
from question_bank.item_types import ITEM_TYPES, Criterion
from question_bank.stimuli import Media, Stimulus

Report = Callable[..., None]
"""report(field, message, **params)"""

HEADER = ("scheme", "level", "row", "content", "status", "author", "reviewer", "use")
OPTIONAL = ("status", "author", "reviewer")
TEXTS = {
    "id": 60, "scheme": 80, "level": 40, "row": 40, "content": 80, "status": 200, "author": 100, "reviewer": 100,
    "type": 40, "point": 40, "stem": 2000, "rationale": 2000, "source": 300,
}  # fmt: skip
NEEDED = (*TEXTS, "difficulty")
FIELDS = (
    *TEXTS, "difficulty", "seconds", "case", "options", "key", "feedback", "criteria", "stimulus", "enemies", "use"
)  # fmt: skip
STIMULUS_TEXTS = {"id": 60, "title": 80, "text": 6000, "audio": 200}
STIMULUS_FIELDS = (*STIMULUS_TEXTS, "plays")
OPTION_AT_MOST = 500
FEEDBACK_AT_MOST = 500
MOST_SECONDS = 3600
MOST_PLAYS = 9
MOST_CRITERIA = 20
MOST_POINTS = 100
CODE_AT_MOST = 2000
_CODE = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]*")
_PREMISES = tuple("123456789")
_CONTROL = re.compile(r"[\x00-\x09\x0b-\x1f\x7f-\x9f\u2028\u2029\ufeff\ufffe\uffff\ud800-\udfff]")


def is_code(found: str) -> bool:
    return bool(_CODE.fullmatch(found)) and len(found) <= TEXTS["id"]


def text(value: Any, name: str, at_most: int, report: Report, *, needed: bool = True) -> str:
    if isinstance(value, bool) or not isinstance(value, str | int | Decimal):
        report(name, N_("Text is expected here; put it in quotes."))
        return ""
    found = str(value).strip()
    if needed and not found:
        report(name, N_("This field is empty; fill it in."))
    if len(found) > at_most:
        report(name, N_("This text has %(length)s characters; at most %(most)s fit."), length=len(found), most=at_most)
    if _CONTROL.search(found):
        report(name, N_("This text holds a character that cannot be printed; remove it."))
    return found


def difficulty(value: Any, report: Report) -> Decimal:
    number = isinstance(value, int | Decimal) and not isinstance(value, bool)
    if not number or not Decimal(value).is_finite() or not 0 < value < 1:
        report("difficulty", N_("The difficulty is the expected share of right answers between 0 and 1, as 0.65."))
        return THOUSANDTH
    found = Decimal(value)
    if found != found.quantize(THOUSANDTH):
        report("difficulty", N_("Give the difficulty with at most three decimals."))
    return found.quantize(THOUSANDTH)


def options(value: Any, report: Report) -> dict[str, str]:
    if not isinstance(value, Mapping):
        report("options", N_("Options are written as lettered lines, A: … to the last."))
        return {}
    figures = [letter for letter in value if letter in _PREMISES]
    letters = [letter for letter in value if letter not in _PREMISES]
    if letters != list(ascii_uppercase[: len(letters)]) or figures != list(_PREMISES[: len(figures)]):
        report("options", N_("Letter the options A, B, C … in this order, without a gap."))
        return {}
    return {letter: text(words, f"options.{letter}", OPTION_AT_MOST, report) for letter, words in value.items()}


def codes(value: Any, name: str, report: Report) -> tuple[str, ...]:
    """A list of ids or texts; one alone may stand without brackets, a figure without quotes."""
    listed = value if isinstance(value, list) else [value]
    figures = [one for one in listed if isinstance(one, int | Decimal) and not isinstance(one, bool)]
    if not all(one in figures or (isinstance(one, str) and one.strip()) for one in listed):
        report(name, N_("A list of codes is expected here, such as [A, C]."))
        return ()
    return tuple(text(one, name, CODE_AT_MOST, report) for one in listed)


def seconds(value: Any, report: Report) -> int:
    if isinstance(value, bool) or not isinstance(value, int) or not 1 <= value <= MOST_SECONDS:
        message = N_("The time estimate is a whole number of seconds from 1 to %(most)s.")
        report("seconds", message, most=MOST_SECONDS)
        return SECONDS
    return value


def yes(value: Any, name: str, report: Report) -> bool:
    if not isinstance(value, bool):
        report(name, N_("Write true or false here."))
    return value is True


def use(value: Any, report: Report) -> str:
    if value not in USES:
        report("use", N_("An item is for “exam” or for “practice”; write one of the two."))
        return EXAM
    return str(value)


def feedback(value: Any, right: tuple[str, ...], known: Mapping[str, str], report: Report) -> dict[str, str]:
    if not isinstance(value, Mapping):
        report("feedback", N_("Feedback is written as lettered lines, one for each wrong option."))
        return {}
    for letter in value:
        if letter not in known:
            report(f"feedback.{letter}", N_("There is no option “%(option)s” to give feedback on."), option=letter)
        elif letter in right:
            message = N_("Option %(option)s is right; say why in the rationale.")
            report(f"feedback.{letter}", message, option=letter)
    return {
        letter: text(words, f"feedback.{letter}", FEEDBACK_AT_MOST, report) for letter, words in sorted(value.items())
    }


def criteria(value: Any, report: Report) -> tuple[Criterion, ...]:
    """[{text, points}], in the order of the examiners' sheet."""
    right = isinstance(value, list) and all(
        isinstance(one, Mapping) and set(one) == {"text", "points"} for one in value
    )
    if not right or len(value) > MOST_CRITERIA:
        message = N_("Criteria are a list of at most %(most)s entries, each with a text and its points.")
        report("criteria", message, most=MOST_CRITERIA)
        return ()
    return tuple(_criterion(one, report) for one in value)


def _criterion(value: Mapping[str, Any], report: Report) -> Criterion:
    points = value["points"]
    if isinstance(points, bool) or not isinstance(points, int | Decimal) or not 0 < points <= MOST_POINTS:
        report("criteria", N_("The points of a criterion are a number above 0, at most %(most)s."), most=MOST_POINTS)
        points = 1
    return Criterion(text(value["text"], "criteria", OPTION_AT_MOST, report), Decimal(points))


def stimulus(given: Mapping[str, Any], media: Mapping[str, Media], report: Report) -> Stimulus:
    """`media`: what the text shows and the sound, as far as they were found."""
    for name in ("id", "title"):
        if name not in given:
            report(name, N_("This field is missing; add it."))
    texts = {
        name: text(given[name], name, most, report, needed=name in ("id", "title")) if name in given else ""
        for name, most in STIMULUS_TEXTS.items()
    }
    if texts["id"] and not _CODE.fullmatch(texts["id"]):
        report("id", N_("An item's code is made of letters, figures, dots and hyphens, such as J5-JQ-001."))
    plays = given.get("plays", 1 if texts["audio"] else 0)
    if isinstance(plays, bool) or not isinstance(plays, int) or not bool(texts["audio"]) <= plays <= MOST_PLAYS:
        report("plays", N_("A recording may be heard 1 to %(most)s times; say how often."), most=MOST_PLAYS)
        plays = 0
    if not texts["text"] and not texts["audio"]:
        report("text", N_("A stimulus needs a text or a recording."))
    return Stimulus(**texts, plays=plays, media=media)


def item(
    given: Mapping[str, Any],
    report: Report,
    shared: Stimulus | None = None,
    media: Mapping[str, Media] | None = None,
) -> BankItem:
    """As far as it can be read; what cannot is reported and left empty."""
    for name in NEEDED if given.get("type") == "open" else (*NEEDED, "key"):
        if name not in given and name not in OPTIONAL:
            report(name, N_("This field is missing; add it."))
    texts = {
        name: text(given[name], name, most, report, needed=name not in OPTIONAL) if name in given else ""
        for name, most in TEXTS.items()
    }
    if texts["id"] and not _CODE.fullmatch(texts["id"]):
        report("id", N_("An item's code is made of letters, figures, dots and hyphens, such as J5-JQ-001."))
    shown = options(given["options"], report) if "options" in given else {}
    key = codes(given["key"], "key", report) if given.get("key") is not None and given.get("key") != [] else ()
    kind = ITEM_TYPES.get(texts["type"])
    return BankItem(
        **texts,
        difficulty=difficulty(given["difficulty"], report) if "difficulty" in given else THOUSANDTH,
        seconds=seconds(given["seconds"], report) if "seconds" in given else SECONDS,
        case=yes(given["case"], "case", report) if "case" in given else False,
        options=shown,
        key=kind.stored_key(key) if kind else key,
        feedback=feedback(given["feedback"], key, shown, report) if given.get("feedback") else {},
        criteria=criteria(given["criteria"], report) if given.get("criteria") else (),
        stimulus=shared,
        media=media or {},
        enemies=frozenset(codes(given["enemies"], "enemies", report)) if given.get("enemies") else frozenset(),
        use=use(given["use"], report) if "use" in given else EXAM,
    )

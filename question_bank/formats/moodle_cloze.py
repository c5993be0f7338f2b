"""Moodle's embedded answers: {1:SHORTANSWER:=form~=another} in the midst of a text."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from html import escape, unescape

FIELD = re.compile(r"\{(?P<weight>\d*):(?P<type>[A-Z_]+):(?P<answers>(?:\\.|[^\\}])*+)\}", re.DOTALL)
_WRITTEN = frozenset({"SHORTANSWER", "SA", "MW", "SHORTANSWER_C", "SAC", "MWC"})
_NUMBERS = frozenset({"NUMERICAL", "NM"})
_LAST = re.compile(r"(?<!\\)(?:\\\\)*\}")
_SEVERAL = ("MULTIRESPONSE", "MR")
_BETWEEN = re.compile(r"(?<!\\)~")
_WEIGHT = re.compile(r"%(-?\d+(?:\.\d+)?)%")
_SPECIAL = re.compile(r"([\\}~#/\"=%*])")
_ESCAPED = re.compile(r"\\(.)", re.DOTALL)
_COMMENT = re.compile(r"(?<!\\)#")


def marked(text: str, mark: Callable[[re.Match[str]], str]) -> str:
    """The text with a mark for each field. Nothing is looked for where no brace closes any more."""
    end = max((one.end() for one in _LAST.finditer(text)), default=0)
    return FIELD.sub(mark, text[:end]) + text[end:]


@dataclass(frozen=True)
class Gap:
    """What a field accepts; `chosen` from a list, `partly` where forms earn less than all."""

    forms: tuple[str, ...]
    chosen: bool = False
    partly: bool = False
    tolerance: bool = False
    several: bool = False
    """All right entries of a list must be chosen, not any."""


def field(forms: list[str]) -> str:
    """As it stands in the HTML of the text."""
    listed = "~".join("=" + _SPECIAL.sub(r"\\\1", form) for form in forms)
    return f"{{1:SHORTANSWER:{escape(listed, quote=False)}}}"


def read_field(match: re.Match[str]) -> Gap:
    kind = match["type"].upper()
    forms, partly, tolerance = [], False, False
    for answer in _BETWEEN.split(match["answers"]):
        text = unescape(answer).strip()
        if text.startswith("="):
            text, marks = text[1:], 100.0
        elif weight := _WEIGHT.match(text):
            text, marks = text[weight.end() :], float(weight[1])
        else:
            marks = 0.0
        text = _COMMENT.split(text, maxsplit=1)[0]
        if kind in _NUMBERS:
            text, _, about = text.partition(":")
            tolerance = tolerance or about.strip() not in ("", "0")
        partly = partly or 0 < marks < 100
        if marks >= 100 and text.strip():
            forms.append(_ESCAPED.sub(r"\1", text).strip())
    return Gap(tuple(forms), kind not in _WRITTEN | _NUMBERS, partly, tolerance, kind.startswith(_SEVERAL))

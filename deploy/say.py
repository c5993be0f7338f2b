"""Sentences of the set-up programs, in the language of the terminal (Chinese unless LANG says English)."""

from __future__ import annotations

import gettext
import os
from functools import cache
from pathlib import Path

from app.core.errors import Refusal

FOLDER = Path(__file__).resolve().parent.parent / "app" / "translations"


@cache
def _texts() -> gettext.NullTranslations:
    language = "en" if os.environ.get("LANG", "").startswith("en") else "zh_CN"
    return gettext.translation("messages", FOLDER, [language], fallback=True)


def in_words(message: str, **params: object) -> str:
    text = _texts().gettext(message)
    return text % params if params else text


def say(message: str, **params: object) -> None:
    print(in_words(message, **params), flush=True)


def refusal_in_words(refusal: Refusal) -> str:
    return in_words(refusal.message, **refusal.params)

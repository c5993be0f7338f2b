"""How the certificates of a scheme look, as data: words, fields, colours, seal. Nothing in it is ever executed."""

from __future__ import annotations

import re
from enum import StrEnum
from functools import cache
from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field, StringConstraints, field_validator, model_validator

from certificates.drawing import wording

PLACEHOLDERS = ("holder", "scheme", "code", "level", "serial", "issuer", "date")
_HELD = re.compile(r"\{([^{}]*)\}")
MOST_AWARDS, MOST_NOTES, MOST_FIELDS = 4, 3, 8
Line = Annotated[str, StringConstraints(strip_whitespace=True, max_length=160)]
Title = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=16)]
Label = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=8)]
LabelEnglish = Annotated[str, StringConstraints(strip_whitespace=True, max_length=24)]
SealText = Annotated[str, StringConstraints(strip_whitespace=True, max_length=24)]


class What(StrEnum):
    """What a field of the certificate can show."""

    HOLDER = "holder"
    SCHEME = "scheme"
    CODE = "code"
    LEVEL = "level"
    SERIAL = "serial"
    ISSUED_ON = "issued_on"
    EXPIRES_ON = "expires_on"


class Accent(StrEnum):
    """Of the title and the seal's surroundings; each dark enough to be read on white, also in grey."""

    RED = "red"
    BLUE = "blue"
    GREEN = "green"
    BROWN = "brown"


class Ornament(StrEnum):
    """Of the border and the rosette."""

    GOLD = "gold"
    JADE = "jade"
    AZURE = "azure"
    ROSE = "rose"


class _Part(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class Words(_Part):
    """One line in two languages; the English may be missing."""

    zh: Annotated[Line, Field(min_length=1)]
    en: Line = ""

    @field_validator("zh", "en")
    @classmethod
    def _knows_its_placeholders(cls, text: str) -> str:
        for name in _HELD.findall(text):
            if name not in PLACEHOLDERS:
                raise ValueError(f"unknown_placeholder {{{name}}}")
        if re.search("[{}]", _HELD.sub("", text)):
            raise ValueError("loose_brace")
        return text

    def filled(self, values: dict[str, tuple[str, str]]) -> Words:
        return Words.model_construct(zh=_filled(self.zh, values, 0), en=_filled(self.en, values, 1))


def _filled(text: str, values: dict[str, tuple[str, str]], language: int) -> str:
    """Each placeholder once, so that a name with braces in it stays a name."""
    return _HELD.sub(lambda found: values[found[1]][language], text)


class TitleWords(_Part):
    zh: Title
    en: Annotated[str, StringConstraints(strip_whitespace=True, max_length=60)] = ""


class FieldLine(_Part):
    what: What
    zh: Label
    en: LabelEnglish = ""


class SealBody(_Part):
    shown: bool = True
    text: SealText = ""
    """Round the star; the issuing body's name if empty."""
    below: Annotated[str, StringConstraints(strip_whitespace=True, max_length=10)] = ""


class TemplateBody(_Part):
    title: TitleWords
    award: tuple[Words, ...] = Field(min_length=1, max_length=MOST_AWARDS)
    fields: tuple[FieldLine, ...] = Field(min_length=2, max_length=MOST_FIELDS)
    notes: tuple[Words, ...] = Field(default=(), max_length=MOST_NOTES)
    languages: Literal["zh", "zh_en"] = "zh_en"
    orientation: Literal["portrait", "landscape"] = "portrait"
    accent: Accent = Accent.RED
    ornament: Ornament = Ornament.GOLD
    seal: SealBody = SealBody()
    photo: bool = True
    conformance: Literal["2b", "3b"] = "2b"

    @model_validator(mode="after")
    def _says_whose_it_is(self) -> TemplateBody:
        shown = [one.what for one in self.fields]
        for needed in (What.HOLDER, What.LEVEL, What.SERIAL):
            if needed not in shown:
                raise ValueError(f"field_missing {needed}")
        for one in shown:
            if shown.count(one) > 1:
                raise ValueError(f"field_twice {one}")
        return self

    @property
    def english(self) -> bool:
        return self.languages == "zh_en"

    def texts(self) -> tuple[tuple[str, str], ...]:
        """Every text with the place it stands at."""
        pairs = [("title.zh", self.title.zh), ("title.en", self.title.en)]
        kinds: dict[str, tuple[Words | FieldLine, ...]] = {
            "award": self.award,
            "fields": self.fields,
            "notes": self.notes,
        }
        for kind, lines in kinds.items():
            for place, one in enumerate(lines):
                pairs += [(f"{kind}.{place}.zh", one.zh), (f"{kind}.{place}.en", one.en)]
        return (*pairs, ("seal.text", self.seal.text), ("seal.below", self.seal.below))


@cache
def built_in() -> TemplateBody:
    """Of every scheme that has none of its own in force."""
    labels = {
        What.HOLDER: wording.NAME,
        What.SCHEME: wording.SCHEME,
        What.LEVEL: wording.LEVEL,
        What.SERIAL: wording.SERIAL,
    }
    return TemplateBody(
        title=TitleWords(zh=wording.TITLE, en=wording.TITLE_EN),
        award=(Words(zh=wording.AWARD, en=wording.AWARD_EN),),
        fields=tuple(FieldLine(what=what, zh=zh, en=en) for what, (zh, en) in labels.items()),
        notes=(Words(zh=wording.SEALED, en=wording.SEALED_EN),),
    )

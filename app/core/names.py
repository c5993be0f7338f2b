"""Names of people as they are taken in: brought to their standard form, or refused with the character named.

A character that the national standard or Unicode itself declares to be another one in disguise becomes that one, and
whoever typed it is told. What only looks alike is never exchanged: the person is asked to type what they mean.
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from app.core.errors import N_, Refusal
from app.core.name_characters import Problem, is_han, is_letter, problem_of
from app.core.name_forms import APOSTROPHES, DOTS, HYPHENS, PRIVATE, RADICALS, STOPS
from app.core.texts import tidy

DOT = "·"
UNCOUNTED = f"{DOT}."
"""Left out as often as typed: of Kashgar and of initials alike."""
_SIGNS = ((DOT, DOTS), ("-", HYPHENS), ("'", APOSTROPHES))


class Kind(StrEnum):
    """Why a character was exchanged."""

    PRIVATE = "private_character"
    COMPATIBILITY = "compatibility_character"
    RADICAL = "radical_character"
    VARIANT = "variant_mark"
    WIDTH = "full_width"
    SIGN = "name_sign"
    BLANK = "name_blank"


ASKED = frozenset({Kind.PRIVATE, Kind.COMPATIBILITY, Kind.RADICAL, Kind.VARIANT})
"""A Chinese character was exchanged: the person says whether it is theirs. The rest is a matter of the keyboard."""


@dataclass(frozen=True)
class Change:
    """One character as typed, and what was understood; nothing, if it was left out."""

    typed: str
    understood: str
    kind: Kind

    @property
    def points(self) -> tuple[str, str]:
        return point(self.typed), " ".join(map(point, self.understood))

    def as_dict(self) -> dict[str, str]:
        typed, understood = self.points
        return {"typed": self.typed, "understood": self.understood, "kind": self.kind,
                "typed_point": typed, "understood_point": understood}  # fmt: skip


@dataclass(frozen=True)
class Reading:
    """A name as typed, and as it will be printed."""

    typed: str
    name: str
    changes: tuple[Change, ...]

    @property
    def asks(self) -> tuple[Change, ...]:
        """What the person must say yes to before it stands."""
        return tuple(change for change in self.changes if change.kind in ASKED)

    @property
    def original(self) -> str:
        """What is kept beside the name; empty where the name stands as typed."""
        return self.typed if self.changes else ""


def read(typed: str) -> Reading:
    """The name in its standard form; a Refusal names every character that no name is written with."""
    reading = understood(typed)
    if found := problems(reading.name):
        first = found[0]
        details = {"characters": [one.as_dict() for one in found]}
        params: dict[str, Any] = {**first.params}
        raise Refusal(first.code, first.message, details=details, **params)
    _check_build(reading.name)
    return reading


def problems(name: str) -> list[Problem]:
    """Each character that no name is written with, once."""
    return [found for one in dict.fromkeys(name) if (found := problem_of(one))]


def understood(typed: str) -> Reading:
    """The standard form of whatever was typed, without asking whether it can be a name."""
    changes: list[Change] = []
    pieces: list[str] = []
    for character in tidy(typed):
        meant, kind = _meant(character, pieces[-1] if pieces else "")
        if kind:
            changes.append(Change(character, meant, kind))
        if meant:
            pieces.append(meant)
    name = _joined(_stops(_composed("".join(pieces)), changes), changes)
    return Reading(typed.strip(), name, tuple(changes))


def require_standard(name: str) -> None:
    """Before a name is printed for good: it is a name, and in its standard form."""
    reading = read(name)
    if reading.name != name:
        raise Refusal(
            "name_not_standard",
            N_(
                "The name %(name)s holds a character that is not standard; its standard form is %(standard)s. "
                "Let the registrar correct the name first."
            ),
            status=409,
            details={"name": name, "standard": reading.name},
            name=name,
            standard=reading.name,
        )


def key(name: str) -> str:
    """Equal for two ways of typing one name: the one comparison of names there is.

    Both are read as a name is taken in; then blanks, dots, capitals and what nobody can see do not count. Every other
    character does: 張 is not 张, 﨑 not 崎, ë not e, for people of both names live side by side.
    """
    counted = (one for one in understood(name).name if one not in UNCOUNTED and unicodedata.category(one) != "Cf")
    return unicodedata.normalize("NFC", "".join("".join(counted).split()).casefold())


def point(character: str) -> str:
    return f"U+{ord(character):04X}"


def _meant(character: str, before: str) -> tuple[str, Kind | None]:
    if exchanged := _other_character(character):
        return exchanged
    code = ord(character)
    if (0xFE00 <= code <= 0xFE0F or 0xE0100 <= code <= 0xE01EF) and is_han(before):
        return "", Kind.VARIANT
    if sign := next((sign for sign, others in _SIGNS if character in others), ""):
        return sign, Kind.SIGN
    if 0xFF01 <= code <= 0xFF5E and character not in STOPS:
        return chr(code - 0xFEE0), Kind.WIDTH
    return character, None


def _other_character(character: str) -> tuple[str, Kind] | None:
    if character in PRIVATE:
        return PRIVATE[character], Kind.PRIVATE
    if character in RADICALS:
        return RADICALS[character], Kind.RADICAL
    if "\uf900" <= character <= "\ufaff" or "\U0002f800" <= character <= "\U0002fa1f":
        standard = unicodedata.normalize("NFC", character)
        return (standard, Kind.COMPATIBILITY) if standard != character else None
    return None


def _composed(text: str) -> str:
    """Letter and accent typed apart become one letter; Chinese characters stay out of it."""
    return re.sub("[^\u0300-\u036f][\u0300-\u036f]+", lambda part: unicodedata.normalize("NFC", part[0]), text)


def _stops(text: str, changes: list[Change]) -> str:
    """A full stop between two Chinese characters is the dot of a name; elsewhere it ends an abbreviation."""
    letters = [(place, one) for place, one in enumerate(text) if one != " "]
    kept = list(text)
    for before, (place, one), after in zip(letters, letters[1:], letters[2:], strict=False):
        if one in STOPS and is_han(before[1]) and is_han(after[1]):
            kept[place] = DOT
            changes.append(Change(one, DOT, Kind.SIGN))
    for place, one in enumerate(kept):
        if one in "\uff0e\ufe52":
            kept[place] = "."
            changes.append(Change(one, ".", Kind.WIDTH))
    return "".join(kept)


def _joined(text: str, changes: list[Change]) -> str:
    """Blanks round a dot, and those that set Chinese characters apart on a list, are no part of the name."""
    closer = re.sub(rf" ?{DOT} ?", DOT, text)
    kept = [
        one for place, one in enumerate(closer)
        if not (one == " " and place and is_han(closer[place - 1]) and is_han(closer[place + 1 : place + 2]))
    ]  # fmt: skip
    if len(kept) < len(text):
        changes.append(Change(" ", "", Kind.BLANK))
    return "".join(kept)


_ILL_BUILT = re.compile(r"^[·\-,.]|[·\-,]$|[·\-,.'][·\-,.]|[·\-,']{2}|,(?! )| [·,.]|· ")
_ALPHABETS = re.compile(r"[ ·\-.,']+")


def _check_build(name: str) -> None:
    if not any(is_letter(one) for one in name):
        raise Refusal("name_invalid", N_("Give the person's name, with at most 200 characters."))
    if found := _ILL_BUILT.search(name):
        raise Refusal(
            "name_sign_misplaced",
            N_(
                "“%(signs)s” stands where no name has it. A dot or hyphen stands once, between two parts of the name; "
                "write it as on the document."
            ),
            signs=found[0],
        )
    for word in _ALPHABETS.split(name):
        if (
            len(used := {unicodedata.name(one, " ").split()[0] for one in word if not is_han(one) and is_letter(one)})
            > 1
        ):
            raise Refusal(
                "name_mixed_alphabets",
                N_(
                    "“%(word)s” mixes letters of two alphabets that look alike (%(alphabets)s). "
                    "Type the whole word in one."
                ),
                word=word,
                alphabets=", ".join(sorted(one.capitalize() for one in used)),
            )

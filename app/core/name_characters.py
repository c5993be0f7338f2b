"""Which characters names are written with, and what to say about the others."""

from __future__ import annotations

import unicodedata
from dataclasses import dataclass, field
from functools import lru_cache
from itertools import chain

from app.core.errors import N_
from app.core.name_forms import ALIKE, of_hong_kong

_HAN = (
    (0x3400, 0x4DBF), (0x4E00, 0x9FFF), (0x20000, 0x2A6DF), (0x2A700, 0x2B73A), (0x2B740, 0x2B81D), (0x2B820, 0x2CEAD),
    (0x2CEB0, 0x2EBE0), (0x2EBF0, 0x2EE5D), (0x30000, 0x3134A), (0x31350, 0x33479),
)  # fmt: skip
"""The unified ideographs, with extensions that this Python does not know yet."""
_OWN = frozenset("〇々\ufa0e\ufa0f\ufa11\ufa13\ufa14\ufa1f\ufa21\ufa23\ufa24\ufa27\ufa28\ufa29")
"""Twelve of the compatibility area are characters in their own right: 﨑 is not 崎."""
_LETTERS = ("LATIN ", "GREEK ", "CYRILLIC ")
_LETTER_BLOCKS = (range(0x250), range(0x370, 0x530), range(0x1E00, 0x2000))
_SIGNS = frozenset(" ·-'.,\u02bb")
_UNSEEN = frozenset({"Cc", "Cf", "Cs", "Zl", "Zp", "Zs"})
_FILLERS = frozenset("\u115f\u1160\u3164\uffa0")
_DESCRIBING = frozenset(map(chr, chain(range(0x2FF0, 0x3000), [0x31EF, 0x303E])))


@dataclass(frozen=True)
class Problem:
    """A character that no name is written with, and the sentence about it."""

    character: str
    code: str
    message: str
    other: str = ""
    """The one that is probably meant; only ever proposed."""
    more: dict[str, str] = field(default_factory=dict)

    @property
    def params(self) -> dict[str, str]:
        named = {"character": self.character, "point": _point(self.character)}
        return named | ({"other": self.other, "other_point": " ".join(map(_point, self.other))} if self.other else {})

    def as_dict(self) -> dict[str, str]:
        return {"code": self.code} | self.params


def is_han(character: str) -> bool:
    if len(character) != 1:
        return False
    return character in _OWN or any(first <= ord(character) <= last for first, last in _HAN)


def is_letter(character: str) -> bool:
    """A letter of an alphabet that the fonts have whole, or a Chinese character."""
    if is_han(character):
        return True
    if not any(ord(character) in block for block in _LETTER_BLOCKS) or not character.isalpha() or character in ALIKE:
        return False
    own = unicodedata.normalize("NFKC", character) == character and unicodedata.category(character) != "Lm"
    return own and unicodedata.name(character, "").startswith(_LETTERS)


@lru_cache(maxsize=5_000)
def problem_of(character: str) -> Problem | None:
    if character in _SIGNS or is_letter(character):
        return None
    category = unicodedata.category(character)
    if category == "Co":
        return _private(character)
    if category not in _UNSEEN and (other := _meant(character, category)):
        return Problem(character, "name_look_alike", _LOOK_ALIKE, other)
    code, message = _said_of(character, category)
    return Problem(character, code, message)


def _said_of(character: str, category: str) -> tuple[str, str]:
    if category in _UNSEEN or _is_selector(character) or character in _FILLERS:
        return "character_invisible", _INVISIBLE
    if character in _DESCRIBING:
        return "name_description", _DESCRIPTION
    return _BY_KIND.get(category[0], ("name_unknown", _UNKNOWN))


def _private(character: str) -> Problem:
    other = of_hong_kong(character)
    if other and is_han(other):
        return Problem(character, "character_private", _PRIVATE_HONG_KONG, other)
    return Problem(character, "character_private", _PRIVATE)


def _meant(character: str, category: str) -> str:
    """The letters that a sign for itself stands for: ロ for 口, ﬁ for fi, 𝐀 for A."""
    if character in ALIKE:
        return ALIKE[character]
    if category[0] == "N":
        return ""
    plain = unicodedata.normalize("NFKC", character)
    return plain if plain != character and all(is_letter(one) for one in plain) else ""


def _is_selector(character: str) -> bool:
    return "\ufe00" <= character <= "\ufe0f" or "\U000e0100" <= character <= "\U000e01ef"


def _point(character: str) -> str:
    return f"U+{ord(character):04X}"


_PRIVATE = N_(
    "“%(character)s” (%(point)s) is a private character: it looks different on each computer, so nobody can tell which "
    "one is yours. Type its standard form; if your keyboard has none, ask the certifying body."
)
_PRIVATE_HONG_KONG = N_(
    "“%(character)s” (%(point)s) is a private character: it looks different on each computer. On those set up for "
    "Hong Kong it is “%(other)s” (%(other_point)s); if that is yours, type that one, else ask the certifying body."
)
_INVISIBLE = N_(
    "The name holds a character that nobody can see (%(point)s). Delete the name and type it anew, without pasting."
)
_MARK = N_(
    "The mark %(point)s cannot be printed with the letter before it. Type the letter with its accent as one, "
    "or the name as on the document's machine-readable lines."
)
_DIGIT = N_("Names hold no digits or numbers such as “%(character)s” (%(point)s). Write the name as on the document.")
_DESCRIPTION = N_(
    "“%(character)s” (%(point)s) describes how a character is built. Type the character itself; "
    "if your keyboard has none, ask the certifying body."
)
_LOOK_ALIKE = N_(
    "“%(character)s” (%(point)s) only looks like “%(other)s” (%(other_point)s) and is no character of a name. "
    "If that one is meant, type it; else write the name as on the document."
)
_SCRIPT = N_(
    "“%(character)s” (%(point)s) belongs to a script that certificates are not printed in. "
    "Write the name in the Chinese characters or Latin letters of the document."
)
_UNKNOWN = N_(
    "The character “%(character)s” (%(point)s) is not known to this system. Check how the name is written; "
    "if it is right, ask the certifying body."
)
_SIGN = N_("“%(character)s” (%(point)s) does not belong in a name. Remove it, or write the name as on the document.")
_BY_KIND = {
    "M": ("name_mark", _MARK),
    "N": ("name_digit", _DIGIT),
    "L": ("name_script", _SCRIPT),
    "P": ("name_sign", _SIGN),
    "S": ("name_sign", _SIGN),
}

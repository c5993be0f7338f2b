"""The number of a certificate: says the scheme, level and year, cannot be guessed, and shows a slip of the pen.

`301011-2026-7K3M-9QXT7` is the last five figures of the scheme's code and the place of the level in it, the year,
eight random characters (40 bits), and a check character by ISO 7064 MOD 37,36 over all before it. The alphabet is
Crockford's: no I, L, O or U; who types O or I is understood as 0 or 1.
"""

from __future__ import annotations

import re
import secrets
import unicodedata

from app.schemes.scheme import Scheme

ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
_VALUES = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ"
_FORM = re.compile(rf"([0-9]{{2,8}})([0-9]{{4}})([{ALPHABET}]{{4}})([{ALPHABET}]{{5}})")
_LONGEST, MOST_TYPED = 60, 2000
_ADDRESS = re.compile(r"https?://[^\s?#]{1,200}/verify/([^\s/?#]{1,60})(?:[?#]\S{0,2000})?")
"""What the code on a certificate holds, as a phone shows it and people paste it."""
_BETWEEN = re.compile(r"[\s\-‐-―−ー_.]+")


def new_serial(scheme: Scheme, level: str, year: int) -> str:
    place = [one.code for one in scheme.levels].index(level) + 1
    digits = "".join(character for character in scheme.code if character.isascii() and character.isdigit())
    start = f"{digits[-5:] or '0'}{place}{year:04}"
    while True:
        body = start + "".join(secrets.choice(ALPHABET) for _ in range(8))
        if (check := check_character(body)) in ALPHABET:
            return spaced(body + check)


def check_character(body: str) -> str:
    """ISO 7064 MOD 37,36: finds every single wrong character and nearly every exchange of two."""
    remainder = 36
    for character in body:
        remainder = (remainder + _VALUES.index(character)) % 36 or 36
        remainder = remainder * 2 % 37
    return _VALUES[(37 - remainder) % 36]


def normalised(typed: str) -> str | None:
    """The number as the register writes it, or None if what was typed cannot be one. Copied out of a page or a file,
    it comes with characters nobody sees, or with the whole address."""
    seen = "".join(one for one in typed[:MOST_TYPED] if unicodedata.category(one) != "Cf").strip()
    if address := _ADDRESS.fullmatch(seen):
        seen = address[1]
    if len(seen) > _LONGEST:
        return None
    plain = _BETWEEN.sub("", unicodedata.normalize("NFKC", seen)).upper()
    plain = plain.translate(str.maketrans("OIL", "011"))
    if not _FORM.fullmatch(plain) or check_character(plain[:-1]) != plain[-1]:
        return None
    return spaced(plain)


def spaced(plain: str) -> str:
    start = len(plain) - 13
    return "-".join((plain[:start], plain[start : start + 4], plain[start + 4 : start + 8], plain[start + 8 :]))

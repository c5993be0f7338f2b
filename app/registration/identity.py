"""Identity documents: the resident identity number with its check digit, and passports."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from datetime import date

from app.core.errors import N_, Refusal

RESIDENT, PASSPORT = "resident", "passport"
_REGIONS = (range(11, 16), range(21, 24), range(31, 38), range(41, 47), range(50, 55), range(61, 66), (71, 81, 82, 83))
PROVINCES = frozenset(str(code) for region in _REGIONS for code in region)
_WEIGHTS = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
_CHECK_DIGITS = "10X98765432"
_OLDEST = 120


@dataclass(frozen=True)
class Identity:
    """A document that passed the checks; `masked` is all that screens show of it."""

    kind: str
    number: str

    @property
    def masked(self) -> str:
        first, last = (3, 4) if self.kind == RESIDENT else (1, 3)
        return self.number[:first] + "*" * (len(self.number) - first - last) + self.number[-last:]


def check_digit(first_17: str) -> str:
    """The 18th character by GB 11643 (ISO 7064, MOD 11-2)."""
    total = sum(int(digit) * weight for digit, weight in zip(first_17, _WEIGHTS, strict=True))
    return _CHECK_DIGITS[total % 11]


def read_identity(kind: str, written: str, today: date) -> Identity:
    """The document as typed, without blanks and full-width forms; refuses one that cannot exist and says why."""
    number = re.sub(r"[\s-]", "", unicodedata.normalize("NFKC", written)).upper()
    if kind == RESIDENT:
        _check_resident(number, today)
    elif kind == PASSPORT:
        _check_passport(number)
    else:
        raise Refusal("identity_kind_unknown", N_("Choose resident identity card or passport."))
    return Identity(kind, number)


def _check_resident(number: str, today: date) -> None:
    if not re.fullmatch(r"[0-9]{17}[0-9X]", number):
        raise Refusal(
            "identity_length",
            N_(
                "A resident identity number has 17 digits and a last digit or X; this one has %(count)s characters. "
                "Compare it with the card."
            ),
            count=len(number),
        )
    if number[:2] not in PROVINCES:
        raise Refusal(
            "identity_region",
            N_("No identity number begins with %(region)s. Compare the first two digits with the card."),
            region=number[:2],
        )
    if not _plausible_birth(number[6:14], today):
        raise Refusal(
            "identity_birth_date",
            N_("Digits 7 to 14 (%(digits)s) are no possible date of birth. Compare them with the card."),
            digits=number[6:14],
        )
    if check_digit(number[:17]) != number[17]:
        raise Refusal(
            "identity_check_digit",
            N_("The last digit does not fit the other seventeen: one digit is mistyped. Compare all with the card."),
        )


def _plausible_birth(digits: str, today: date) -> bool:
    try:
        born = date(int(digits[:4]), int(digits[4:6]), int(digits[6:]))
    except ValueError:
        return False
    return born <= today and today.year - born.year <= _OLDEST


def _check_passport(number: str) -> None:
    if not re.fullmatch(r"[A-Z0-9]{5,12}", number) or not any(character.isdigit() for character in number):
        raise Refusal(
            "passport_invalid",
            N_("A passport number has 5 to 12 letters and digits, such as E12345678. Compare it with the passport."),
        )

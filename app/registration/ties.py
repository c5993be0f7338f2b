"""Known ties between an examiner and a candidate: one employer, school or training, however it is written."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass

from app.core.names import key

_FORMS = re.compile(r"股份有限公司|有限责任公司|有限公司|总公司|公司|集团|[\s,]+(co\.?,?\s*ltd|ltd|inc|llc)\.?$", re.I)
_BETWEEN = re.compile(r"[、,，;；/\n|｜&＆+＋]+")
_TITLES = re.compile(r"(老师|教师|讲师|教员|先生|女士)$")


@dataclass(frozen=True)
class Known:
    """What is on file of a candidate that can tie an examiner to them."""

    employer: str = ""
    school: str = ""
    training_provider: str = ""
    trainers: str = ""
    """Names, as the applicant wrote them."""


def normalized(organization: str) -> str:
    """A name without legal form, blanks, brackets and case, so that two spellings of one house agree."""
    plain = unicodedata.normalize("NFKC", organization).strip()
    bare = re.sub(r"[\W_]+", "", _FORMS.sub("", plain)).casefold()
    return bare or re.sub(r"[\W_]+", "", plain).casefold()


def known_ties(organization: str, name: str, known: Known) -> list[str]:
    """The ties of an examiner of that organization and name, each once."""
    own, called = normalized(organization), _person(name)
    houses = (("employer", known.employer), ("school", known.school), ("trainer", known.training_provider))
    found = [tie for tie, other in houses if own and own == normalized(other)]
    listed = _BETWEEN.split(known.trainers)  # by a blank too, which also stands within a name
    taught = called and called in {_person(name) for one in listed for name in (one, *one.split())}
    return [*found, "trainer"] if taught and "trainer" not in found else found


def _person(name: str) -> str:
    """Without a title behind it; by the one comparison of names there is."""
    return _TITLES.sub("", key(name))

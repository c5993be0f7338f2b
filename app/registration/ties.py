"""Known ties between an examiner and a candidate: the same employer or school, however it is written."""

from __future__ import annotations

import re
import unicodedata

_FORMS = re.compile(r"股份有限公司|有限责任公司|有限公司|总公司|公司|集团|[\s,]+(co\.?,?\s*ltd|ltd|inc|llc)\.?$", re.I)


def normalized(organization: str) -> str:
    """A name without legal form, blanks, brackets and case, so that two spellings of one house agree."""
    plain = unicodedata.normalize("NFKC", organization).strip()
    bare = re.sub(r"[\W_]+", "", _FORMS.sub("", plain)).casefold()
    return bare or re.sub(r"[\W_]+", "", plain).casefold()


def known_ties(organization: str, employer: str, school: str) -> list[str]:
    """`employer` and `school` as far as the examiner's own organization is one of them."""
    own = normalized(organization)
    pairs = (("employer", employer), ("school", school))
    return [tie for tie, other in pairs if own and own == normalized(other)]

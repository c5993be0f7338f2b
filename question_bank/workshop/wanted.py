"""What people look for in the bank, and what a list shows of each item found."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Literal

Sort = Literal["code", "changed", "difficulty", "share", "correlation", "papers", "last_used"]


@dataclass(frozen=True)
class Wanted:
    """What to look for; what is empty does not narrow. Figures are inclusive bounds."""

    words: str = ""
    scheme: str = ""
    level: str = ""
    row: str = ""
    content: str = ""
    point: str = ""
    type: str = ""
    state: str = ""
    """Of the item: draft, in_use or retired."""
    revision: str = ""
    """Of its open revision: draft, in_review or approved; `none` for no open one."""
    author: str = ""
    reviewer: str = ""
    mine: int | None = None
    """The account that began the open revision."""
    stimulus: str = ""
    case: bool | None = None
    compromised: bool | None = None
    unused: bool | None = None
    share_from: Decimal | None = None
    share_to: Decimal | None = None
    correlation_from: Decimal | None = None
    correlation_to: Decimal | None = None
    papers_from: int | None = None
    papers_to: int | None = None
    sort: Sort = "code"
    descending: bool = False


@dataclass(frozen=True)
class Row:
    """One item of a list: what its newest version or, before any, its draft says, and how it fares."""

    id: int
    code: str
    scheme: str
    level: str
    state: str
    compromised_at: datetime | None
    version: int | None
    revision: int | None
    edition: int | None
    revision_state: str | None
    type: str
    row: str
    content: str
    point: str
    stem: str
    difficulty: str
    author: str
    reviewer: str
    changed_at: datetime
    papers: int
    delivered: int
    last_used_at: datetime | None
    share: Decimal | None
    correlation: Decimal | None


@dataclass(frozen=True)
class Page:
    rows: Sequence[Row]
    total: int
    number: int
    pages: int

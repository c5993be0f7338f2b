"""The shapes of a search of the bank: what narrows it, and what its list shows of each item."""

from __future__ import annotations

from datetime import datetime
from decimal import Decimal
from typing import Annotated, Literal

from pydantic import Field

from app.models.bank import ItemState
from app.models.workshop import RevisionState
from app.web.api.operation import Body
from question_bank.workshop.wanted import Sort

Share = Annotated[Decimal, Field(ge=-1, le=1, max_digits=6, decimal_places=3)]


class ItemRow(Body):
    id: int
    code: str
    scheme: str
    level: str
    state: ItemState
    compromised_at: datetime | None
    version: int | None
    revision: int | None
    edition: int | None
    revision_state: RevisionState | None
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


class ItemList(Body):
    items: list[ItemRow]
    total: int
    page: int
    pages: int


class ItemFilter(Body):
    """What is left out does not narrow. Fifty on a page."""

    words: Annotated[str, Field(max_length=100)] = ""
    scheme: Annotated[str, Field(max_length=80)] = ""
    level: Annotated[str, Field(max_length=40)] = ""
    row: Annotated[str, Field(max_length=40)] = ""
    content: Annotated[str, Field(max_length=80)] = ""
    point: Annotated[str, Field(max_length=40)] = ""
    type: Annotated[str, Field(max_length=40)] = ""
    state: Literal["", "draft", "in_use", "retired"] = ""
    revision: Literal["", "none", "draft", "in_review", "approved"] = ""
    author: Annotated[str, Field(max_length=100)] = ""
    reviewer: Annotated[str, Field(max_length=100)] = ""
    stimulus: Annotated[str, Field(max_length=60)] = ""
    case: bool | None = None
    compromised: bool | None = None
    unused: bool | None = None
    share_from: Share | None = None
    share_to: Share | None = None
    correlation_from: Share | None = None
    correlation_to: Share | None = None
    papers_from: Annotated[int, Field(ge=0, le=2**31)] | None = None
    papers_to: Annotated[int, Field(ge=0, le=2**31)] | None = None
    sort: Sort = "code"
    descending: bool = False
    page: Annotated[int, Field(ge=1, le=100_000)] = 1

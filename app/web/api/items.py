"""Reading the bank: lists, one item with its whole life, differences, usage, and the papers it stands on."""

from __future__ import annotations

from datetime import datetime
from decimal import Decimal
from typing import Annotated

from pydantic import Field

from app.accounts.permissions import Permission
from app.core.db import db
from app.models.bank import Item, ItemState
from app.web.api.item_search_shapes import ItemFilter, ItemList, ItemRow
from app.web.api.item_shapes import (
    HistoryLine,
    ItemDetail,
    ItemRef,
    comment_answers,
    revision_answer,
    version_answer,
)
from app.web.api.operation import Body, operation
from question_bank.workshop import compromise, reading, usage
from question_bank.workshop.finding import find
from question_bank.workshop.reading import State
from question_bank.workshop.subject import published_content
from question_bank.workshop.wanted import Wanted

PAGE = 50
Place = Annotated[int, Field(ge=0, le=2**31 - 1)]


class DiffQuery(Body):
    """Two states: a version, or a revision at one of its editions (0: the last)."""

    from_version: Place = 0
    from_revision: Place = 0
    from_edition: Place = 0
    to_version: Place = 0
    to_revision: Place = 0
    to_edition: Place = 0


class PieceShape(Body):
    mark: str = Field(description="same, gone or new")
    text: str


class ChangeShape(Body):
    field: str
    before: str
    after: str
    pieces: list[PieceShape]


class DiffAnswer(Body):
    changes: list[ChangeShape]


class AnswerCount(Body):
    answer: list[str]
    count: int


class UsageShape(Body):
    version: int
    papers: int
    delivered: int
    last_used_at: datetime | None
    marked: int
    share: Decimal | None = Field(description="Mean share of its marks that was earned")
    correlation: Decimal | None = Field(description="With the marks of the rest of the paper")
    answers: list[AnswerCount]


class UsageAnswer(Body):
    versions: list[UsageShape]


class PaperShape(Body):
    item: int
    version: int
    session: int
    opens_at: datetime
    session_state: str
    seat: int
    attempt: int
    state: str
    redraw: bool = Field(description="Prepared and not begun: have another paper drawn for this seat")


class PaperList(Body):
    papers: list[PaperShape]


@operation("GET", "/items", Permission.READ_BANK, "Items that fit", query=ItemFilter, returns=ItemList)
def index(query: ItemFilter) -> ItemList:
    page = find(db.session(), Wanted(**query.model_dump(exclude={"page"})), query.page, PAGE)
    rows = [ItemRow.model_validate(vars(row)) for row in page.rows] if query.page == page.number else []
    return ItemList(items=rows, total=page.total, page=query.page, pages=page.pages)


@operation("GET", "/items/<id:item_id>", Permission.READ_BANK, "One item with its whole life", returns=ItemDetail,
           errors=(404,))  # fmt: skip
def show(item_id: int) -> ItemDetail:
    session = db.session()
    file = reading.item_file(session, item_id)
    lines = reading.history(session, item_id)
    return ItemDetail(
        **reference(file.item).model_dump(), scheme=file.item.scheme, level=file.item.level,
        compromised_reason=file.item.compromised_reason,
        versions=[version_answer(one, published_content(session, one) or {}) for one in file.versions],
        revisions=[revision_answer(one) for one in file.revisions], comments=comment_answers(file),
        enemies=[reference(one) for one in file.enemies],
        history=[HistoryLine(at=one.at, tag=one.tag, actor=one.actor_name, data=one.data) for one in lines],
    )  # fmt: skip


@operation("GET", "/items/<id:item_id>/diff", Permission.READ_BANK, "What changed between two states",
           query=DiffQuery, returns=DiffAnswer, errors=(404,))  # fmt: skip
def difference(item_id: int, query: DiffQuery) -> DiffAnswer:
    before = State(query.from_version, query.from_revision, query.from_edition)
    after = State(query.to_version, query.to_revision, query.to_edition)
    found = reading.changes(db.session(), item_id, before, after)
    return DiffAnswer(
        changes=[
            ChangeShape(field=one.field, before=one.before, after=one.after,
                        pieces=[PieceShape(mark=piece.mark, text=piece.text) for piece in one.pieces])
            for one in found
        ]
    )  # fmt: skip


@operation("GET", "/items/<id:item_id>/usage", Permission.READ_BANK, "How its versions fared, counted now",
           returns=UsageAnswer, errors=(404,))  # fmt: skip
def fared(item_id: int) -> UsageAnswer:
    versions = {one.id: one.number for one in reading.item_file(db.session(), item_id).versions}
    found = usage.usage_of(db.session(), list(versions))
    return UsageAnswer(
        versions=[
            UsageShape(version=number, papers=one.papers, delivered=one.delivered, last_used_at=one.last_used_at,
                       marked=one.marked, share=one.share, correlation=one.correlation,
                       answers=[AnswerCount(answer=list(answer), count=count) for answer, count in one.answers])
            for number, one in ((versions[key], value) for key, value in found.items())
        ]
    )  # fmt: skip


@operation("GET", "/items/<id:item_id>/papers", Permission.READ_EXPOSURE, "The papers it stands on",
           returns=PaperList, errors=(404,))  # fmt: skip
def papers(item_id: int) -> PaperList:
    reading.item_of_id(db.session(), item_id)
    return paper_list(compromise.papers_with(db.session(), [item_id]))


@operation("GET", "/items/papers-to-redraw", Permission.READ_EXPOSURE,
           "Papers nobody has begun that hold something compromised", returns=PaperList)  # fmt: skip
def to_redraw() -> PaperList:
    return paper_list(compromise.papers_to_redraw(db.session()))


def paper_list(uses: list[compromise.PaperUse]) -> PaperList:
    return PaperList(
        papers=[
            PaperShape(item=one.item_id, version=one.version, session=one.session, opens_at=one.opens_at,
                       session_state=one.session_state, seat=one.seat, attempt=one.attempt, state=one.state,
                       redraw=one.redraw)
            for one in uses
        ]
    )  # fmt: skip


def reference(item: Item) -> ItemRef:
    return ItemRef(id=item.id, code=item.code, state=ItemState(item.state), compromised_at=item.compromised_at)

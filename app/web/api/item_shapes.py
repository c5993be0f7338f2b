"""The shapes of an item and its life in requests and answers."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Any

from pydantic import Base64Bytes, Field

from app.models.account import User
from app.models.bank import ItemState, ItemVersion
from app.models.workshop import ItemRevision, RevisionState
from app.web.api.operation import Body
from question_bank.workshop.reading import ItemFile

Number = Annotated[int, Field(ge=1, le=2**31 - 1)]
Text = Annotated[str, Field(max_length=2000)]
Short = Annotated[str, Field(max_length=200)]
Reason = Annotated[str, Field(min_length=1, max_length=500)]


class CriterionShape(Body):
    text: Annotated[str, Field(max_length=500)]
    points: Annotated[str, Field(max_length=10)]


class StimulusShape(Body):
    """`media` names files by their SHA-256; `audio` is one of them, heard at most `plays` times."""

    id: Annotated[str, Field(max_length=60)] = ""
    title: Annotated[str, Field(max_length=80)] = ""
    text: Annotated[str, Field(max_length=6000)] = ""
    audio: Short = ""
    plays: Annotated[int, Field(ge=0, le=9)] = 0
    media: dict[str, str] = Field({}, max_length=20)


class ContentShape(Body):
    """What an author writes. A draft may lack any of it; submitting says what is missing."""

    type: Annotated[str, Field(max_length=40)] = ""
    row: Annotated[str, Field(max_length=40)] = ""
    content: Annotated[str, Field(max_length=80)] = ""
    point: Annotated[str, Field(max_length=40)] = ""
    difficulty: Annotated[str, Field(max_length=10, description="Expected share of right answers, as 0.65")] = ""
    seconds: Annotated[int, Field(ge=0, le=3600)] = 60
    case: bool = False
    stimulus: StimulusShape | None = None
    stem: Text = ""
    options: dict[str, str] = Field({}, max_length=40)
    key: list[Text] = Field([], max_length=50)
    rationale: Text = ""
    feedback: dict[str, str] = Field({}, max_length=40)
    criteria: list[CriterionShape] = Field([], max_length=20)
    source: Annotated[str, Field(max_length=300)] = ""
    author: Annotated[str, Field(max_length=100)] = ""
    status: Short = ""
    media: dict[str, str] = Field({}, max_length=20, description="Name in the texts to SHA-256")


class FileShape(Body):
    name: Annotated[str, Field(min_length=1, max_length=200)]
    content: Annotated[Base64Bytes, Field(max_length=14 * 2**20)]


class Written(Body):
    content: ContentShape = Field(description="Only the fields given here are changed")
    files: list[FileShape] = Field([], max_length=20, description="New pictures and sounds, in Base64")


class NewItem(Written):
    code: Annotated[str, Field(min_length=1, max_length=60)]
    scheme: Annotated[str, Field(max_length=80)]
    level: Annotated[str, Field(max_length=40)]


class SeenShape(Body):
    """What was before your eyes: a decision about anything else is refused."""

    revision: Number
    edition: Number


class Saving(SeenShape, Written):
    pass


class SeenAndReason(SeenShape):
    reason: Annotated[str, Field(max_length=500)] = ""


class SendingBack(SeenShape):
    reason: Annotated[str, Field(min_length=1, max_length=2000)]


class ReasonShape(Body):
    reason: Reason


class CommentBody(Body):
    text: Annotated[str, Field(min_length=1, max_length=2000)]
    field: Annotated[str, Field(max_length=60, description="Empty for the whole item, or such as options.B")] = ""


class PersonShape(Body):
    id: int
    name: str


class RevisionAnswer(Body):
    item: int
    number: int
    base: int
    state: RevisionState
    edition: int
    round: int
    author: PersonShape | None
    editors: list[str]
    approver: PersonShape | None
    created_at: datetime
    changed_at: datetime
    submitted_at: datetime | None
    approved_at: datetime | None
    closed_at: datetime | None
    version: int | None
    content: dict[str, Any]


class VersionAnswer(Body):
    number: int
    author: str
    reviewer: str
    created_at: datetime
    content: dict[str, Any]


class CommentAnswer(Body):
    id: int
    revision: int
    edition: int
    field: str
    text: str
    verdict: bool
    author: str
    at: datetime
    resolved_at: datetime | None


class CommentRef(Body):
    id: int


class ItemRef(Body):
    id: int
    code: str
    state: ItemState
    compromised_at: datetime | None


class HistoryLine(Body):
    at: datetime
    tag: str
    actor: str
    data: dict[str, Any]


class ItemDetail(ItemRef):
    scheme: str
    level: str
    compromised_reason: str
    versions: list[VersionAnswer]
    revisions: list[RevisionAnswer]
    comments: list[CommentAnswer]
    enemies: list[ItemRef]
    history: list[HistoryLine]


def revision_answer(row: ItemRevision) -> RevisionAnswer:
    return RevisionAnswer(
        item=row.item_id, number=row.number, base=row.base, state=RevisionState(row.state), edition=row.edition,
        round=row.round, author=_person(row.author),
        editors=list(dict.fromkeys(edit.editor_name for edit in row.edits)),
        approver=_person(row.approver), created_at=row.created_at,
        changed_at=row.changed_at, submitted_at=row.submitted_at, approved_at=row.approved_at,
        closed_at=row.closed_at, version=row.version_number, content=row.content,
    )  # fmt: skip


def _person(user: User | None) -> PersonShape | None:
    return PersonShape(id=user.id, name=user.name) if user else None


def version_answer(row: ItemVersion, content: dict[str, Any]) -> VersionAnswer:
    return VersionAnswer(
        number=row.number, author=row.author, reviewer=row.reviewer, created_at=row.created_at, content=content
    )


def comment_answers(file: ItemFile) -> list[CommentAnswer]:
    return [
        CommentAnswer(
            id=one.id, revision=one.revision.number, edition=one.edition, field=one.field, text=one.text,
            verdict=one.verdict, author=one.author_name, at=one.at, resolved_at=one.resolved_at,
        )
        for one in file.comments
    ]  # fmt: skip

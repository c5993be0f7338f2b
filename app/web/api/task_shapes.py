"""The shapes of tasks of the practical in requests and answers."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Any, Literal

from pydantic import Base64Bytes, Field

from app.models.audit import AuditLine
from app.models.tasks import PracticalTask, TaskState, TaskVersion
from app.web.api.operation import Body

Number = Annotated[int, Field(ge=1, le=2**31 - 1)]
Reason = Annotated[str, Field(min_length=1, max_length=500)]
Kind = Literal[
    "call", "complaint", "sale", "coaching", "briefing", "chat", "ticket", "typing", "faults", "report", "roster"
]


class TaskFilter(Body):
    """What is left out does not narrow. Fifty on a page."""

    words: Annotated[str, Field(max_length=100)] = ""
    scheme: Annotated[str, Field(max_length=80)] = ""
    level: Annotated[str, Field(max_length=40)] = ""
    kind: Kind | Literal[""] = ""
    trade: Annotated[str, Field(max_length=40)] = ""
    state: Literal["", "in_use", "retired", "draft", "in_review", "approved", "never"] = ""
    sort: Literal["code", "drawn", "changed"] = "code"
    page: Annotated[int, Field(ge=1, le=100_000)] = 1


class TaskRowShape(Body):
    id: int
    code: str
    scheme: str
    kind: str
    trade: str
    levels: list[str]
    title: str
    retired_at: datetime | None
    version: int | None = Field(description="In use")
    open_version: int | None
    open_state: TaskState | None
    drawn: int = Field(description="By so many candidates")
    last_drawn_at: datetime | None
    changed_at: datetime


class TaskList(Body):
    tasks: list[TaskRowShape]
    total: int
    page: int
    pages: int


class TaskVersionShape(Body):
    version: int
    edition: int
    state: TaskState
    levels: list[str]
    body: dict[str, Any] = Field(description="As the task's file says it; a draft that is not whole as it was typed")
    media: dict[str, str] = Field(description="Name to SHA-256")
    author_id: int | None
    approved_by: int | None
    remark: str
    changed_at: datetime
    decided_at: datetime | None


class TaskLine(Body):
    at: datetime
    tag: str
    actor: str
    data: dict[str, Any]


class TaskDetail(Body):
    id: int
    code: str
    scheme: str
    kind: str
    trade: str
    retired_at: datetime | None
    versions: list[TaskVersionShape] = Field(description="The newest first")
    history: list[TaskLine]


class SoundShape(Body):
    name: Annotated[str, Field(min_length=1, max_length=120)]
    content: Annotated[Base64Bytes, Field(max_length=4 * 2**20 + 4, description="In Base64; at most 3 MB of sound")]


class TaskText(Body):
    text: Annotated[str, Field(min_length=1, max_length=400_000, description="The task's file in YAML")]
    sounds: list[SoundShape] = Field([], max_length=5)


class TaskSaving(TaskText):
    version: Number
    edition: Number


class TaskSeen(Body):
    """What was before your eyes: a decision about anything else is refused."""

    version: Number
    edition: Number


class TaskSendingBack(TaskSeen):
    reason: Reason


class TaskReason(Body):
    reason: Reason


class TaskRef(Body):
    id: int
    code: str
    retired_at: datetime | None


class TaskPackage(Body):
    name: Annotated[str, Field(min_length=1, max_length=200)]
    content: Annotated[Base64Bytes, Field(max_length=28 * 2**20, description="YAML, or a zip of several, in Base64")]
    dry_run: bool = False


class TaskImport(Body):
    tasks: int
    new: int
    changed: int
    unchanged: int
    dry_run: bool


class TaskExportQuery(Body):
    scheme: Annotated[str, Field(max_length=80)] = ""
    level: Annotated[str, Field(max_length=40)] = ""
    kind: Kind | Literal[""] = ""


class TaskExport(Body):
    tasks: int
    name: str
    content: str = Field(description="A zip, in Base64")


def version_shape(one: TaskVersion) -> TaskVersionShape:
    return TaskVersionShape(
        version=one.number, edition=one.edition, state=TaskState(one.state), levels=one.levels, body=one.body,
        media=one.media, author_id=one.author_id, approved_by=one.approved_by, remark=one.remark,
        changed_at=one.changed_at, decided_at=one.decided_at,
    )  # fmt: skip


def reference(task: PracticalTask) -> TaskRef:
    return TaskRef(id=task.id, code=task.code, retired_at=task.retired_at)


def line_shape(one: AuditLine) -> TaskLine:
    return TaskLine(at=one.at, tag=one.tag, actor=one.actor_name, data=one.data)

"""A task of the practical as its file says it: one shape for each kind. What belongs together is for checks.py."""

from __future__ import annotations

from typing import Annotated, Any, Literal

from pydantic import Field, TypeAdapter

from question_bank.tasks.chats import Chat
from question_bank.tasks.desk import Faults, Ticket, Typing
from question_bank.tasks.parts import Code, Line, Part, Ref, Shown, Text, Words
from question_bank.tasks.planning import Report, Roster
from question_bank.tasks.roles import Role

Trade = Literal[
    "personnel", "finance", "logistics", "ecommerce", "travel", "roadside", "insurance", "express", "telecom",
    "utilities", "government", "tourism", "property", "health", "education", "automotive",
]  # fmt: skip
TRADES: tuple[str, ...] = Trade.__args__  # type: ignore[attr-defined]
ROLE_KINDS = ("call", "complaint", "sale", "coaching", "briefing")
DESK_KINDS = ("chat", "ticket", "typing", "faults", "report", "roster")
KINDS = (*ROLE_KINDS, *DESK_KINDS)


class Datum(Part):
    label: Line
    value: Shown


class Card(Part):
    """What the candidate sees."""

    situation: Text
    """Who you are, what comes in."""
    rules: Annotated[list[Words], Field(min_length=1, max_length=30)]
    """The house's rules and the knowledge needed, numbered as they stand."""
    data: Annotated[list[Datum], Field(max_length=60, default_factory=list)]
    """What the screen shows."""
    asks: Text
    """What is to be done."""


class Watch(Part):
    """A criterion as it shows in this task."""

    criterion: Code
    watch: Words
    full: Words
    """What earns the top band."""
    fails: Words
    """What earns the lowest."""


class Trap(Part):
    id: Ref
    trap: Words
    right: Words


class TaskCommon(Part):
    code: Code
    scheme: Code
    kind: str
    levels: Annotated[list[Code], Field(min_length=1, max_length=10)]
    trade: Trade
    title: Line
    card: Card
    sheet: Annotated[list[Watch], Field(min_length=1, max_length=60)]
    traps: Annotated[list[Trap], Field(min_length=2, max_length=20)]
    source: Line

    @property
    def media(self) -> list[str]:
        """Names of the sounds that belong to it."""
        return []

    @property
    def block(self) -> Any:
        """What only this kind of task has."""
        return getattr(self, block_name(self.kind))


class RoleTask(TaskCommon):
    kind: Literal["call", "complaint", "sale", "coaching", "briefing"]
    role: Role


class ChatTask(TaskCommon):
    kind: Literal["chat"]
    chat: Chat


class TicketTask(TaskCommon):
    kind: Literal["ticket"]
    ticket: Ticket

    @property
    def media(self) -> list[str]:
        return [self.ticket.audio] if self.ticket.audio else []


class TypingTask(TaskCommon):
    kind: Literal["typing"]
    typing: Typing


class FaultsTask(TaskCommon):
    kind: Literal["faults"]
    faults: Faults

    @property
    def media(self) -> list[str]:
        return [self.faults.audio]


class ReportTask(TaskCommon):
    kind: Literal["report"]
    report: Report


class RosterTask(TaskCommon):
    kind: Literal["roster"]
    roster: Roster


TaskFile = RoleTask | ChatTask | TicketTask | TypingTask | FaultsTask | ReportTask | RosterTask
ADAPTER: TypeAdapter[TaskFile] = TypeAdapter(Annotated[TaskFile, Field(discriminator="kind")])
COMMON = ("code", "scheme", "kind", "levels", "trade", "title", "card", "sheet", "traps", "source")


def block_name(kind: str) -> str:
    return "role" if kind in ROLE_KINDS else kind


def task_of(body: dict[str, Any]) -> TaskFile:
    """The task from what `body_of` gave, as it stands in a version."""
    return ADAPTER.validate_python(body)


def body_of(task: TaskFile) -> dict[str, Any]:
    """The task as JSON, under the names of its file."""
    found: dict[str, Any] = task.model_dump(mode="json", by_alias=True, exclude_none=True)
    return found

"""An online chat with two or three customers at once: who they are and what they say when."""

from __future__ import annotations

from typing import Annotated, Any, Literal

from pydantic import BeforeValidator, Field

from question_bank.tasks.parts import Line, Part, Ref, Text, Words
from question_bank.tasks.roles import Told

Wait = Annotated[int, Field(ge=0, le=3_600)]


class ChatLine(Part):
    """One line of a customer. Exactly one of `after`, `reply_to`, `if_mentions`, `if_silent` says when it is due."""

    id: Ref
    say: Words
    after: Wait | None = None
    """Seconds after the chat began."""
    reply_to: Ref | None = None
    """Once the candidate has answered after that line, and `wait` seconds have gone by."""
    wait: Wait = 5
    if_mentions: Annotated[list[Line], Field(min_length=1, max_length=20)] | None = None
    """Once the candidate's words to this customer hold any of these, and `wait` seconds have gone by."""
    if_silent: Annotated[int, Field(ge=5, le=3_600)] | None = None
    """When the customer has waited so many seconds for an answer."""
    once: bool = True
    """Said at most once; only what a silence brings may be said again."""

    @property
    def triggers(self) -> list[str]:
        return [name for name in ("after", "reply_to", "if_mentions", "if_silent") if getattr(self, name) is not None]


def _told(value: Any) -> Any:
    return {"fact": value} if isinstance(value, str) else value


class ChatFact(Part):
    """May be written as the fact alone."""

    id: Ref | None = None
    fact: Words
    told: Told = "if_asked"


class ChatCustomer(Part):
    id: Ref
    name: Line
    mood: Literal["calm", "hurried", "angry"]
    facts: Annotated[list[Annotated[ChatFact, BeforeValidator(_told)]], Field(max_length=30, default_factory=list)]
    lines: Annotated[list[ChatLine], Field(min_length=2, max_length=40)]
    resolved_by: Text
    """What settles it; for the examiner."""


class Chat(Part):
    customers: Annotated[list[ChatCustomer], Field(min_length=2, max_length=3)]
    phrases: Annotated[list[Words], Field(max_length=30, default_factory=list)]
    """Canned phrases offered to the candidate."""

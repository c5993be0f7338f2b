"""Tasks at a computer that the engine compares with a key: the ticket, typing, and faults in a recording."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field

from question_bank.tasks.parts import Line, MediaName, Part, Plays, Ref, Seconds, Text, Weight, Words


class Spoken(Part):
    """A spoken line; with its seconds where there is a recording of it."""

    who: Line
    say: Words
    start: Seconds | None = Field(default=None, alias="from")
    end: Seconds | None = Field(default=None, alias="to")


class TicketField(Part):
    """One field of the form. `answer` holds every form that is right; without any, the field is not compared."""

    id: Ref
    label: Line
    type: Literal["text", "phone", "date", "time", "number", "choice", "long"]
    options: Annotated[list[Line], Field(min_length=2, max_length=20)] | None = None
    answer: Annotated[list[Words], Field(max_length=20, default_factory=list)]
    near: Annotated[int, Field(ge=0, le=5)] = 0
    """So many edits of a text are tolerated."""
    weight: Weight = Field(default=1, validate_default=True)
    required: bool = True


class Ticket(Part):
    audio: MediaName | None = None
    """Without any the role player speaks the transcript."""
    plays: Plays = 2
    transcript: Annotated[list[Spoken], Field(min_length=1, max_length=200)]
    fields: Annotated[list[TicketField], Field(min_length=3, max_length=40)]


class TypingMinutes(Part):
    text: Annotated[int, Field(ge=1, le=30)]
    digits: Annotated[int, Field(ge=1, le=30)]


class TypingTargets(Part):
    """Right characters in a minute at which the share is 1."""

    text: Annotated[int, Field(ge=1, le=300)]
    digits: Annotated[int, Field(ge=1, le=600)]


class Typing(Part):
    text: Text
    digits: Text
    minutes: TypingMinutes
    targets: TypingTargets


class Heard(Part):
    """A line of a recording, from one second to another."""

    start: Seconds = Field(alias="from")
    end: Seconds = Field(alias="to")
    who: Line
    say: Words


class FaultKind(Part):
    id: Ref
    name: Line


class Fault(Part):
    id: Ref
    kind: Ref
    start: Seconds = Field(alias="from")
    end: Seconds = Field(alias="to")
    why: Words


class Decoy(Part):
    """Sounds like a fault and is none."""

    start: Seconds = Field(alias="from")
    end: Seconds = Field(alias="to")
    why_not: Words


class Faults(Part):
    audio: MediaName
    plays: Plays = 2
    seconds: Seconds
    transcript: Annotated[list[Heard], Field(min_length=2, max_length=300)]
    kinds: Annotated[list[FaultKind], Field(min_length=2, max_length=20)]
    """What a fault may be called; shown to the candidate."""
    faults: Annotated[list[Fault], Field(min_length=1, max_length=40)]
    decoys: Annotated[list[Decoy], Field(max_length=20, default_factory=list)]

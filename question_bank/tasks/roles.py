"""What the role player needs in a task that is played before the examiners. Never for the candidate, but for `record`
and `agenda`."""

from __future__ import annotations

from typing import Annotated, Any, Literal

from pydantic import BeforeValidator, Field

from question_bank.tasks.parts import Line, Part, Ref, Seconds, Text, Words

Told = Literal["opening", "if_asked", "only_if_verified", "late"]


class Fact(Part):
    """Something the player knows, and when it may be told."""

    id: Ref
    fact: Words
    told: Told


class Cue(Part):
    """What the player says when something happens."""

    when: Words
    say: Words


class Said(Part):
    """A line of a recording, with the second at which it begins."""

    at: Seconds
    who: Line
    say: Words


class Checked(Part):
    """A point of a quality sheet with what was found."""

    point: Line
    result: Words


class Record(Part):
    """The recording of a clerk to be coached; shown to the candidate."""

    transcript: Annotated[list[Said], Field(min_length=4, max_length=200)]
    quality_sheet: Annotated[list[Checked], Field(min_length=1, max_length=40)]


def _asked(value: Any) -> Any:
    return {"ask": value} if isinstance(value, str) else value


class AudienceQuestion(Part):
    """What somebody in the audience asks, and what a good answer holds. May be written as the question alone."""

    ask: Words
    right: Words | None = None


class Role(Part):
    persona: Text
    opening: Words
    mood: Annotated[list[Words], Field(min_length=1, max_length=12)]
    """How it rises and what calms it, step by step."""
    facts: Annotated[list[Fact], Field(min_length=3, max_length=40)]
    lines: Annotated[list[Cue], Field(min_length=3, max_length=40)]
    ending: Text
    record: Record | None = None
    """For coaching."""
    agenda: Annotated[list[Words], Field(min_length=1, max_length=20)] | None = None
    """For a briefing; shown to the candidate."""
    questions: (
        Annotated[list[Annotated[AudienceQuestion, BeforeValidator(_asked)]], Field(min_length=1, max_length=20)] | None
    ) = None
    """Of the audience of a briefing."""

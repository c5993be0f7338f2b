"""What the parts of a task file are made of: texts, figures, times."""

from __future__ import annotations

from datetime import date
from decimal import Decimal, InvalidOperation
from typing import Annotated, Any
from unicodedata import category

from pydantic import AfterValidator, BaseModel, BeforeValidator, ConfigDict, Field
from pydantic_core import PydanticCustomError


class Part(BaseModel):
    """A group of named fields; a field that nobody knows is a mistake, and what was read is not changed."""

    model_config = ConfigDict(extra="forbid", frozen=True, strict=True)


def _printable(value: str) -> str:
    found = value.strip()
    if not found:
        raise PydanticCustomError("empty_text", "empty")
    if any(one not in "\n\t" and category(one) in ("Cc", "Cs") for one in found):
        raise PydanticCustomError("unprintable", "unprintable")
    return found


def _figure(value: Any) -> Any:
    """Whole numbers and what the store kept as text count as figures too; true and false do not."""
    if isinstance(value, int) and not isinstance(value, bool):
        return Decimal(value)
    if isinstance(value, str):
        try:
            return Decimal(value)
        except InvalidOperation:
            return value
    return value


def _shown(value: Any) -> Any:
    """What a table or a screen shows may be written as a plain number or day."""
    if isinstance(value, Decimal):
        return format(value, "f")
    if isinstance(value, int) and not isinstance(value, bool):
        return str(value)
    return value.isoformat() if isinstance(value, date) else value


Line = Annotated[str, Field(max_length=200), AfterValidator(_printable)]
"""A name, a label, a short phrase."""
Words = Annotated[str, Field(max_length=1_000), AfterValidator(_printable)]
"""A sentence or a few."""
Text = Annotated[str, Field(max_length=6_000), AfterValidator(_printable)]
"""A paragraph or more."""
Shown = Annotated[str, Field(max_length=300), BeforeValidator(_shown), AfterValidator(_printable)]
Cell = Annotated[str, Field(max_length=200), BeforeValidator(_shown)]
"""May be empty, as cells of a table may."""
Code = Annotated[str, Field(pattern=r"^[A-Za-z0-9][A-Za-z0-9._-]*$", max_length=60)]
Ref = Annotated[str, Field(pattern=r"^[A-Za-z0-9][A-Za-z0-9_-]*$", max_length=40)]
"""An id within the task."""
MediaName = Annotated[str, Field(pattern=r"^[A-Za-z0-9][A-Za-z0-9._-]*$", max_length=120)]
Clock = Annotated[str, Field(pattern=r"^(?:[01][0-9]|2[0-3]):[0-5][0-9]$|^24:00$")]
"""A time of the day; in YAML it needs quotes."""
Figure = Annotated[Decimal, BeforeValidator(_figure), Field(allow_inf_nan=False, ge=-(10**12), le=10**12)]
Seconds = Annotated[Decimal, BeforeValidator(_figure), Field(allow_inf_nan=False, ge=0, le=7_200)]
Weight = Annotated[Decimal, BeforeValidator(_figure), Field(allow_inf_nan=False, gt=0, le=1_000)]
Share = Annotated[Decimal, BeforeValidator(_figure), Field(allow_inf_nan=False, gt=0, lt=1)]
Plays = Annotated[int, Field(ge=1, le=9)]


def minute_of(clock: str) -> int:
    """Minutes since midnight."""
    hours, _, minutes = clock.partition(":")
    return int(hours) * 60 + int(minutes)

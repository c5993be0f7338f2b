"""Tasks of those who lead: a report to read and decide on, and a roster for a forecast."""

from __future__ import annotations

from decimal import Decimal
from typing import Annotated, Any, Literal

from pydantic import BeforeValidator, Field

from question_bank.tasks.parts import Cell, Clock, Figure, Line, Part, Ref, Share, Text, Weight, Words, minute_of


class Table(Part):
    title: Line
    columns: Annotated[list[Line], Field(min_length=2, max_length=20)]
    rows: Annotated[list[Annotated[list[Cell], Field(max_length=20)]], Field(min_length=1, max_length=60)]


def _as_list(value: Any) -> Any:
    return value if isinstance(value, list) or value is None else [value]


Answer = Annotated[
    list[Annotated[str, Field(min_length=1, max_length=400), BeforeValidator(
        lambda value: format(value, "f") if isinstance(value, Decimal)
        else str(value) if isinstance(value, int) and not isinstance(value, bool) else value
    )]],
    BeforeValidator(_as_list), Field(min_length=1, max_length=20),
]  # fmt: skip


class Question(Part):
    """`answer` holds one figure, one option, or for `multiple` every right option. A long one is for the examiner."""

    id: Ref
    ask: Words
    type: Literal["number", "choice", "multiple", "long"]
    options: Annotated[list[Line], Field(min_length=2, max_length=12)] | None = None
    answer: Answer | None = None
    tolerance: Annotated[Figure, Field(ge=0)] = Field(default=Decimal(0))
    """A number so far from the answer still counts."""
    formula: Line | None = None
    """How the answer follows from the tables, such as `sum(T1!C1:C6) / T1!B7 * 100`; the linter computes it."""
    guide: Text | None = None
    """For the examiner: what a good answer holds."""
    weight: Weight = Field(default=1, validate_default=True)

    @property
    def figure(self) -> Decimal | None:
        """The answer of a number."""
        return Decimal(self.answer[0]) if self.type == "number" and self.answer else None


class Report(Part):
    tables: Annotated[list[Table], Field(min_length=1, max_length=8)]
    text: Text
    questions: Annotated[list[Question], Field(min_length=2, max_length=20)]


class Interval(Part):
    """Calls expected from this time until the next interval begins; all are equally long."""

    start: Clock = Field(alias="from")
    calls: Annotated[int, Field(ge=0, le=100_000)]


class ServiceLevel(Part):
    """So large a share of the calls is to be answered within so many seconds."""

    share: Share
    seconds: Annotated[int, Field(ge=1, le=600)]


class Staff(Part):
    id: Ref
    name: Line
    may: Annotated[list[Ref], Field(max_length=20)]
    """Shifts that this person may be given."""
    most_hours: Annotated[Figure, Field(gt=0, le=24)] | None = None


class Shift(Part):
    id: Ref
    name: Line
    start: Clock = Field(alias="from")
    end: Clock = Field(alias="to")
    rest: Annotated[list[Clock], Field(min_length=2, max_length=2)] | None = Field(default=None, alias="break")

    @property
    def hours(self) -> Decimal:
        """Hours worked, without the break."""
        worked = minute_of(self.end) - minute_of(self.start)
        if self.rest:
            worked -= minute_of(self.rest[1]) - minute_of(self.rest[0])
        return Decimal(worked) / 60


class ShiftLimit(Part):
    shift: Ref
    least: Annotated[int, Field(ge=0, le=200)] | None = None
    most: Annotated[int, Field(ge=0, le=200)] | None = None


Pair = Annotated[list[Ref], Field(min_length=2, max_length=2)]


class Limits(Part):
    """What a roster must keep to beside `may` and `most_hours`; each person works at most one shift."""

    most_on_duty: Annotated[int, Field(ge=1, le=500)] | None = None
    """Places in the room: at no time more people."""
    least_on_duty: Annotated[int, Field(ge=0, le=500)] | None = None
    """In every interval at least so many, breaks taken off."""
    most_staff: Annotated[int, Field(ge=1, le=500)] | None = None
    """People in all."""
    most_hours: Annotated[Figure, Field(gt=0)] | None = None
    """Hours worked by all together."""
    per_shift: Annotated[list[ShiftLimit], Field(max_length=20, default_factory=list)]
    together: Annotated[list[Pair], Field(max_length=20, default_factory=list)]
    """If the first works, the second works the same shift."""
    apart: Annotated[list[Pair], Field(max_length=20, default_factory=list)]
    """Never on the same shift."""
    must_work: Annotated[list[Ref], Field(max_length=100, default_factory=list)]


class Roster(Part):
    intervals: Annotated[list[Interval], Field(min_length=2, max_length=96)]
    aht: Annotated[int, Field(ge=10, le=3_600)]
    """Mean handling time in seconds."""
    service_level: ServiceLevel
    shrinkage: Annotated[Figure, Field(ge=0, lt=1)]
    staff: Annotated[list[Staff], Field(min_length=2, max_length=100)]
    shifts: Annotated[list[Shift], Field(min_length=2, max_length=20)]
    limits: Limits
    best: Annotated[dict[Ref, Ref], Field(min_length=1, max_length=100)]
    """The best plan known: staff → shift. Who is not named is off."""

    @property
    def interval_minutes(self) -> int:
        return minute_of(self.intervals[1].start) - minute_of(self.intervals[0].start)

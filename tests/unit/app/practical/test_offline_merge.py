"""Two tablets with one sheet over a network that loses, doubles and delays: the same sheet everywhere in the end."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from decimal import Decimal
from uuid import UUID

from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule, run_state_machine_as_test
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from app.core.clock import now
from app.models.marking import MarkEntry
from app.models.practical import RubricSheet
from app.practical.marking import entries
from app.practical.marking.merging import Entry, marks_of
from tests.factories import practical

Marks = dict[str, tuple[Decimal | None, str]]


@dataclass
class Tablet:
    device: UUID
    made: list[Entry] = field(default_factory=list)
    pending: list[Entry] = field(default_factory=list)
    stamp: int = 0

    def tap(self, kind: str, key: str, points: Decimal | None, note: str | None) -> None:
        self.stamp += 1
        one = Entry(self.device, len(self.made) + 1, self.stamp, kind, key, points, note)
        self.made.append(one)
        self.pending.append(one)

    def told(self, acknowledged: list[Entry], stamp: int) -> None:
        self.pending = [one for one in self.pending if one not in acknowledged]
        self.stamp = max(self.stamp, stamp)


def machine(session: Session) -> type[RuleBasedStateMachine]:
    class Offline(RuleBasedStateMachine):
        def __init__(self) -> None:
            super().__init__()
            _, [self.duty, _] = practical.open_practical(session)
            self.tablets = [Tablet(UUID(int=1)), Tablet(UUID(int=2**100))]
            self.on_the_way: list[tuple[Tablet, list[Entry]]] = []
            self.answers: list[tuple[Tablet, list[Entry], int]] = []
            self.arrived: list[Entry] = []

        @rule(
            who=st.integers(0, 1), key=st.sampled_from(["J01", "J02", "J03"]), kind=st.sampled_from(["points", "note"]),
            points=st.none() | st.integers(0, 6), note=st.sampled_from(["", "快", "慢"]),
        )  # fmt: skip
        def tap(self, who: int, key: str, kind: str, points: int | None, note: str) -> None:
            given = None if points is None or kind == "note" else Decimal(points) / 2
            self.tablets[who].tap(kind, key, given, note if kind == "note" else None)

        @rule(who=st.integers(0, 1), most=st.integers(1, 4))
        def send(self, who: int, most: int) -> None:
            tablet = self.tablets[who]
            if tablet.pending:
                self.on_the_way.append((tablet, tablet.pending[:most]))

        @precondition(lambda self: self.on_the_way)
        @rule(data=st.data(), fate=st.sampled_from(["arrives", "arrives", "lost", "doubled"]))
        def travel(self, data: st.DataObject, fate: str) -> None:
            place = data.draw(st.integers(0, len(self.on_the_way) - 1))
            if fate == "doubled":
                self.on_the_way.append(self.on_the_way[place])
                return
            tablet, batch = self.on_the_way.pop(place)
            if fate == "arrives":
                self.answers.append((tablet, batch, self.take(batch)))

        @precondition(lambda self: self.answers)
        @rule(data=st.data(), lost=st.booleans())
        def answer(self, data: st.DataObject, lost: bool) -> None:
            tablet, batch, stamp = self.answers.pop(data.draw(st.integers(0, len(self.answers) - 1)))
            if not lost:
                tablet.told(batch, stamp)

        def take(self, batch: list[Entry]) -> int:
            duty = self.duty
            entries.take_in(session, duty.actor, duty.sheet_id, duty.examiner_id, batch, now())
            self.arrived += batch
            return entries.highest_stamp(session, duty.sheet_id)

        @invariant()
        def the_sheet_follows_from_what_arrived(self) -> None:
            assert stored(session, self.duty.sheet_id) == meant(self.arrived)

        def teardown(self) -> None:
            for tablet in reversed(self.tablets):
                while tablet.pending:  # two hours later
                    batch = tablet.pending[-3:]
                    tablet.told(batch, self.take(batch))
            made = [one for tablet in self.tablets for one in tablet.made]
            assert stored(session, self.duty.sheet_id) == meant(made)
            rows = select(func.count()).select_from(MarkEntry).where(MarkEntry.sheet_id == self.duty.sheet_id)
            assert session.scalar(rows) == len(made)
            session.rollback()

    return Offline


def stored(session: Session, sheet_id: int) -> Marks:
    sheet = session.get_one(RubricSheet, sheet_id)
    return {one.criterion: (one.points, one.note) for one in sheet.marks if one.points is not None or one.note}


def meant(made: list[Entry]) -> Marks:
    tidy = [replace(one, note=one.note if one.kind == "note" else None) for one in made]
    return {key: (points, note) for key, (points, note) in marks_of(tidy).items() if points is not None or note}


def test_any_interleaving_gives_the_same_sheet(session: Session) -> None:
    run_state_machine_as_test(
        machine(session), settings=settings(max_examples=25, stateful_step_count=25, deadline=None)
    )

"""Every seat in exactly one room."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from app.registration.dividing import ranges


@given(st.sets(st.integers(1, 5000), max_size=400), st.integers(1, 1000))
def test_every_seat_is_in_one_room_and_no_room_is_too_full(seats: set[int], size: int) -> None:
    found = ranges(sorted(seats), size)
    held = [[seat for seat in seats if first <= seat <= last] for first, last in found]
    assert sorted(seat for room in held for seat in room) == sorted(seats)
    assert all(1 <= len(room) <= size for room in held)
    assert len(found) == -(-len(seats) // size)
    assert max(map(len, held), default=0) - min(map(len, held), default=0) <= 1

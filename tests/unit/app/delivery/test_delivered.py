"""What a process remembers of what never changes."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from app.delivery.delivered import Kept


@given(st.integers(1, 30), st.lists(st.integers(0, 60)))
def test_as_many_as_allowed_and_the_newest_among_them(most: int, keys: list[int]) -> None:
    kept = Kept[int, str](most)
    put = list[int]()
    for key in keys:
        if kept.get(key) is None:
            kept.put(key, str(key))
            put.append(key)
        assert kept.get(key) == str(key)
    held = [key for key in range(61) if kept.get(key) is not None]
    newest = put[-(most - most // 8) :] if most > 1 else put[-1:]
    assert len(held) <= most
    assert set(newest) <= set(held)

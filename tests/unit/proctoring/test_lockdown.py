"""The keys of Safe Exam Browser, against forms and hashes worked out by hand."""

from __future__ import annotations

import hashlib
import random
from datetime import UTC, datetime, timedelta, timezone
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from proctoring import lockdown

NAMES = st.text("abcXYZ_19", min_size=1, max_size=8)
PLAIN = st.booleans() | st.integers(-(2**31), 2**31) | st.text(max_size=12) | st.binary(max_size=12)
CONFIGS = st.recursive(
    st.dictionaries(NAMES, PLAIN, max_size=4),
    lambda inner: st.dictionaries(NAMES, PLAIN | inner | st.lists(PLAIN | inner, max_size=3), max_size=5),
    max_leaves=12,
)


@pytest.mark.parametrize(
    "config, expected",
    [
        ({}, "{}"),
        ({"b": 1, "A": True, "c": False}, '{"A":true,"b":1,"c":false}'),
        ({"allowWLAN": 1, "allowWlan": 2}, '{"allowWlan":2,"allowWLAN":1}'),
        ({"enableF2": 1, "enableF10": 2, "enableF1": 3}, '{"enableF1":3,"enableF10":2,"enableF2":1}'),
        ({"URLFilterRules": [], "urlFilterRegex": True, "touchOptimized": False},
         '{"touchOptimized":false,"urlFilterRegex":true,"URLFilterRules":[]}'),
        ({"browserMessagingSocket": "ws:\\localhost:8706"}, '{"browserMessagingSocket":"ws:\\localhost:8706"}'),
        ({"say": 'a "b" /é/ 中'}, '{"say":"a "b" /é/ 中"}'),
        ({"salt": b"\x00\xff", "none": b""}, '{"none":"","salt":"AP8="}'),
        ({"at": datetime(1940, 10, 9, 22, 13, 56)}, '{"at":"1940-10-09T22:13:56Z"}'),  # noqa: DTZ001  # as plists have it
        ({"at": datetime(2026, 1, 2, 3, tzinfo=timezone(timedelta(hours=8)))}, '{"at":"2026-01-01T19:00:00Z"}'),
        ({"empty": {}, "full": {"b": 1, "a": {}}}, '{"full":{"b":1}}'),
        ({"rules": [{"b": 1, "A": [{}, 2.5]}, "x"]}, '{"rules":[{"A":[{},2.5],"b":1},"x"]}'),
    ],
)  # fmt: skip
def test_the_form_that_keys_are_made_of(config: dict[str, Any], expected: str) -> None:
    assert lockdown.seb_json(config) == expected
    assert lockdown.config_key(config) == hashlib.sha256(expected.encode()).hexdigest()


def test_known_hashes() -> None:
    """Worked out with sha256sum."""
    key = "44136fa355b3678a1146ad16f7e8649e94fb4fc21fe77e8310c060f61caaff8a"
    assert lockdown.config_key({}) == key
    assert lockdown.config_key({"originatorVersion": "SEB_OSX_2.1.4_2B66"}) == key
    assert lockdown.request_hash("https://exam.example/a?b=1", key) == (
        hashlib.sha256(f"https://exam.example/a?b=1{key}".encode()).hexdigest()
    )


@given(CONFIGS, st.randoms(use_true_random=False))
def test_the_order_of_a_file_and_its_version_change_no_key(config: dict[str, Any], chance: random.Random) -> None:
    names = list(config)
    chance.shuffle(names)
    shuffled = {"originatorVersion": "another", **{name: config[name] for name in names}}
    assert lockdown.config_key(shuffled) == lockdown.config_key(config)


@given(CONFIGS, NAMES.map(lambda name: f"new{name}"), st.integers())
def test_another_setting_is_another_key(config: dict[str, Any], name: str, value: int) -> None:
    assert lockdown.config_key({**config, name: value}) != lockdown.config_key(config)


@given(st.text("abc/?=&%1", max_size=20), st.text("abc#", max_size=9))
def test_the_part_of_an_address_behind_the_hash_does_not_count(path: str, fragment: str) -> None:
    key, address = "0" * 64, f"https://exam.example/{path}"
    assert lockdown.request_hash(f"{address}#{fragment}", key) == lockdown.request_hash(address, key)


def test_what_is_shown_belongs_to_one_of_the_keys() -> None:
    address, keys = "https://exam.example/exam/1", ["a" * 64, "b" * 64]
    right = lockdown.request_hash(address, "b" * 64)
    assert lockdown.shown(address, ["", right], keys)
    assert lockdown.shown(address, [right.upper()], keys)
    for presented, known in (([right], ["a" * 64]), ([""], keys), ([], keys), ([right], []), (["b" * 64], keys),
                             ([right + "0"], keys), (["é" * 64], keys)):  # fmt: skip
        assert not lockdown.shown(address, presented, known)
    assert not lockdown.shown("https://exam.example/exam/2", [right], keys)


@pytest.mark.parametrize(
    "text, good", [("a" * 64, True), ("A" * 64, False), ("a" * 63, False), ("g" * 64, False), ("", False)]
)
def test_what_a_key_looks_like(text: str, good: bool) -> None:
    assert lockdown.is_key(text) == good


def test_times_without_a_zone_are_utc() -> None:
    naive, aware = datetime(2026, 5, 1, 12), datetime(2026, 5, 1, 12, tzinfo=UTC)  # noqa: DTZ001
    assert lockdown.seb_json(naive) == lockdown.seb_json(aware)

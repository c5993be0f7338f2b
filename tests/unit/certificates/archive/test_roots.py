"""Which roots vouch for a signature of which time."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.core.errors import Refusal
from certificates.archive.roots import counting, read_roots, together
from tests.factories.pki import Pki

FIRST, SECOND = Pki(), Pki(name="第二代 SECOND", starts=datetime(2035, 1, 1, tzinfo=UTC))


def test_a_file_of_several_roots_with_and_without_a_period() -> None:
    said = b"\n# of the first house\ncounts-from: 2027-01-01\ncounts-until: 2034-06-30T12:00:00+08:00\n"
    roots = read_roots(said + FIRST.root_pem + b"more words\n" + SECOND.root_pem)
    assert list(roots) == [FIRST.certificate("root"), SECOND.certificate("root")]
    first, second = roots.entries
    assert first.counts_from == datetime(2027, 1, 1, tzinfo=UTC)
    assert first.counts_until == datetime(2034, 6, 30, 4, tzinfo=UTC)
    whole = SECOND.certificate("root")
    assert (second.counts_from, second.counts_until) == (whole.not_valid_before_utc, whole.not_valid_after_utc)


@given(st.integers(0, 70 * 365))
def test_only_roots_of_that_time_count(days: int) -> None:
    moment = datetime(2020, 1, 1, tzinfo=UTC) + timedelta(days=days)
    roots = read_roots(b"counts-until: 2034-06-30\n" + FIRST.root_pem + SECOND.root_pem)
    found = counting(roots, moment)
    assert (FIRST.certificate("root") in found) == (
        datetime(2026, 1, 1, tzinfo=UTC) <= moment <= datetime(2034, 6, 30, tzinfo=UTC)
    )
    assert (SECOND.certificate("root") in found) == (
        datetime(2035, 1, 1, tzinfo=UTC) <= moment <= datetime(2060, 1, 1, tzinfo=UTC)
    )


def test_a_plain_list_counts_for_the_validity_of_each() -> None:
    plain = [FIRST.certificate("root")]
    assert list(counting(plain, datetime(2030, 1, 1, tzinfo=UTC))) == plain
    assert list(counting(plain, datetime(2025, 1, 1, tzinfo=UTC))) == []


def test_together_each_stands_once_with_the_period_said_first() -> None:
    narrowed = read_roots(b"counts-until: 2030-01-01\n" + FIRST.root_pem)
    both = together(narrowed, [FIRST.certificate("root"), SECOND.certificate("root")])
    assert len(both) == 2
    assert both.entries[0].counts_until == datetime(2030, 1, 1, tzinfo=UTC)
    assert list(both[1:]) == [SECOND.certificate("root")]
    assert both[0] == FIRST.certificate("root")


@pytest.mark.parametrize(
    ("pem", "number"),
    [
        (b"", 1),
        (b"no certificate at all", 1),
        (FIRST.root_pem + b"-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n", 2),
        (FIRST.root_pem + b"counts-until: soon\n" + SECOND.root_pem, 2),
    ],
)
def test_what_cannot_be_read_is_refused_with_its_place(pem: bytes, number: int) -> None:
    with pytest.raises(Refusal) as caught:
        read_roots(pem)
    assert caught.value.code == "trust_roots_unusable"
    assert caught.value.params == {"number": number}


def test_a_period_belongs_to_the_next_certificate_alone() -> None:
    roots = read_roots(b"counts-until: 2030-01-01\n" + FIRST.root_pem + SECOND.root_pem)
    assert roots.entries[1].counts_until - datetime(2060, 1, 1, tzinfo=UTC) < timedelta(days=1)

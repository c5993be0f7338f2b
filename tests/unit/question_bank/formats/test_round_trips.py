"""What is written reads back the same, but for what was listed as lost: every format, every type, odd signs and all."""

import dataclasses
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from question_bank.bank_item import BankItem
from question_bank.interchange import expand, read_files, read_upload, write
from question_bank.item_types import ITEM_TYPES
from tests.factories.any_items import banks
from tests.factories.items import bank_item

CARRYING = ("yaml", "excel", "qti21", "qti22", "qti30", "moodle", "gift")
KINDS = tuple(ITEM_TYPES)
CONTENT = Path(__file__).parents[4] / "question_bank" / "content"
QUIET = settings(deadline=None, suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large])


def differing(one: BankItem, other: BankItem) -> set[str]:
    names = [field.name for field in dataclasses.fields(BankItem)]
    return {name for name in names if getattr(one, name) != getattr(other, name)}


@pytest.mark.parametrize("format_name", CARRYING)
@QUIET
@given(data=st.data())
def test_items_come_back_but_for_what_is_listed(format_name: str, data: st.DataObject) -> None:
    items = data.draw(banks(KINDS))
    written = write(format_name, items)
    lost = {(loss.item, loss.field) for loss in written.losses}
    found = read_upload(written.name, written.content)
    assert found.problems == ()
    assert all(one.complete for one in found.items)
    again = {one.item.id: one.item for one in found.items}
    assert set(again) == {one.id for one in items if (one.id, "type") not in lost}
    for item in items:
        if item.id in again:
            assert differing(item, again[item.id]) <= {name for code, name in lost if code == item.id}


@QUIET
@given(data=st.data())
def test_aiken_carries_statements_and_single_choice(data: st.DataObject) -> None:
    items = sorted(data.draw(banks(KINDS)), key=lambda one: one.id)
    written = write("aiken", items)
    lost = {(loss.item, loss.field) for loss in written.losses}
    found = read_upload(written.name, written.content, format_name="aiken")
    assert found.problems == ()
    away = {loss.item for loss in written.losses if "left out" in loss.message}
    left = [one for one in items if one.id not in away]
    assert len(left) == len(found.items)
    for item, one in zip(left, found.items, strict=True):
        named = {name.partition(".")[0] for code, name in lost if code == item.id}
        assert differing(item, one.item) <= named


@pytest.mark.parametrize("format_name", [*CARRYING, "aiken"])
def test_the_same_items_make_the_same_bytes(format_name: str) -> None:
    items = [bank_item("B"), bank_item("A")]
    if format_name != "excel":
        assert write(format_name, items).content == write(format_name, items[::-1]).content


@pytest.mark.parametrize("format_name", CARRYING)
def test_the_shipped_bank_comes_back(format_name: str) -> None:
    items = {one.item.id: one.item for one in read_files(expand([str(CONTENT)]))}
    written = write(format_name, list(items.values()))
    lost = {(loss.item, loss.field) for loss in written.losses}
    found = read_upload(written.name, written.content)
    assert (found.problems, found.losses) == ((), ())
    again = {one.item.id: one.item for one in found.items}
    assert set(again) == {code for code in items if (code, "type") not in lost}
    assert [code for code, one in again.items() if one != items[code]] == []

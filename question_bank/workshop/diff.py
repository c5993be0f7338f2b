"""What changed between two states of an item, field by field, with the changed words marked."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from typing import Any, Literal

from question_bank.workshop.content import FIELDS

Mark = Literal["same", "gone", "new"]
_TOKEN = re.compile(r"[A-Za-z0-9]+(?:[.,:%][A-Za-z0-9]+)*%?|\s+|.", re.DOTALL)
_SHORT = 2
"""A run of so few unchanged characters between changed ones is read as part of the change."""
_MOST_WORK = 2_000_000


@dataclass(frozen=True)
class Piece:
    mark: Mark
    text: str


@dataclass(frozen=True)
class FieldChange:
    """`field` is a name such as `stem` or `options.B`; empty text stands for nothing there."""

    field: str
    before: str
    after: str
    pieces: tuple[Piece, ...]


def changed_fields(before: Mapping[str, Any], after: Mapping[str, Any]) -> list[str]:
    """The names of the fields of a content that differ."""
    return [name for name in FIELDS if before.get(name) != after.get(name)]


def diff(before: Mapping[str, Any], after: Mapping[str, Any]) -> list[FieldChange]:
    old, new = dict(_flat(before)), dict(_flat(after))
    names = [*old, *(name for name in new if name not in old)]
    order = {name: place for place, name in enumerate(FIELDS)}
    names.sort(key=lambda name: (order.get(name.partition(".")[0], len(order)), name))
    return [
        FieldChange(name, old.get(name, ""), new.get(name, ""), marked(old.get(name, ""), new.get(name, "")))
        for name in names
        if old.get(name, "") != new.get(name, "")
    ]


def marked(before: str, after: str) -> tuple[Piece, ...]:
    """Both texts in one: `same` and `gone` make the old one, `same` and `new` the new one."""
    one, other = _TOKEN.findall(before), _TOKEN.findall(after)
    head = _common(one, other)
    tail = _common(one[head:][::-1], other[head:][::-1])
    middle = _compared(one[head : len(one) - tail], other[head : len(other) - tail])
    raw = [("".join(one[:head]), "".join(one[:head])), *middle]
    raw.append(("".join(one[len(one) - tail :]), "".join(one[len(one) - tail :])))
    return tuple(_pieces(_grouped([pair for pair in raw if pair != ("", "")])))


def _compared(one: Sequence[str], other: Sequence[str]) -> list[tuple[str, str]]:
    """Pairs of old and new text, alike where nothing changed."""
    if len(one) * len(other) > _MOST_WORK:
        return [("".join(one), "".join(other))]
    steps = SequenceMatcher(None, one, other, autojunk=False).get_opcodes()
    return [("".join(one[a:b]), "".join(other[c:d])) for _, a, b, c, d in steps]


def _grouped(pairs: Sequence[tuple[str, str]]) -> list[tuple[str, str]]:
    found: list[tuple[str, str]] = []
    for place, (old, new) in enumerate(pairs):
        between = 0 < place < len(pairs) - 1 and old == new and len(old) <= _SHORT
        joins = found and (found[-1][0] != found[-1][1]) and (old != new or between)
        if joins:
            found[-1] = (found[-1][0] + old, found[-1][1] + new)
        else:
            found.append((old, new))
    return found


def _pieces(pairs: Sequence[tuple[str, str]]) -> Iterator[Piece]:
    for old, new in pairs:
        if old == new:
            yield Piece("same", old)
        else:
            if old:
                yield Piece("gone", old)
            if new:
                yield Piece("new", new)


def _common(one: Sequence[str], other: Sequence[str]) -> int:
    count = 0
    for left, right in zip(one, other, strict=False):
        if left != right:
            break
        count += 1
    return count


def _flat(content: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    for name in FIELDS:
        value = content.get(name)
        if name == "criteria":
            for number, line in enumerate(value or [], 1):
                yield f"criteria.{number}", f"{line['text']} ({line['points']})"
        elif isinstance(value, Mapping):
            for key, one in value.items():
                if isinstance(one, Mapping):
                    yield from ((f"{name}.{key}.{inner}", str(text)) for inner, text in one.items())
                else:
                    yield f"{name}.{key}", str(one)
        elif isinstance(value, list):
            yield name, "、".join(map(str, value))
        elif value is not None and value is not False:
            yield name, "✓" if value is True else str(value)

"""From the fields of the editor to a draft of a task and back: everything as it was typed."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from werkzeug.datastructures import MultiDict

from app.core.errors import Refusal
from app.schemes.scheme import Scheme, scheme
from app.web.language import chosen as language
from question_bank.tasks.drafts import Draft

SPARE_TRAPS = 2
BAR = " | "
TEXTS = ("watch", "full", "fails")


@dataclass(frozen=True)
class Line:
    """A criterion with what the sheet says of it."""

    criterion: str
    name: str
    levels: tuple[str, ...]
    said: Mapping[str, str]


def draft_from(form: MultiDict[str, str], known: Mapping[str, Any]) -> Draft:
    """`known` holds the fields that are for ever."""
    common: dict[str, Any] = {name: known[name] for name in ("code", "scheme", "kind") if name in known}
    common["levels"] = form.getlist("level")
    common |= {name: form.get(name, "").strip() for name in ("trade", "title")}
    common["card"] = {
        "situation": _text(form, "situation"),
        "rules": _lines(form, "rules"),
        "data": [_datum(line) for line in _lines(form, "data")],
        "asks": _text(form, "asks"),
    }
    common["sheet"] = list(_sheet(form))
    common["traps"] = list(_traps(form))
    common["source"] = form.get("source", "").strip()
    return Draft(common, form.get("block", "").replace("\r\n", "\n"))


def fields_of(draft: Draft) -> dict[str, Any]:
    """What the editor shows."""
    common = draft.common
    card: Mapping[str, Any] = common["card"] if isinstance(common.get("card"), Mapping) else {}
    traps = [one for one in common.get("traps") or [] if isinstance(one, Mapping)]
    return {
        "title": common.get("title", ""), "trade": common.get("trade", ""), "source": common.get("source", ""),
        "levels": draft.levels, "situation": card.get("situation", ""), "asks": card.get("asks", ""),
        "rules": "\n".join(" ".join(str(one).split("\n")) for one in card.get("rules") or []),
        "data": "\n".join(_shown(one) for one in card.get("data") or []),
        "traps": [*traps, *({"trap": "", "right": ""} for _ in range(SPARE_TRAPS))], "block": draft.block,
    }  # fmt: skip


def sheet_lines(draft: Draft) -> list[Line]:
    """A line for every criterion that this kind of task gives evidence for, at any level; those in use first."""
    known = _scheme(str(draft.common.get("scheme", "")))
    if known is None:
        return []
    said = {one["criterion"]: one for one in draft.common.get("sheet") or [] if isinstance(one, Mapping)}
    found: dict[str, Line] = {}
    for level in known.levels:
        english = language() == "en"
        names = {one.id: one.name_en if english else one.name for one in level.practical.sheet.criteria}
        wanted = [name for slot in level.practical.tasks if slot.kind == draft.common.get("kind")
                  for name in slot.criteria]  # fmt: skip
        for name in dict.fromkeys([*wanted, *(one for one in said if one in names)]):
            there = found.get(name)
            levels = (*(there.levels if there else ()), level.code)
            found[name] = Line(name, names.get(name, name), levels, _words(said.get(name, {})))
    for name, words in said.items():
        found.setdefault(name, Line(name, name, (), _words(words)))
    chosen = set(draft.levels)
    return sorted(found.values(), key=lambda line: not (chosen & set(line.levels) or any(line.said.values())))


def _words(said: Mapping[str, Any]) -> dict[str, str]:
    return {name: str(said.get(name, "")) for name in TEXTS}


def _scheme(code: str) -> Scheme | None:
    try:
        return scheme(code)
    except Refusal:
        return None


def _text(form: MultiDict[str, str], name: str) -> str:
    return form.get(name, "").replace("\r\n", "\n").strip()


def _lines(form: MultiDict[str, str], name: str) -> list[str]:
    return [line.strip() for line in form.get(name, "").splitlines() if line.strip()]


def _datum(line: str) -> dict[str, str]:
    label, _bar, value = line.partition("|")
    return {"label": label.strip(), "value": value.strip()}


def _shown(datum: Any) -> str:
    return f"{datum.get('label', '')}{BAR}{datum.get('value', '')}" if isinstance(datum, Mapping) else str(datum)


def _sheet(form: MultiDict[str, str]) -> Iterator[dict[str, str]]:
    for name in form.getlist("criterion"):
        said = {part: _text(form, f"{part}-{name}") for part in TEXTS}
        if any(said.values()):
            yield {"criterion": name, **said}


def _traps(form: MultiDict[str, str]) -> Iterator[dict[str, str]]:
    given = list(zip(form.getlist("trap-id"), form.getlist("trap"), form.getlist("right"), strict=False))
    taken = {known for known, trap, right in given if known and (trap.strip() or right.strip())}
    free = (f"t{number}" for number in range(1, len(given) + len(taken) + 1) if f"t{number}" not in taken)
    for known, trap, right in given:
        if trap.strip() or right.strip():
            yield {"id": known or next(free), "trap": trap.strip(), "right": right.strip()}

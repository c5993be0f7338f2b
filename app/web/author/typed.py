"""From the fields of the editor to the content of a draft, and what its buttons add and take away."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from string import ascii_uppercase
from typing import Any

from werkzeug.datastructures import MultiDict

from question_bank.item_text import GAP, pictures
from question_bank.item_types import CHOICE_TYPES
from question_bank.item_types.matching import premises
from question_bank.workshop.content import WORDS, Content

FIGURES = "123456789"
MOST_OPTIONS = 8
Fields = MultiDict[str, str]
_NOT_NAME = re.compile(r"[^\w.-]+")
_LETTERS = re.compile(r"[A-Z1-9]")
_BLANK = {"truefalse": "", "single": "ABCD", "multiple": "ABCDE", "fill": "", "ordering": "ABCD", "matching": "123ABC",
          "open": ""}  # fmt: skip


def blank(kind: str, row: str, content: str) -> Content:
    """What a new item of a type begins with: the fields that it will need."""
    criteria = [{"text": "", "points": ""}] * 3 if kind == "open" else []
    options = dict.fromkeys(_BLANK.get(kind, ""), "")
    return {"type": kind, "row": row, "content": content, "options": options, "criteria": criteria}


def content_of_form(form: Fields) -> Content:
    """Everything that was typed, as typed: whether it can be kept is for the workshop to say."""
    kind = form.get("type", "")
    options = _lettered(form, "option-")
    row, _sign, content = form.get("place", "").partition("/")
    found: Content = {name: form.get(name, "") for name in WORDS}
    found |= {"type": kind, "row": row, "content": content, "difficulty": form.get("difficulty", "").strip()}
    found |= {"seconds": _whole(form.get("seconds", "")), "case": "case" in form, "options": options}
    found |= {"feedback": _lettered(form, "feedback-"), "criteria": _criteria(form), "stimulus": _stimulus(form)}
    found["media"] = _named(form, "media:")
    found["key"] = _key(form, kind, options, found["stem"])
    found["feedback"] = {one: text for one, text in found["feedback"].items() if one in options}
    return found


def shown_only(content: Content) -> Content:
    """Without the files that no text shows any more."""
    texts = "\n".join([str(content["stem"]), *content["options"].values()])
    found = {**content, "media": {name: one for name, one in content["media"].items() if name in pictures(texts)}}
    if one := content["stimulus"]:
        wanted = {*pictures(one["text"]), one["audio"]}
        found["stimulus"] = {**one, "media": {name: sha for name, sha in one["media"].items() if name in wanted}}
    return found


def file_name(name: str, taken: Mapping[str, Any]) -> str:
    """A name that texts can refer to and that stands for no other file here."""
    plain = _NOT_NAME.sub("-", name.strip()).strip("-.")[-80:] or "file"
    stem, dot, suffix = plain.rpartition(".")
    found, number = plain, 2
    while found in taken:
        found, number = (f"{stem}-{number}{dot}{suffix}" if dot else f"{plain}-{number}"), number + 1
    return found


def add_option(content: Content, _name: str) -> None:
    _add(content, ascii_uppercase[:MOST_OPTIONS])


def add_entry(content: Content, _name: str) -> None:
    _add(content, FIGURES)


def add_gap(content: Content, _name: str) -> None:
    content["stem"] = f"{content['stem']}____"


def add_criterion(content: Content, _name: str) -> None:
    content["criteria"] = [*content["criteria"], {"text": "", "points": ""}]


def remove_criterion(content: Content, number: str) -> None:
    content["criteria"] = [one for place, one in enumerate(content["criteria"], 1) if str(place) != number]


def remove_material(content: Content, _name: str) -> None:
    content["stimulus"] = None


def remove_recording(content: Content, _name: str) -> None:
    if content["stimulus"]:
        content["stimulus"] |= {"audio": "", "plays": 0}


def remove_option(content: Content, gone: str) -> None:
    """The letters after it move up, and what names them goes along."""
    left = [one for one in content["options"] if one != gone]
    figures, letters = premises(left), [one for one in left if not one.isdecimal()]
    new = dict(zip(figures, FIGURES, strict=False)) | dict(zip(letters, ascii_uppercase, strict=False))
    content["options"] = {new[one]: content["options"][one] for one in left}
    content["feedback"] = {new[one]: text for one, text in content["feedback"].items() if one in new}
    parts = [key.split("-") for key in content["key"]]
    content["key"] = ["-".join(new.get(one, one) for one in key) for key in parts if gone not in key]


CHANGES: Mapping[str, Callable[[Content, str], None]] = {
    "add-option": add_option,
    "add-entry": add_entry,
    "add-gap": add_gap,
    "add-criterion": add_criterion,
    "remove-option": remove_option,
    "remove-criterion": remove_criterion,
    "remove-material": remove_material,
    "remove-recording": remove_recording,
}


def _add(content: Content, known: str) -> None:
    free = [one for one in known if one not in content["options"]]
    if free:
        content["options"] = dict(sorted({**content["options"], free[0]: ""}.items()))


def _key(form: Fields, kind: str, options: Mapping[str, str], stem: str) -> list[str]:
    if kind in CHOICE_TYPES:
        return [one for one in form.getlist("key") if one in options or kind == "truefalse"]
    if kind == "ordering":
        return _LETTERS.findall(form.get("order", "").upper())
    if kind == "matching":
        chosen = {one: form.get(f"match-{one}", "") for one in premises(options)}
        return [f"{one}-{other}" for one, other in chosen.items() if other in options]
    if kind == "fill":
        given = [form.get(f"gap-{number}", "").strip() for number in range(1, len(GAP.findall(stem)) + 1)]
        return given if any(given) else []
    return []


def _lettered(form: Fields, prefix: str) -> dict[str, str]:
    names = sorted(name for name in form if name.startswith(prefix))
    return {name.removeprefix(prefix): form.get(name, "") for name in names}


def _named(form: Fields, prefix: str) -> dict[str, str]:
    return {name.removeprefix(prefix): form.get(name, "") for name in form if name.startswith(prefix)}


def _criteria(form: Fields) -> list[dict[str, str]]:
    places = sorted(int(name[10:-5]) for name in form if re.fullmatch(r"criterion-\d{1,2}-text", name))
    return [
        {"text": form.get(f"criterion-{place}-text", ""), "points": form.get(f"criterion-{place}-points", "").strip()}
        for place in places
    ]


def _stimulus(form: Fields) -> dict[str, Any] | None:
    texts = {name: form.get(f"stimulus-{name}", "").strip() for name in ("id", "title", "text", "audio")}
    media = _named(form, "stimulus-media:")
    if not any(texts.values()) and not media:
        return None
    return {**texts, "plays": _whole(form.get("stimulus-plays", "")) or 0, "media": media}


def _whole(text: str) -> Any:
    """A figure as one; anything else as it was typed."""
    plain = text.strip()
    return int(plain) if plain.isascii() and plain.isdecimal() and len(plain) < 10 else plain

"""What the editor's buttons do with what was typed: files come in, lines come and go, enemies change, all at once."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from flask import request
from sqlalchemy.orm import Session
from werkzeug.datastructures import FileStorage

from app.core.audit import Actor
from app.core.errors import N_, NotFound, Refusal
from app.models.workshop import ItemRevision
from app.web.author import typed
from question_bank.media_files import media_fault
from question_bank.stimuli import PICTURES, SOUNDS, Media
from question_bank.workshop import pairs, reading, revisions
from question_bank.workshop.content import Content
from question_bank.workshop.reading import ItemFile
from question_bank.workshop.shared import material
from question_bank.workshop.subject import Seen

MATERIAL = "stimulus"


def save(
    session: Session, actor: Actor, file: ItemFile, seen: Seen, content: Content, do: str, what: str, now: datetime
) -> ItemRevision:
    """Changes `content` as well, so that what was typed stands there with what the button did."""
    change = typed.CHANGES.get(do)
    if change:
        change(content, what)
    elif do == "take-material":
        code = request.form.get("material", "")
        content["stimulus"] = material(session, file.item.scheme, file.item.level, code) if code else None
    new = _files(content)
    kept = typed.shown_only(content)
    revision = revisions.save(session, actor, file.item.id, seen, kept, now, new)
    _keep_enemies(session, actor, file)
    return revision


def enemies_text(file: ItemFile) -> str:
    return " ".join(one.code for one in file.enemies)


def number(name: str) -> int:
    text = request.form.get(name, "")
    return int(text) if text.isascii() and text.isdecimal() and len(text) < 10 else 0


def _files(content: Content) -> list[Media]:
    """The picture is set where it was wanted, with the words for those who cannot see it."""
    found = []
    if picture := _sent("picture"):
        place = request.form.get("picture-place", "stem")
        target = _material(content) if place == MATERIAL else content
        one = _named(picture, target["media"], PICTURES)
        target["media"] = {**target["media"], one.name: one.sha256}
        _set(content, place, f"![{_alt()}]({one.name})")
        found.append(one)
    if sound := _sent("recording"):
        target = _material(content)
        one = _named(sound, target["media"], SOUNDS)
        target |= {"media": {**target["media"], one.name: one.sha256}, "audio": one.name, "plays": target["plays"] or 2}
        found.append(one)
    return found


def _material(content: Content) -> dict[str, Any]:
    if content["stimulus"] is None:
        content["stimulus"] = {"id": "", "title": "", "text": "", "audio": "", "plays": 0, "media": {}}
    return content["stimulus"]  # type: ignore[no-any-return]


def _set(content: Content, place: str, shown: str) -> None:
    letter = place.removeprefix("option-")
    if place == MATERIAL:
        content["stimulus"]["text"] = f"{content['stimulus']['text']}\n{shown}".strip()
    elif place != letter and letter in content["options"]:
        content["options"][letter] = f"{content['options'][letter]}{shown}"
    else:
        content["stem"] = f"{content['stem']}\n{shown}".strip()


def _alt() -> str:
    """Brackets would end the words early."""
    return " ".join(request.form.get("picture-alt", "").replace("[", "（").replace("]", "）").split())[:200]


def _sent(name: str) -> FileStorage | None:
    file = request.files.get(name)
    return file if file and file.filename else None


def _named(file: FileStorage, taken: Mapping[str, Any], kinds: frozenset[str]) -> Media:
    one = Media(typed.file_name(file.filename or "", taken), file.read())
    if fault := media_fault(one, kinds):
        raise Refusal("media_unusable", fault[0], **fault[1])
    return one


def _keep_enemies(session: Session, actor: Actor, file: ItemFile) -> None:
    wanted = set(request.form.get("enemies", "").replace(",", " ").replace("，", " ").replace("、", " ").split())
    standing = {one.code: one.id for one in file.enemies}
    for code in sorted(wanted - set(standing)):
        pairs.add_enemy(session, actor, file.item.id, id_of(session, code))
    for code in sorted(set(standing) - wanted):
        pairs.remove_enemy(session, actor, file.item.id, standing[code])


def id_of(session: Session, code: str) -> int:
    """Of an item that somebody typed the code of."""
    try:
        return reading.item_id_of(session, code)
    except NotFound:
        message = N_("There is no item “%(item)s” in the bank. Check its code.")
        raise Refusal("no_such_item", message, item=code[:60]) from None

"""Packages of bank files with their pictures and sounds beside them: what YAML and workbooks travel in."""

from __future__ import annotations

import io
import posixpath
import zipfile
from collections.abc import Callable, Iterable, Sequence
from dataclasses import replace
from pathlib import PurePosixPath

from app.core.errors import N_
from question_bank.bank_item import BankItem
from question_bank.formats.archive import Archive
from question_bank.formats.values import Loss, Written
from question_bank.item_text import renamed
from question_bank.media_files import Fetch
from question_bank.stimuli import Media, Stimulus

WriteOne = Callable[[Sequence[BankItem]], tuple[bytes, list[Loss]]]
_STAMP = (2000, 1, 1, 0, 0, 0)
"""The same items make the same bytes, whenever they are packed."""


def write_package(items: Sequence[BankItem], suffix: str, write_one: WriteOne) -> Written:
    """One file where there is nothing beside it; else a zip, with a folder for each set of names that agree."""
    listed, losses = _with_safe_names(sorted(items, key=lambda item: item.id))
    groups = _groups(listed)
    if len(groups) == 1 and not any(_media(item) for item in listed):
        content, more = write_one(groups[0])
        return Written(f"bank{suffix}", content, (*losses, *more))
    files: dict[str, bytes] = {}
    for number, group in enumerate(groups, 1):
        folder = "" if len(groups) == 1 else f"{number}/"
        content, more = write_one(group)
        losses += more
        files[f"{folder}bank{suffix}"] = content
        files |= {f"{folder}{one.name}": one.content for item in group for one in _media(item)}
    return Written("bank.zip", packed(files), tuple(losses))


def packed(files: dict[str, bytes]) -> bytes:
    kept = io.BytesIO()
    with zipfile.ZipFile(kept, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in files.items():
            info = zipfile.ZipInfo(name, _STAMP)
            info.compress_type = zipfile.ZIP_DEFLATED
            info.external_attr = 0o644 << 16
            archive.writestr(info, content)
    return kept.getvalue()


def beside_in(archive: Archive, file: str) -> Fetch:
    """Reads what stands in the package beside one of its files, or below it."""
    folder = posixpath.dirname(file)

    def fetch(name: str) -> bytes | None:
        wanted = posixpath.normpath(posixpath.join(folder, name))
        inside = not folder or wanted.startswith(f"{folder}/")
        return archive.fetch(wanted) if inside else None

    return fetch


def _media(item: BankItem) -> list[Media]:
    return [*item.media.values(), *(item.stimulus.media.values() if item.stimulus else ())]


def _groups(items: Iterable[BankItem]) -> list[list[BankItem]]:
    """As few as the names allow: in each, one name is one picture and one stimulus one text."""
    groups: list[tuple[dict[str, str], list[BankItem]]] = []
    for item in items:
        names = {one.name: one.sha256 for one in _media(item)}
        if item.stimulus:
            names[f"\0{item.stimulus.id}"] = item.stimulus.digest()
        for known, group in groups:
            if all(known.get(name, digest) == digest for name, digest in names.items()):
                known.update(names)
                group.append(item)
                break
        else:
            groups.append((names, [item]))
    return [group for _, group in groups] or [[]]


def _with_safe_names(items: Iterable[BankItem]) -> tuple[list[BankItem], list[Loss]]:
    """Names that would be no path inside a folder are changed, in the texts too."""
    safe: list[BankItem] = []
    losses = []
    for item in items:
        names = {one.name: safe_name(one) for one in _media(item) if safe_name(one) != one.name}
        if not names:
            safe.append(item)
            continue
        for old, new in names.items():
            message = N_("%(name)s is no name a file can have beside the bank; it is called %(new)s.")
            losses.append(Loss(item.id, "media", message, {"name": old, "new": new}))
        safe.append(_renamed(item, names))
    return safe, losses


def safe_name(media: Media) -> str:
    path = PurePosixPath(media.name)
    plain = posixpath.normpath(media.name) == media.name and not path.is_absolute() and ".." not in path.parts
    if plain and not any(sign in media.name for sign in '\\:*?"<>|\0') and not path.name.startswith("bank."):
        return media.name
    return f"{media.sha256[:16]}.{(media.type or 'x/bin').rpartition('/')[2]}"


def _renamed(item: BankItem, names: dict[str, str]) -> BankItem:
    def moved(media: Iterable[Media]) -> dict[str, Media]:
        found = [Media(names.get(one.name, one.name), one.content) for one in media]
        return {one.name: one for one in found}

    shared = item.stimulus
    if shared:
        audio = names.get(shared.audio, shared.audio)
        text, media = renamed(shared.text, names), moved(shared.media.values())
        shared = Stimulus(shared.id, shared.title, text, audio, shared.plays, media)
    options = {one: renamed(text, names) for one, text in item.options.items()}
    media = moved(item.media.values())
    return replace(item, stem=renamed(item.stem, names), options=options, media=media, stimulus=shared)

"""QTI packages: a zip with a manifest, an item in each file, stimuli and pictures beside them."""

from __future__ import annotations

import posixpath
from collections.abc import Mapping, Sequence
from pathlib import PurePosixPath
from urllib.parse import unquote

from app.core.errors import N_
from question_bank.bank_item import BankItem
from question_bank.formats import carried
from question_bank.formats.archive import Archive
from question_bank.formats.folder import packed
from question_bank.formats.media_bag import MediaBag
from question_bank.formats.qti_manifest import Resource, Told, metadata, read_manifest, resource_id, write_manifest
from question_bank.formats.qti_names import STIMULUS_TYPE, Version, ncname, normalise
from question_bank.formats.qti_reading import QTI_1, LeftOut, read_item, resolved
from question_bank.formats.qti_writing import media_path, write_item, write_stimulus
from question_bank.formats.values import Entries, Entry, Loss, Unreadable, Written
from question_bank.formats.xml_reading import Element, local, parse
from question_bank.media_files import Fetch
from question_bank.stimuli import Media

_ITEMS = ("assessmentitem", "qti-assessment-item")


def write_qti(items: Sequence[BankItem], version: Version) -> Written:
    files: dict[str, bytes] = {}
    resources: dict[str, Resource] = {}
    for item in sorted(items, key=lambda one: one.id):
        _put_item(item, version, files, resources)
    manifest = write_manifest(resources.values(), version).encode()
    return Written(f"bank-qti{version.code.replace('.', '')}.zip", packed({"imsmanifest.xml": manifest, **files}))


def _put_item(item: BankItem, version: Version, files: dict[str, bytes], resources: dict[str, Resource]) -> None:
    path, text = f"items/{ncname(item.id)}.xml", write_item(item, version).encode()
    shown = [*item.media.values(), *(item.stimulus.media.values() if item.stimulus else ())]
    told = carried.told(item)
    exact = carried.exact_words(carried.meant(item), _read_back(item, path, text, version))
    if exact:
        told[carried.EXACT] = exact
    files[path] = text
    used = dict.fromkeys([_put_media(one, files, resources) for one in shown])
    if item.stimulus and item.stimulus.text and version.kebab:
        name, where = f"STIM-{ncname(item.stimulus.id)}", f"stimuli/{ncname(item.stimulus.id)}.xml"
        files[where] = write_stimulus(item.stimulus, version).encode()
        resources[name] = Resource(name, STIMULUS_TYPE, where, [where])
        used[name] = None
    name = resource_id(item.id)
    resources[name] = Resource(name, version.item_type, path, [path], metadata(item, told), list(used))


def _put_media(media: Media, files: dict[str, bytes], resources: dict[str, Resource]) -> str:
    name, path = f"MEDIA-{media.sha256[:16]}-{len(media.name)}-{_ascii(media.name)}", media_path(media)
    files[path] = media.content
    resources[name] = Resource(name, "webcontent", path, [path])
    return name


def _ascii(name: str) -> str:
    return "".join(sign if sign.isascii() and (sign.isalnum() or sign in ".-_") else f"-{ord(sign):x}" for sign in name)


def _read_back(item: BankItem, path: str, text: bytes, version: Version) -> Mapping[str, object]:
    """What a reader finds in the file just written, our own metadata aside."""
    shown = [*item.media.values(), *(item.stimulus.media.values() if item.stimulus else ())]
    files = {media_path(one): one.content for one in shown}
    if item.stimulus and version.kebab:
        files[f"stimuli/{ncname(item.stimulus.id)}.xml"] = write_stimulus(item.stimulus, version).encode()
    entry = Entry("", 1)
    bag = MediaBag(entry, lambda name: files.get(resolved(path, name)))
    told = {"stimulus_id": item.stimulus.id, "stimulus_title": item.stimulus.title} if item.stimulus else {}
    if item.stimulus and item.stimulus.audio:
        told["stimulus_plays"] = str(item.stimulus.plays)
    read_item(normalise(parse(text)), entry, bag, told, lambda href: _parsed(files.get(resolved(path, unquote(href)))))
    return {**entry.given, "id": item.id}


def _parsed(content: bytes | None) -> Element | None:
    return None if content is None else normalise(parse(content))


def read_qti_package(archive: Archive, file: str) -> Entries:
    """By its manifest; without one, every XML file that holds an item."""
    found = Entries()
    manifests = [name for name in archive.names() if PurePosixPath(name).name == "imsmanifest.xml"]
    told = []
    for name in sorted(manifests, key=len)[:1]:
        told = read_manifest(parse(archive.read(name)), posixpath.dirname(name))
    if not told:
        told = [Told(name, 1) for name in sorted(archive.names()) if _holds_item(archive, name)]
    if not told and any(_root_of(archive, name) == "questestinterop" for name in archive.names()):
        raise Unreadable(QTI_1)
    if not told:
        raise Unreadable(N_("The package names no items."))
    for one in told:
        where = f"{file}/{one.href}"
        content = archive.fetch(one.href)
        if content is None:
            message = N_("The manifest names %(name)s, which is not in the package.")
            found.leave_out(Loss("", "file", message, {"name": one.href[:200]}, file, one.line))
            continue
        _read(found, content, where, one, _beside(archive, one.href))
    return found


def read_qti_file(content: bytes, file: str, fetch: Fetch) -> Entries:
    """One item without a package; pictures lie beside it."""
    found = Entries()
    _read(found, content, file, Told(PurePosixPath(file).name, 1), fetch)
    return found


def _read(found: Entries, content: bytes, where: str, told: Told, fetch: Fetch) -> None:
    entry = Entry(where, 1)
    bag = MediaBag(entry, fetch)

    def stimulus(href: str) -> Element | None:
        return _parsed(fetch(unquote(href)))

    try:
        read_item(normalise(parse(content)), entry, bag, told.fields, stimulus)
        if told.identifier:
            entry.given["id"] = told.identifier
        bag.finish()
    except Unreadable as fault:
        found.problems.append(fault.problem(where))
    except LeftOut as left:
        found.leave_out(Loss("", "type", left.message, left.params, where, 1))
    else:
        found.add(entry)


def _beside(archive: Archive, path: str) -> Fetch:
    """Addresses in a package are relative to the file they stand in, and never leave the package."""
    return lambda name: archive.fetch(resolved(path, name))


def _holds_item(archive: Archive, name: str) -> bool:
    return _root_of(archive, name) in _ITEMS


def _root_of(archive: Archive, name: str) -> str:
    """The name of the root element; "" for what is no XML."""
    if not name.lower().endswith(".xml") or name.startswith("__MACOSX/"):
        return ""
    try:
        return local(parse(archive.read(name))).lower()
    except Unreadable:
        return ""

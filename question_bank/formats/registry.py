"""Every format by its code: how it is read, how it is written, how it is told from the others."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import PurePosixPath
from types import MappingProxyType

from app.core.errors import N_
from question_bank.bank_item import BankItem
from question_bank.bank_yaml import read_yaml, write_yaml
from question_bank.formats import aiken, gift_reading, gift_writing, moodle_reading, moodle_writing
from question_bank.formats.archive import Archive
from question_bank.formats.excel_reading import read_excel
from question_bank.formats.excel_writing import write_excel
from question_bank.formats.folder import beside_in, write_package
from question_bank.formats.intake import take_in
from question_bank.formats.qti_names import QTI21, QTI22, QTI30
from question_bank.formats.qti_package import read_qti_file, read_qti_package, write_qti
from question_bank.formats.texts import decoded
from question_bank.formats.values import (
    NOTHING_SAID,
    Defaults,
    Entries,
    Found,
    FoundItem,
    Loss,
    Standing,
    Unreadable,
    Written,
)
from question_bank.formats.xml_reading import local, parse
from question_bank.media_files import Fetch, nothing
from question_bank.progress import SILENT, Progress


@dataclass(frozen=True)
class Source:
    """One file to be read, with what stands around it."""

    name: str
    content: bytes
    fetch: Fetch = nothing
    defaults: Defaults = NOTHING_SAID
    progress: Progress = SILENT

    def found(self, entries: Entries) -> Found:
        return take_in(entries, self.defaults, PurePosixPath(self.name).stem, self.progress)


@dataclass(frozen=True)
class Format:
    name: str
    read: Callable[[Source], Found]
    write: Callable[[Sequence[BankItem]], Written]


def _yaml(source: Source) -> Found:
    content = read_yaml(decoded(source.content), source.name, source.fetch)
    items = tuple(FoundItem(item, source.name, line) for item, line in content.items)
    return Found(
        items, tuple(content.problems), (), tuple(Standing(code, source.name, line) for code, line in content.codes)
    )


def _excel(source: Source) -> Found:
    return source.found(read_excel(source.content, source.name, source.fetch, source.progress))


def _qti(source: Source) -> Found:
    if source.content.startswith(b"PK"):
        return source.found(read_qti_package(Archive(source.content), source.name))
    return source.found(read_qti_file(source.content, source.name, source.fetch))


def _yaml_bytes(items: Sequence[BankItem]) -> tuple[bytes, list[Loss]]:
    return write_yaml(items).encode(), []


FORMATS: Mapping[str, Format] = MappingProxyType(
    {
        "yaml": Format("YAML", _yaml, lambda items: write_package(items, ".yaml", _yaml_bytes)),
        "excel": Format("Excel", _excel, lambda items: write_package(items, ".xlsx", write_excel)),
        "qti21": Format("QTI 2.1", _qti, lambda items: write_qti(items, QTI21)),
        "qti22": Format("QTI 2.2", _qti, lambda items: write_qti(items, QTI22)),
        "qti30": Format("QTI 3.0", _qti, lambda items: write_qti(items, QTI30)),
        "moodle": Format(
            "Moodle XML",
            lambda source: source.found(moodle_reading.read_moodle(source.content, source.name)),
            moodle_writing.write_moodle,
        ),
        "gift": Format(
            "GIFT",
            lambda source: source.found(gift_reading.read_gift(source.content, source.name)),
            gift_writing.write_gift,
        ),
        "aiken": Format(
            "Aiken", lambda source: source.found(aiken.read_aiken(source.content, source.name)), aiken.write_aiken
        ),
    }
)
SUFFIXES = {".yaml": "yaml", ".yml": "yaml", ".xlsx": "excel", ".xlsm": "excel", ".xls": "excel", ".gift": "gift"}
_ZIPS = (".zip", ".imscc")
"""The second is how course systems name a package."""
_BY_LOOK = (*_ZIPS, ".xml", ".txt")
_PACKED = {".yaml": "yaml", ".yml": "yaml", ".xlsx": "excel"}


def format_of(name: str, content: bytes) -> str | None:
    """By the suffix, and where several formats share one, by what stands inside; "package" for bank files in a zip."""
    suffix = PurePosixPath(name).suffix.lower()
    if suffix not in _BY_LOOK:
        return SUFFIXES.get(suffix)
    if suffix in _ZIPS:
        names = [PurePosixPath(one) for one in Archive(content).names()]
        if any(one.name == "imsmanifest.xml" for one in names):
            return "qti22"
        banks = any(one.suffix.lower() in _PACKED for one in names)
        return "qti22" if not banks and any(one.suffix.lower() == ".xml" for one in names) else "package"
    if suffix == ".xml":
        return "moodle" if local(parse(content)) == "quiz" else "qti22"
    return "aiken" if aiken.looks_like_aiken(decoded(content)) else "gift"


def read_packed(source: Source) -> Found:
    """Every bank file of a zip, with what lies beside it."""
    archive = Archive(source.content)
    found = Found()
    names = [name for name in archive.names() if not name.startswith("__MACOSX/")]
    wanted = [name for name in names if PurePosixPath(name).suffix.lower() in _PACKED]
    if not wanted:
        raise Unreadable(N_("The package holds no bank file that is known here: imsmanifest.xml, .yaml or .xlsx."))
    for name in sorted(wanted):
        part = f"{source.name}/{name}"
        inner = Source(part, archive.read(name), beside_in(archive, name), source.defaults, source.progress)
        try:
            one = FORMATS[_PACKED[PurePosixPath(name).suffix.lower()]].read(inner)
        except Unreadable as fault:
            one = Found(problems=(fault.problem(part),))
        found = Found(
            found.items + one.items, found.problems + one.problems, found.losses + one.losses, found.codes + one.codes
        )
    return found

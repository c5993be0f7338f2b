"""Files into the bank's values and out again: which files are meant, which format each is, what stands in them."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from pathlib import Path

from app.core.errors import N_, Refusal
from question_bank.bank_item import BankItem
from question_bank.file_problems import BankInvalid, FileProblem
from question_bank.formats.registry import FORMATS, Source, format_of, read_packed
from question_bank.formats.texts import MOST_TEXT_BYTES
from question_bank.formats.values import (
    NOTHING_SAID,
    Defaults,
    Found,
    FoundItem,
    Loss,
    Standing,
    Unreadable,
    Written,
)
from question_bank.media_files import Fetch, nothing
from question_bank.progress import SILENT, Progress

__all__ = ["FORMATS", "Defaults", "Found", "FoundItem", "Loss", "Written", "expand", "missing", "read_all",
           "read_files", "read_upload", "unknown_enemies", "write"]  # fmt: skip
MOST_BYTES = 2 * MOST_TEXT_BYTES
_IN_FOLDERS = (".yaml", ".yml")
_NAMES = {**{code: code for code in FORMATS}, "qti": "qti22"}
READERS = tuple(_NAMES)


def expand(paths: Iterable[str]) -> list[Path]:
    """Files, folders (every YAML file inside) and patterns, each file once, in order."""
    found: dict[Path, None] = {}
    for path in paths:
        here = Path(path)
        if here.is_dir():
            files = sorted(file for file in here.rglob("*") if file.suffix in _IN_FOLDERS and file.is_file())
        elif here.is_file():
            files = [here]
        else:
            root = Path(here.anchor) if here.is_absolute() else Path()
            pattern = str(here.relative_to(here.anchor)) if here.is_absolute() else path
            matches = root.glob(pattern) if any(sign in path for sign in "*?[") else ()
            files = sorted(file for file in matches if file.is_file())
        if not files:
            message = N_("There are no bank files at %(path)s. Name a file, a folder or a pattern that exists.")
            raise Refusal("no_bank_files", message, path=path)
        found.update(dict.fromkeys(files))
    return list(found)


def read_files(files: Sequence[Path], format_name: str | None = None) -> list[FoundItem]:
    """Every whole item of every file; or one refusal with every problem of all of them."""
    found = read_all(files, format_name)
    problems = [*found.problems, *missing(found.items)]
    if problems:
        raise BankInvalid(problems)
    return list(found.items)


def read_all(
    files: Sequence[Path],
    format_name: str | None = None,
    defaults: Defaults = NOTHING_SAID,
    progress: Progress = SILENT,
) -> Found:
    """All that stands in files, right and wrong, with what could not be carried over."""
    parts = [_read_path(file, format_name, defaults, progress) for file in files]
    found = Found(
        tuple(item for one in parts for item in one.items),
        tuple(problem for one in parts for problem in one.problems),
        tuple(loss for one in parts for loss in one.losses),
        tuple(code for one in parts for code in one.codes),
    )
    return _told_twice(found)


def read_upload(
    name: str,
    content: bytes,
    defaults: Defaults = NOTHING_SAID,
    format_name: str | None = None,
    progress: Progress = SILENT,
) -> Found:
    """All that stands in one file someone sent. Refuses only what is of no known format."""
    return _told_twice(_read(Source(name, content, nothing, defaults, progress), format_name))


def write(format_name: str, items: Sequence[BankItem]) -> Written:
    """A file in this format, with what it cannot carry item by item."""
    return FORMATS[_NAMES[format_name]].write(items)


def missing(items: Iterable[FoundItem]) -> list[FileProblem]:
    """What items lack that only drafts may lack."""
    return [note for one in items for note in one.notes]


def _read_path(file: Path, format_name: str | None, defaults: Defaults, progress: Progress) -> Found:
    try:
        if file.stat().st_size > MOST_BYTES:
            fault = Unreadable(N_("The file is larger than %(most)s MB; split it."), most=MOST_BYTES // 2**20)
            return Found(problems=(fault.problem(str(file)),))
        content = file.read_bytes()
    except OSError as error:
        reason = N_("The file cannot be read (%(reason)s).")
        problem = FileProblem(str(file), 1, reason, {"reason": error.strerror or str(error)})
        return Found(problems=(problem,))
    return _read(Source(str(file), content, beside(file), defaults, progress), format_name)


def _read(source: Source, format_name: str | None) -> Found:
    try:
        code = _NAMES[format_name] if format_name else format_of(source.name, source.content)
        if code is None:
            message = N_("The format of %(file)s is not known. Give one with --format: %(known)s.")
            raise Refusal("unknown_format", message, file=source.name, known=", ".join(FORMATS))
        packed = code == "package" or (format_name in ("yaml", "excel") and source.name.lower().endswith(".zip"))
        return read_packed(source) if packed else FORMATS[code].read(source)
    except Unreadable as fault:
        return Found(problems=(fault.problem(source.name),))


def beside(file: Path) -> Fetch:
    """Reads what stands in the file's folder or below it, and nothing else."""
    folder = file.parent.resolve()

    def fetch(name: str) -> bytes | None:
        try:
            wanted = (folder / name).resolve()
            return wanted.read_bytes() if wanted.is_relative_to(folder) and wanted.is_file() else None
        except (OSError, ValueError):
            return None

    return fetch


def _told_twice(found: Found) -> Found:
    return Found(found.items, (*found.problems, *_twice(found.codes)), found.losses, found.codes)


def _twice(codes: Sequence[Standing]) -> list[FileProblem]:
    first: dict[str, Standing] = {}
    found = []
    for one in codes:
        before = first.setdefault(one.code, one)
        if before is not one:
            message = N_("This code stands already in %(file)s, line %(line)s; every item needs its own.")
            params = {"file": before.file, "line": before.line}
            found.append(FileProblem(one.file, one.line, message, params, one.code, "id", one.sheet, one.column))
    return found


def unknown_enemies(items: Sequence[FoundItem], known: set[str]) -> list[FileProblem]:
    """Enemies that are neither in the files nor, by `known`, in the bank."""
    codes = known | {one.item.id for one in items}
    message = N_("There is no item “%(enemy)s”, neither in these files nor in the bank.")
    return [
        FileProblem(one.file, one.line, message, {"enemy": enemy}, one.item.id, "enemies")
        for one in items
        for enemy in sorted(one.item.enemies - codes)
    ]

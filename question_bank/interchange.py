"""Bank files in YAML. What all items of a file share stands once at its head; an item may say otherwise for itself."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

from app.core.errors import N_, Refusal
from question_bank.bank_item import BankItem
from question_bank.bank_yaml import read_yaml
from question_bank.file_problems import BankInvalid, FileProblem

Standing = tuple[str, str, int]
"""A code, and the file and line where it stands."""
READERS = {"yaml": read_yaml}
SUFFIXES = {".yaml": "yaml", ".yml": "yaml"}


@dataclass(frozen=True)
class FoundItem:
    """An item and where it stands."""

    item: BankItem
    file: str
    line: int


def expand(paths: Iterable[str]) -> list[Path]:
    """Files, folders (every bank file inside) and patterns, each file once, in order."""
    found: dict[Path, None] = {}
    for path in paths:
        here = Path(path)
        if here.is_dir():
            files = sorted(file for file in here.rglob("*") if file.suffix in SUFFIXES and file.is_file())
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
    """Every item of every file; or one refusal with every problem of all of them."""
    items: list[FoundItem] = []
    codes: list[Standing] = []
    problems: list[FileProblem] = []
    for file in files:
        read = READERS[format_name or _format_of(file)]
        try:
            text = file.read_bytes().decode("utf-8-sig")
        except OSError as error:
            reason = N_("The file cannot be read (%(reason)s).")
            problems.append(FileProblem(str(file), 1, reason, {"reason": error.strerror or str(error)}))
            continue
        except UnicodeDecodeError as error:
            line = error.object[: error.start].count(b"\n") + 1
            problems.append(FileProblem(str(file), line, N_("The file is not UTF-8 from here on; save it as UTF-8.")))
            continue
        content = read(text, str(file), beside(file))
        items += [FoundItem(item, str(file), line) for item, line in content.items]
        codes += [(code, str(file), line) for code, line in content.codes]
        problems += content.problems
    problems += _twice(codes)
    if problems:
        raise BankInvalid(problems)
    return items


def beside(file: Path) -> Callable[[str], bytes | None]:
    """Reads what stands in the file's folder or below it, and nothing else."""
    folder = file.parent.resolve()

    def fetch(name: str) -> bytes | None:
        try:
            wanted = (folder / name).resolve()
            return wanted.read_bytes() if wanted.is_relative_to(folder) and wanted.is_file() else None
        except (OSError, ValueError):
            return None

    return fetch


def _format_of(file: Path) -> str:
    try:
        return SUFFIXES[file.suffix.lower()]
    except KeyError:
        message = N_("The format of %(file)s is not known. Give one with --format: %(known)s.")
        raise Refusal("unknown_format", message, file=str(file), known=", ".join(READERS)) from None


def _twice(codes: Sequence[Standing]) -> list[FileProblem]:
    first: dict[str, Standing] = {}
    found = []
    for code, file, line in codes:
        before = first.setdefault(code, (code, file, line))
        if before != (code, file, line):
            message = N_("This code stands already in %(file)s, line %(line)s; every item needs its own.")
            found.append(FileProblem(file, line, message, {"file": before[1], "line": before[2]}, code, "id"))
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

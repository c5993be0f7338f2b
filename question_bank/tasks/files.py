"""Task files with their sounds: from folders, from packages (zip), and into packages again."""

from __future__ import annotations

import posixpath
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path, PurePosixPath
from typing import Any

from app.core.errors import N_
from app.schemes.reading import Problem
from question_bank.file_problems import FileProblem
from question_bank.formats.archive import Archive
from question_bank.formats.folder import packed
from question_bank.formats.values import Unreadable
from question_bank.media_files import Fetch, media_fault
from question_bank.stimuli import SOUNDS, Media
from question_bank.tasks.body import TaskFile
from question_bank.tasks.checks import problems
from question_bank.tasks.reading import TaskRead, look_at, write_task

MOST_SOUND_BYTES = 3 * 2**20
MOST_FILES = 2_000
FOLDER = "media"
ENDINGS = (".yaml", ".yml")


@dataclass(frozen=True)
class FoundTask:
    """A right task, where it stood, and its sounds by name."""

    file: str
    task: TaskFile
    media: Mapping[str, Media] = field(default_factory=dict)


@dataclass
class FoundTasks:
    tasks: list[FoundTask] = field(default_factory=list)
    problems: list[FileProblem] = field(default_factory=list)

    def take(self, text: str, file: str, fetch: Fetch) -> None:
        read = look_at(text, file)
        media: dict[str, Media] = {}
        if read.task:
            for problem in problems(read.task):
                read.add(problem)
            media = _sounds(read, read.task, fetch)
            if any(read.task.code == one.task.code for one in self.tasks):
                message = N_("Another of these files holds a task with the same code; each has its own.")
                read.add(Problem(("code",), message))
        self.problems += read.problems
        if read.task and not read.problems:
            self.tasks.append(FoundTask(file, read.task, media))

    def fault(self, file: str, message: str, **params: object) -> None:
        self.problems.append(FileProblem(file, 1, message, {**params, "file": file, "line": 1, "field": ""}))


def read_paths(paths: Iterable[Path]) -> FoundTasks:
    """Every task of files and packages, and everything that is wrong with them."""
    found = FoundTasks()
    for path in paths:
        if path.suffix.lower() == ".zip":
            _unpack(found, path.read_bytes(), f"{path}:")
            continue
        try:
            found.take(path.read_text(encoding="utf-8"), str(path), _beside(path.parent))
        except (OSError, UnicodeDecodeError):
            found.fault(str(path), _NO_TEXT)
    return found


def read_upload(name: str, content: bytes) -> FoundTasks:
    """What somebody sent: a package, or one task that needs no sounds."""
    found = FoundTasks()
    if content.startswith(b"PK"):
        _unpack(found, content, "")
    else:
        _take(found, content, name, lambda _: None)
    return found


def pack(tasks: Sequence[FoundTask]) -> bytes:
    """A package that reads back the same; the same tasks make the same bytes."""
    files: dict[str, bytes] = {}
    for one in sorted(tasks, key=lambda each: each.task.code):
        inside = f"{one.task.code}/" if _clashes(one.media, files) else ""
        files[f"{inside}{one.task.code}.yaml"] = write_task(one.task).encode()
        files |= {f"{inside}{FOLDER}/{name}": media.content for name, media in sorted(one.media.items())}
    return packed(files)


def sound_fault(media: Media) -> tuple[str, dict[str, Any]] | None:
    """Why a sound cannot be used, as a msgid with its params."""
    if len(media.content) > MOST_SOUND_BYTES:
        message = N_("%(name)s is larger than %(most)s MB; make it smaller.")
        return message, {"name": media.name, "most": MOST_SOUND_BYTES // 2**20}
    if media.type not in SOUNDS:
        message = N_("%(name)s is no sound that browsers play, whatever its name says. Use MP3, OGG, WAV or M4A.")
        return message, {"name": media.name}
    return media_fault(media, SOUNDS)


_NO_TEXT = N_("This file cannot be read as text; keep it as UTF-8.")


def _clashes(media: Mapping[str, Media], files: Mapping[str, bytes]) -> bool:
    return any(files.get(f"{FOLDER}/{name}", one.content) != one.content for name, one in media.items())


def _beside(folder: Path) -> Fetch:
    def fetch(name: str) -> bytes | None:
        for path in (folder / FOLDER / name, folder / name):
            if path.is_file():
                return path.read_bytes()
        return None

    return fetch


def _unpack(found: FoundTasks, content: bytes, place: str) -> None:
    try:
        archive = Archive(content)
        names = sorted(name for name in archive.names() if PurePosixPath(name).suffix.lower() in ENDINGS)
        if not names or len(names) > MOST_FILES:
            message = N_("A package holds between 1 and %(most)s task files; this one has %(count)s.")
            found.fault(place or "zip", message, most=MOST_FILES, count=len(names))
            return
        for name in names:
            _take(found, archive.read(name), f"{place}{name}", _packed_beside(archive, name))
    except Unreadable as unreadable:
        found.fault(place or "zip", unreadable.message, **unreadable.params)


def _packed_beside(archive: Archive, file: str) -> Fetch:
    folder = posixpath.dirname(file)

    def fetch(name: str) -> bytes | None:
        for inside in (posixpath.join(folder, FOLDER, name), posixpath.join(folder, name)):
            if inside in archive:
                return archive.read(inside)
        return None

    return fetch


def _take(found: FoundTasks, content: bytes, file: str, fetch: Fetch) -> None:
    try:
        found.take(content.decode("utf-8-sig"), file, fetch)
    except UnicodeDecodeError:
        found.fault(file, _NO_TEXT)


def _sounds(read: TaskRead, task: TaskFile, fetch: Fetch) -> dict[str, Media]:
    found = {}
    for name in task.media:
        content = fetch(name)
        if content is None:
            message = N_("There is no file %(name)s in the folder “media” beside this one.")
            read.add(Problem((task.kind, "audio"), message, {"name": name}))
            continue
        found[name] = Media(name, content)
        if fault := sound_fault(found[name]):
            read.add(Problem((task.kind, "audio"), *fault))
    return found

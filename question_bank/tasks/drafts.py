"""A task on its way: the parts all kinds share as fields, the part of its own kind as text, whole or not yet."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from app.core.errors import N_
from app.schemes.reading import Marked, Problem, read_marked
from question_bank.file_problems import FileProblem
from question_bank.tasks.body import COMMON, TaskFile, block_name, body_of, task_of
from question_bank.tasks.checks import problems
from question_bank.tasks.problems import field_name
from question_bank.tasks.reading import MOST_CHARACTERS, as_yaml
from question_bank.tasks.shape import shaped
from question_bank.yaml_depth import too_deep

UNFINISHED = "unfinished"
_TOO_MUCH = N_("This is too long, or nests too deeply, to be part of a task.")


@dataclass(frozen=True)
class Draft:
    """`common` holds the fields of COMMON as data; `block` is what was typed of the kind's own part, in YAML."""

    common: Mapping[str, Any]
    block: str

    @property
    def block_name(self) -> str:
        return block_name(str(self.common.get("kind", "")))

    @property
    def levels(self) -> list[str]:
        found = self.common.get("levels")
        return [one for one in found if isinstance(one, str)] if isinstance(found, list) else []


@dataclass
class Looked:
    """The task, if the draft is one, and everything that is still wrong; lines are those of the typed block."""

    task: TaskFile | None = None
    problems: list[FileProblem] = field(default_factory=list)


def draft_of(body: Mapping[str, Any]) -> Draft:
    """From what a version keeps."""
    if UNFINISHED in body:
        return Draft(body[UNFINISHED], body["block"])
    body = body_of(task_of(dict(body)))  # in the order of a file: the store keeps none
    name = block_name(body["kind"])
    return Draft({one: body[one] for one in COMMON if one in body}, as_yaml(body[name]))


def kept(draft: Draft) -> dict[str, Any]:
    """What a version keeps of it: the task itself as soon as it has the right shape."""
    task = _shaped(draft)[0]
    return body_of(task) if task else {UNFINISHED: dict(draft.common), "block": draft.block}


def look(draft: Draft) -> Looked:
    task, found, marked = _shaped(draft)
    if task:
        found = problems(task)
    return Looked(task, [_placed(one, draft, marked) for one in found])


def digest(levels: Sequence[str], body: Mapping[str, Any], media: Mapping[str, str]) -> str:
    told = json.dumps([list(levels), body, dict(media)], ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(told.encode()).hexdigest()


def _shaped(draft: Draft) -> tuple[TaskFile | None, list[Problem], Marked]:
    if len(draft.block) > MOST_CHARACTERS or too_deep(draft.block):
        marked = Marked(problems=[Problem((), _TOO_MUCH)])
    else:
        marked = read_marked(draft.block)
    name = draft.block_name
    if marked.problems:
        return None, [Problem((name, *one.path), one.message, one.params, one.line) for one in marked.problems], marked
    found = shaped({**draft.common, name: marked.data})
    return (None, found, marked) if isinstance(found, list) else (found, [], marked)


def _placed(problem: Problem, draft: Draft, marked: Marked) -> FileProblem:
    inside = bool(problem.path) and problem.path[0] == draft.block_name
    line = (problem.line or marked.line_of(problem.path[1:])) if inside else 0
    name = field_name(problem.path)
    params = {**problem.params, "file": "", "line": line, "field": name}
    return FileProblem("", line, problem.message, params, str(draft.common.get("code", "")), name)

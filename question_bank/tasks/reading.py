"""A task file in YAML, read with the line of every fault, and written so that it reads back the same."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

import yaml

from app.core.errors import N_
from app.schemes.reading import Marked, Path, Problem, read_marked
from question_bank.file_problems import FileProblem
from question_bank.tasks.body import TaskFile, body_of
from question_bank.tasks.problems import TaskInvalid, placed
from question_bank.tasks.shape import shaped
from question_bank.yaml_depth import too_deep

MOST_CHARACTERS = 400_000
SHORT = 130


@dataclass
class TaskRead:
    """What one file says, its lines, and what is wrong with its shape."""

    file: str
    task: TaskFile | None = None
    marked: Marked = field(default_factory=Marked)
    problems: list[FileProblem] = field(default_factory=list)

    @property
    def code(self) -> str:
        found = self.marked.data.get("code") if isinstance(self.marked.data, dict) else None
        return found if isinstance(found, str) else ""

    def add(self, problem: Problem) -> None:
        self.problems.append(placed(problem, self.marked, self.file, self.code))


def read_task(text: str, file: str) -> TaskFile:
    """Refuses with every problem's line, field and reason."""
    found = look_at(text, file)
    if found.task is None or found.problems:
        raise TaskInvalid(found.problems)
    return found.task


def look_at(text: str, file: str) -> TaskRead:
    """The task, or what is wrong with the shape of its file."""
    found = TaskRead(file)
    if len(text) > MOST_CHARACTERS:
        found.add(Problem((), N_("The file is too large for one task; it may have %(most)s characters."),
                          {"most": MOST_CHARACTERS}))  # fmt: skip
    elif line := too_deep(text):
        found.add(Problem((), N_("The file nests too deeply to be a task."), line=line))
    else:
        found.marked = read_marked(text)
        for problem in found.marked.problems:
            found.add(problem)
    if not found.problems:
        _shape(found)
    return found


def _shape(found: TaskRead) -> None:
    task = shaped(found.marked.data)
    if isinstance(task, list):
        told: set[tuple[Path, str]] = set()
        for problem in task:
            if (problem.path, problem.message) not in told:
                told.add((problem.path, problem.message))
                found.add(problem)
    else:
        found.task = task


class _Dumper(yaml.SafeDumper):
    def increase_indent(self, flow: bool = False, indentless: bool = False) -> Any:
        return super().increase_indent(flow, False)


def _fields(dumper: yaml.SafeDumper, value: dict[str, Any]) -> yaml.Node:
    """What is short stands in one line, as people write it."""
    node = dumper.represent_mapping("tag:yaml.org,2002:map", value.items(), flow_style=False)
    plain = all(isinstance(one, yaml.ScalarNode) and "\n" not in one.value for pair in node.value for one in pair)
    if plain and value and sum(len(one.value) + 3 for pair in node.value for one in pair) <= SHORT:
        node.flow_style = True
    return node


def _list(dumper: yaml.SafeDumper, value: list[Any]) -> yaml.Node:
    node = dumper.represent_sequence("tag:yaml.org,2002:seq", value, flow_style=False)
    plain = all(isinstance(one, yaml.ScalarNode) and "\n" not in one.value for one in node.value)
    if plain and sum(len(one.value) + 2 for one in node.value) <= SHORT // 2:
        node.flow_style = True
    return node


def _text(dumper: yaml.SafeDumper, value: str) -> yaml.Node:
    """Texts of several lines stand as blocks, so that people can read and change them."""
    style = "|" if "\n" in value else None
    return dumper.represent_scalar("tag:yaml.org,2002:str", value, style=style)


_Dumper.add_representer(str, _text)
_Dumper.add_representer(dict, _fields)
_Dumper.add_representer(list, _list)


def write_task(task: TaskFile) -> str:
    return as_yaml(body_of(task))


def as_yaml(value: Any) -> str:
    return str(yaml.dump(value, Dumper=_Dumper, allow_unicode=True, sort_keys=False, width=4_000))

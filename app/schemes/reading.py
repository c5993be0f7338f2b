"""YAML with the line of every field, and the refusal that names each line that is wrong."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from decimal import Decimal, InvalidOperation
from typing import Any

import yaml

from app.core.errors import N_, Refusal

Path = tuple[str | int, ...]
LOADER = getattr(yaml, "CSafeLoader", yaml.SafeLoader)  # the same language, read by libyaml where there is one
WHERE = "%(file)s, line %(line)s, %(field)s: "


@dataclass(frozen=True)
class Problem:
    """`message` is a msgid that opens with WHERE, so that it can stand alone in any language."""

    path: Path
    message: str
    params: Mapping[str, Any] = field(default_factory=dict)
    line: int | None = None


@dataclass
class Marked:
    """The data of a file, the line where each path begins, and what is wrong with it as YAML."""

    data: Any = None
    lines: dict[Path, int] = field(default_factory=dict)
    problems: list[Problem] = field(default_factory=list)

    def line_of(self, path: Path) -> int:
        """The line of the path, or of the nearest thing around it that exists."""
        while path and path not in self.lines:
            path = path[:-1]
        return self.lines.get(path, 1)


def read_marked(text: str) -> Marked:
    marked = Marked()
    try:
        node = yaml.compose(text, Loader=LOADER)
    except yaml.YAMLError as error:
        mark = getattr(error, "problem_mark", None)
        reason = getattr(error, "problem", None) or getattr(error, "reason", None) or "unreadable"
        marked.problems.append(
            Problem((), N_("%(file)s, line %(line)s, %(field)s: the file does not parse as YAML (%(reason)s)."),
                    {"reason": reason}, line=mark.line + 1 if mark else 1)
        )  # fmt: skip
        return marked
    if node is not None:
        marked.data = _Walk(marked).value(node, ())
    return marked


class _Walk:
    def __init__(self, marked: Marked) -> None:
        self.marked = marked
        self.visited: set[int] = set()
        self.scalars = yaml.SafeLoader("")

    def value(self, node: yaml.Node, path: Path) -> Any:
        self.marked.lines.setdefault(path, node.start_mark.line + 1)
        if isinstance(node, yaml.ScalarNode):
            return self.scalar(node, path)
        if id(node) in self.visited:
            self.wrong(path, N_("%(file)s, line %(line)s, %(field)s: aliases are not used here; write the value out."))
            return None
        self.visited.add(id(node))
        if isinstance(node, yaml.SequenceNode):
            return [self.value(child, (*path, index)) for index, child in enumerate(node.value)]
        return self.mapping(node, path)

    def mapping(self, node: yaml.Node, path: Path) -> dict[str, Any]:
        found: dict[str, Any] = {}
        for key_node, child in node.value:
            key = str(key_node.value) if isinstance(key_node, yaml.ScalarNode) else "?"
            here = (*path, key)
            if key in found:
                message = N_("%(file)s, line %(line)s, %(field)s: this field stands twice; keep one of the two.")
                self.marked.problems.append(Problem(here, message, line=key_node.start_mark.line + 1))
                continue
            self.marked.lines[here] = key_node.start_mark.line + 1
            found[key] = self.value(child, here)
        return found

    def scalar(self, node: yaml.ScalarNode, path: Path) -> Any:
        if node.tag == "tag:yaml.org,2002:float":
            try:
                return Decimal(node.value.replace("_", ""))
            except InvalidOperation:
                self.wrong(
                    path, N_("%(file)s, line %(line)s, %(field)s: this is not a number that can be counted with.")
                )
                return None
        try:
            return self.scalars.construct_object(node)
        except (yaml.YAMLError, ValueError):
            self.wrong(path, N_("%(file)s, line %(line)s, %(field)s: this value cannot be read."))
            return None

    def wrong(self, path: Path, message: str) -> None:
        self.marked.problems.append(Problem(path, message))


def refusal(file: str, marked: Marked, problems: Iterable[Problem]) -> Refusal:
    """One refusal for all problems: the sentence is about the first, the details list every one."""
    listed = []
    for problem in problems:
        line = problem.line or marked.line_of(problem.path)
        params = {**problem.params, "file": file, "line": line, "field": _field(problem.path)}
        listed.append((line, problem.message, params))
    listed.sort(key=lambda entry: entry[0])
    details = [
        {"file": file, "line": line, "field": params["field"], "reason": message.removeprefix(WHERE) % params}
        for line, message, params in listed
    ]
    _, message, params = listed[0]
    return Refusal("scheme_invalid", message, details={"problems": details}, **params)


def _field(path: Path) -> str:
    shown = ""
    for step in path:
        shown += f"[{step}]" if isinstance(step, int) else f".{step}" if shown else str(step)
    return shown or "(file)"

"""What is wrong with task files, and the refusal that names every line of it."""

from __future__ import annotations

from collections.abc import Iterable

from app.core.errors import N_, Refusal
from app.schemes.reading import Marked, Path, Problem
from question_bank.file_problems import FileProblem


class TaskInvalid(Refusal):
    """Refuses all files for the problems of any; `problems` keeps the sentences translatable."""

    def __init__(self, problems: Iterable[FileProblem]) -> None:
        self.problems = sorted(problems, key=lambda one: (one.file, one.line))
        first = self.problems[0]
        message = N_(
            "Nothing was kept: there are %(count)s problems in %(files)s task files, the first in %(file)s, line "
            "%(line)s. Mend them all, then try again."
        )
        listed = [{**one.place(), "reason": one.message % one.params} for one in self.problems]
        super().__init__(
            "task_invalid", message, details={"problems": listed}, count=len(listed),
            files=len({one.file for one in self.problems}), file=first.file, line=first.line,
        )  # fmt: skip


def placed(problem: Problem, marked: Marked, file: str, code: str) -> FileProblem:
    """A problem with its line and the name of its field."""
    line = problem.line or marked.line_of(problem.path)
    name = field_name(problem.path)
    params = {**problem.params, "file": file, "line": line, "field": name}
    return FileProblem(file, line, problem.message, params, code, name)


def field_name(path: Path) -> str:
    shown = ""
    for step in path:
        shown += f"[{step + 1}]" if isinstance(step, int) else f".{step}" if shown else str(step)
    return shown or "(file)"

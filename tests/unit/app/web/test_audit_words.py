"""Every decision that the code writes down has words for those who read the log."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

from app.web.audit_names import DECISIONS
from app.web.audit_words import PARTICULARS, SUBJECTS

ROOT = Path(__file__).parents[4]
CODE = ("app", "certificates", "proctoring", "question_bank")
WRITERS = {"record": 3, "record_many": 3}
"""Where what the line is about stands among the arguments."""


def calls() -> Iterator[ast.Call]:
    """Each call that writes a line."""
    for path in (path for part in CODE for path in (ROOT / part).rglob("*.py")):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr in WRITERS:
                yield node


def lines() -> Iterator[tuple[str, str]]:
    """Tag and subject of each call that spells both out."""
    for node in calls():
        spelled = [one.value for one in node.args[1:4:2] if isinstance(one, ast.Constant)]
        if len(spelled) == len(node.args[1:4:2]) == 2:
            yield str(spelled[0]), str(spelled[1])


def test_every_tag_and_subject_has_a_word() -> None:
    found = set(lines())
    assert len(found) > 100
    assert sorted({tag for tag, _ in found} - set(DECISIONS)) == []
    assert sorted({subject for _, subject in found} - set(SUBJECTS)) == []


def test_every_particular_has_a_word() -> None:
    named = {keyword.arg for call in calls() for keyword in call.keywords if keyword.arg}
    assert len(named) > 80
    assert sorted(named - set(PARTICULARS)) == []

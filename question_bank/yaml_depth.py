"""How deep a YAML file nests, found out without following it down: the parser itself would run out of stack."""

from __future__ import annotations

import re

import yaml

from app.schemes.reading import LOADER

DEEPEST = 50
_BRACKETS = re.compile(r"[\[\]{}]")
_FAR_IN = re.compile(rf"^(?: {{{2 * DEEPEST},}}|(?:[ ]*[-?:][ ]+){{{DEEPEST // 2},}})", re.MULTILINE)


def too_deep(text: str) -> int:
    """The line where it goes too deep; 0 for any file that does not."""
    return _by_events(text) if _suspicious(text) else 0


def _suspicious(text: str) -> bool:
    """Cheap, and too careful: brackets inside texts count as well."""
    depth = 0
    for match in _BRACKETS.finditer(text):
        depth = depth + 1 if match[0] in "[{" else max(0, depth - 1)
        if depth > DEEPEST:
            return True
    return _FAR_IN.search(text) is not None


def _by_events(text: str) -> int:
    depth = 0
    try:
        for event in yaml.parse(text, Loader=LOADER):
            if isinstance(event, yaml.CollectionStartEvent):
                depth += 1
                if depth > DEEPEST:
                    return event.start_mark.line + 1 if event.start_mark else 1
            elif isinstance(event, yaml.CollectionEndEvent):
                depth -= 1
    except yaml.YAMLError:
        return 0
    return 0

"""The places of the schemes that items belong to."""

from __future__ import annotations

from app.schemes.scheme import schemes
from app.web.language import chosen


def place_choices() -> list[tuple[str, list[tuple[str, str]]]]:
    """By row, over all levels: `row/work content` with its name."""
    english = chosen() == "en"
    found: dict[str, dict[str, str]] = {}
    for one in schemes().values():
        for level in one.levels:
            for row in level.theory.rows:
                name = f"{row.no} {row.name_en if english else row.name}"
                found.setdefault(name, {}).update({f"{row.no}/{content}": content for content in row.contents})
    return [(name, list(contents.items())) for name, contents in found.items()]

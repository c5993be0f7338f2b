"""Nothing is said to people but through the catalogues."""

from __future__ import annotations

import re
from collections.abc import Iterator
from html.parser import HTMLParser
from pathlib import Path

import pytest
from jinja2 import Environment

from deploy import catalogues

TEMPLATES = Path(__file__).resolve().parents[2] / "app" / "templates"
SPOKEN = {"title", "placeholder", "alt", "aria-label", "aria-description", "label"}
SILENT = {"script", "style"}
NAMES = {"中文", "English", "PDF", "JSON", "CSV", "Excel", "API", "ICC"}
"""Said alike in every language."""
LETTERS = re.compile(r"[^\W\d_]{2,}")
EXPRESSION = "\x00"


def without_expressions(source: str) -> str:
    """The template as it stands, each expression a mark, each translated block and class name gone."""
    parts, silent, opening = [], False, False
    for _line, kind, value in Environment(autoescape=True, extensions=["jinja2.ext.i18n"]).lex(source):
        if kind == "name" and (value == "trans" or (opening and value.endswith("_class"))):
            silent = True
        elif kind == "name" and value in ("endtrans", "endblock"):
            silent = False
        if kind != "whitespace":
            opening = (kind, value) == ("name", "block")
        if kind == "data" and not silent:
            parts.append(value)
        else:
            parts.append(EXPRESSION if kind == "variable_end" else "\n" * value.count("\n"))
    return "".join(parts)


class Listener(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.heard: list[tuple[int, str]] = []
        self.inside: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag in SILENT:
            self.inside.append(tag)
        for name, value in attrs:
            if name in SPOKEN or (name == "value" and ("type", "submit") in attrs):
                self.hear(value or "")

    def handle_endtag(self, tag: str) -> None:
        if tag in SILENT and self.inside:
            self.inside.pop()

    def handle_data(self, data: str) -> None:
        if not self.inside:
            self.hear(data)

    def hear(self, text: str) -> None:
        self.heard += [(self.getpos()[0], word) for word in LETTERS.findall(text) if word not in NAMES]


def untranslated(source: str) -> Iterator[tuple[int, str]]:
    listener = Listener()
    listener.feed(without_expressions(source))
    listener.close()
    yield from listener.heard


@pytest.mark.parametrize("path", sorted(TEMPLATES.rglob("*.html")), ids=lambda path: str(path.relative_to(TEMPLATES)))
def test_templates_say_nothing_untranslated(path: Path) -> None:
    assert list(untranslated(path.read_text(encoding="utf-8"))) == []


@pytest.mark.parametrize(
    ("source", "found"),
    [
        ('<p>{{ _("Sit down") }}</p>', []),
        ("<p>{% trans %}Sit down{% endtrans %}</p>", []),
        ("{% block main_class %}page{% endblock %}", []),
        ("{% block main %}page{% endblock %}", [(1, "page")]),
        ("<p>Sit</p>", [(1, "Sit")]),
        ("<p>\n请坐</p>", [(1, "请坐")]),
        ('<img alt="A chair">', [(1, "chair")]),
        ('<img alt="{{ _("A chair") }}" class="chair">', []),
        ("<script>const chair = 1</script>{# a chair #}<!-- a chair -->", []),
    ],
)
def test_what_counts_as_untranslated(source: str, found: list[tuple[int, str]]) -> None:
    assert list(untranslated(source)) == found


@pytest.mark.parametrize("language", catalogues.LANGUAGES)
def test_every_sentence_is_in_the_catalogue(language: str) -> None:
    assert list(catalogues.faults(language, catalogues.collected())) == []

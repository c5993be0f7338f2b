"""Items as HTML, put together from parts rendered once for everybody: a shell for each item, a line for each option.

The templates in templates/candidate/items/ stay the one place that says how an item looks. What only some have (an
answer that stands, a flag, a picture) is rendered for them alone.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache
from typing import Any, NamedTuple

from flask import Flask, current_app
from flask_babel import get_locale
from markupsafe import Markup

from app.delivery.delivered import Kept

HERE, TEXT = "\ue000", "\ue001"
"""From a private area that no item can hold: where the position goes, and where the options go."""
LETTERS = "ABCDEFGH"
SPACE = {"zh": "", "en": " "}


class Shell(NamedTuple):
    """An item without its position and options."""

    before: str
    after: str


_shells: Kept[tuple[Any, ...], Shell] = Kept(50_000)
_options: Kept[tuple[str, ...], str] = Kept(200_000)


def init_app(app: Flask) -> None:
    app.jinja_env.filters["item_page"] = item_page
    app.jinja_env.filters["map_links"] = map_links


def map_links(items: Sequence[dict[str, Any]]) -> Markup:
    """The map's list of a section; positions are numbers of ours."""
    return Markup("").join([_map_link(int(item["position"])) for item in items])


@cache
def _map_link(position: int) -> Markup:
    return Markup('<li><a href="#q-{0}" data-position="{0}">{0}</a></li>').format(position)


def item_page(item: dict[str, Any], kind: str) -> Markup:
    language = str(get_locale().language)
    if not _alike_for_all(item):
        return Markup(_rendered(item, kind, language))  # noqa: S704  # rendered by a template that escapes
    shell = _shell(item, kind, language)
    lettered = zip(item["options"], LETTERS, strict=False)
    options = "".join([_option(item["type"], one["id"], one["text"], letter) for one, letter in lettered])
    whole = f"{shell.before}{options}{shell.after}".replace(HERE, str(item["position"]))
    return Markup(whole)  # noqa: S704  # parts of what a template rendered and escaped


def _alike_for_all(item: dict[str, Any]) -> bool:
    own = item["answer"] or item["flagged"] or item["seq"] or item.get("media")
    return not own and item["control"] == "choice" and len(item["options"]) <= len(LETTERS)


def _shell(item: dict[str, Any], kind: str, language: str) -> Shell:
    key = (language, kind, item["type"], item["stem"], item["marks"], item.get("stimulus"), item["tasks"])
    found = _shells.get(key)
    if found is None:
        alone = {"id": "A", "text": TEXT}
        whole = _rendered({**item, "position": HERE, "options": [alone]}, kind, language)
        before, option, after = whole.partition(_option(item["type"], "A", TEXT, "A"))
        if not option:
            raise RuntimeError("an item's template no longer shows its options as lines of their own")
        found = _shells.put(key, Shell(before, after))
    return found


def _option(kind: str, number: str, text: str, letter: str) -> str:
    key = (kind, number, text, letter)
    found = _options.get(key)
    if found is None:
        item = {"type": kind, "position": HERE, "answer": []}
        template = current_app.jinja_env.get_template("candidate/items/option.html")
        found = _options.put(key, template.render(item=item, option={"id": number, "text": text}, letter=letter))
    return found


def _rendered(item: dict[str, Any], kind: str, language: str) -> str:
    template = current_app.jinja_env.get_template("candidate/items/item.html")
    return template.render(item=item, kind=kind, space=SPACE.get(language, ""))

"""One item: what it says, how it fares, its versions and revisions, and what may be done about it now."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from typing import Any

from flask import render_template, request
from flask.typing import ResponseReturnValue

from app.accounts.permissions import Permission
from app.core.db import db
from app.schemes.scheme import scheme
from app.web.access import principal, requires
from app.web.author import showing, states, words
from app.web.author.views import bp
from question_bank.item_types import CHOICE_TYPES
from question_bank.workshop import reading, usage
from question_bank.workshop.content import FIELDS
from question_bank.workshop.reading import ItemFile
from question_bank.workshop.subject import editors_of

MOST_ANSWERS = 6


@dataclass(frozen=True)
class Fared:
    """A version's figures; `answers` are the shares of its options, or what was answered most."""

    version: int
    figures: usage.Usage
    answers: list[tuple[str, int, bool]]
    """The answer or option, how often, whether it is right."""


@bp.get("/items/<code>")
@requires(Permission.READ_BANK)
def item(code: str) -> ResponseReturnValue:
    session = db.session()
    file = reading.item_file(session, reading.item_id_of(session, code))
    asked = states.asked("state")
    found, faults = reading.draft_item(session, file.item.id, asked)
    return render_template(
        "author/item.html",
        **about(file),
        shown=showing.shown(found),
        material=showing.material(found.stimulus) if found.stimulus else None,
        item=found,
        faults=words.faults_told(faults, found),
        state=states.written(asked) if asked else "",
        fared=_fared(file),
        steps=[(one, words.step_name(one.tag)) for one in reading.history(session, file.item.id)],
    )


@bp.get("/items/<code>/changes")
@requires(Permission.READ_BANK)
def changes(code: str) -> ResponseReturnValue:
    session = db.session()
    file = reading.item_file(session, reading.item_id_of(session, code))
    usual = states.usual_pair(file)
    before, after = request.args.get("before", usual[0]), request.args.get("after", usual[1])
    pair = states.asked("before") or states.parsed(usual[0]), states.asked("after") or states.parsed(usual[1])
    found = reading.changes(session, file.item.id, *pair)
    return render_template(
        "author/changes.html", file=file, changes=found, choices=states.choices(file), before=before, after=after
    )


def about(file: ItemFile) -> dict[str, Any]:
    """What every page about one item needs to know."""
    person = principal()
    level = scheme(file.item.scheme).level(file.item.level)
    editors = editors_of(db.session(), [file.item.id]).get(file.item.id, frozenset())
    return {
        "file": file,
        "level": level,
        "own": file.open is not None and (person.user_id in editors or file.open.author_id == person.user_id),
        "fields": FIELDS,
        "moved": file.open is not None and file.open.base != (file.newest.number if file.newest else 0),
    }


def _fared(file: ItemFile) -> list[Fared]:
    figures = usage.usage_of(db.session(), [one.id for one in file.versions])
    return [Fared(one.number, figures[one.id], _answers(one, figures[one.id])) for one in file.versions]


def _answers(version: Any, figures: usage.Usage) -> list[tuple[str, int, bool]]:
    if version.type in CHOICE_TYPES:
        options = sorted(version.options) or ["T", "F"]
        counted: Counter[str] = Counter()
        for answer, count in figures.answers:
            for option in answer:
                counted[option] += count
        return [(option, counted[option], option in version.key) for option in options]
    listed = [(answer, count) for answer, count in figures.answers if answer][:MOST_ANSWERS]
    return [(" · ".join(answer), count, list(answer) == list(version.key)) for answer, count in listed]

"""Points in an item's life as they stand in addresses: `v2` a version, `r3` a revision, `r3.1` one of its savings."""

from __future__ import annotations

import re

from flask import request
from flask_babel import gettext as _

from app.web.presentation import moment
from app.web.state_names import state_name
from question_bank.workshop.reading import ItemFile, State

_STATE = re.compile(r"v(?P<version>[0-9]{1,9})|r(?P<revision>[0-9]{1,9})(?:\.(?P<edition>[0-9]{1,9}))?")


def asked(name: str) -> State | None:
    text = request.args.get(name, "")
    return parsed(text) if _STATE.fullmatch(text) else None


def parsed(text: str) -> State:
    found = _STATE.fullmatch(text)
    return State(**{part: int(figures) for part, figures in found.groupdict().items() if figures}) if found else State()


def written(state: State) -> str:
    if state.version:
        return f"v{state.version}"
    return f"r{state.revision}.{state.edition}" if state.edition else f"r{state.revision}"


def choices(file: ItemFile) -> list[tuple[str, str]]:
    """Everything that can be compared, the newest first: revisions with their savings, versions."""
    found = []
    for one in file.revisions:
        for edit in reversed(one.edits):
            words = _("Revision %(number)s, saving %(edition)s", number=one.number, edition=edit.edition)
            state = f" · {state_name(one.state)}" if edit.edition == one.edition else ""
            found.append((f"r{one.number}.{edit.edition}", f"{words} · {edit.editor_name} {moment(edit.at)}{state}"))
    for version in file.versions:
        words = _("Version %(number)s", number=version.number)
        found.append((f"v{version.number}", f"{words} · {moment(version.created_at)}"))
    return found


def usual_pair(file: ItemFile) -> tuple[str, str]:
    """What a reader most likely wants compared: the draft with what is in use, else the last two versions."""
    if file.open:
        after = f"r{file.open.number}.{file.open.edition}"
        if file.newest:
            return f"v{file.newest.number}", after
        return f"r{file.open.number}.1", after
    versions = [f"v{one.number}" for one in file.versions]
    everything = [value for value, _words in choices(file)]
    return (versions[1], versions[0]) if len(versions) > 1 else (everything[-1], everything[0])

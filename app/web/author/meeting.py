"""Two people wrote in one draft: what each changed is brought together, and where both did, both texts are shown."""

from __future__ import annotations

from sqlalchemy.orm import Session

from app.core.errors import Refusal
from question_bank.workshop import reading
from question_bank.workshop.content import FIELDS, Content, normal
from question_bank.workshop.diff import FieldChange, changed_fields, diff
from question_bank.workshop.reading import State
from question_bank.workshop.subject import Seen


def brought_together(
    session: Session, item_id: int, seen: Seen, mine: Content, theirs: Content
) -> tuple[Content, list[FieldChange]]:
    """Theirs, with one's own changes over it; and how the fields that both changed differ."""
    try:
        before = reading.content_at(session, item_id, State(revision=seen.revision, edition=seen.edition))
        own = normal(mine)
    except Refusal:  # nothing to compare with, or not to be kept as it was typed
        return mine, diff(theirs, mine)
    written = changed_fields(before, own)
    both = [name for name in written if name in changed_fields(before, theirs) and own[name] != theirs[name]]
    merged = {**theirs, **{name: own[name] for name in written}}
    apart = diff({name: theirs[name] for name in both}, {name: own[name] for name in both})
    return {name: merged[name] for name in FIELDS}, apart

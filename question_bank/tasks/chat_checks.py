"""Whether every line of a chat can ever be said."""

from __future__ import annotations

from collections.abc import Iterator

from app.core.errors import N_
from app.schemes.reading import Path, Problem
from question_bank.tasks.chats import Chat, ChatCustomer


def problems(chat: Chat, minutes: int | None) -> Iterator[Problem]:
    yield from _twice([one.id for one in chat.customers], ("chat", "customers"))
    openings = [line.after for one in chat.customers for line in one.lines if line.after is not None]
    if 0 not in openings:
        yield Problem(("chat", "customers"), N_("One customer must open the chat: give a first line “after: 0”."))
    for place, customer in enumerate(chat.customers):
        path: Path = ("chat", "customers", place)
        yield from _twice([line.id for line in customer.lines], (*path, "lines"))
        yield from _twice([fact.id for fact in customer.facts if fact.id], (*path, "facts"))
        if not any(line.after is not None for line in customer.lines):
            yield Problem((*path, "lines"), N_("This customer never begins: one line needs “after” with its seconds."))
        yield from _lines(customer, (*path, "lines"), minutes)


def _lines(customer: ChatCustomer, path: Path, minutes: int | None) -> Iterator[Problem]:
    reachable = said(customer)
    known = {line.id for line in customer.lines}
    for place, line in enumerate(customer.lines):
        here = (*path, place)
        if len(line.triggers) != 1:
            message = N_("A line needs exactly one of after, reply_to, if_mentions, if_silent; this one has %(count)s.")
            yield Problem(here, message, {"count": len(line.triggers)})
        elif line.reply_to is not None and line.reply_to not in known:
            message = N_("This customer has no line “%(name)s”.")
            yield Problem((*here, "reply_to"), message, {"name": line.reply_to})
        elif line.id not in reachable:
            message = N_("This line can never be said: what it waits for waits for it in turn.")
            yield Problem((*here, "reply_to"), message)
        if not line.once and line.if_silent is None:
            yield Problem((*here, "once"), N_("Only a line said after a silence may be said more than once."))
        if minutes and line.after is not None and line.after >= minutes * 60:
            message = N_("This comes after the end of the task, which has %(minutes)s minutes.")
            yield Problem((*here, "after"), message, {"minutes": minutes})


def said(customer: ChatCustomer) -> set[str]:
    """Ids of the lines that some candidate can bring about."""
    found = {line.id for line in customer.lines if line.triggers and line.reply_to is None}
    while more := {line.id for line in customer.lines if line.reply_to in found} - found:
        found |= more
    return found


def _twice(names: list[str], path: Path) -> Iterator[Problem]:
    for place, name in enumerate(names):
        if name in names[:place]:
            yield Problem((*path, place, "id"), N_("“%(name)s” stands twice; each may stand once."), {"name": name})

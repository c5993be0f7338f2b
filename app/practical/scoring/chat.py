"""The customers of a chat speak by their script: which lines are due, and how long each waited for an answer."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from app.practical.scoring.forms import bare
from app.practical.scoring.values import Done, Scored, shown

CUSTOMER, AGENT = "customer", "agent"
USUAL_WAIT = Decimal(4)
"""Seconds a customer takes to write where the script names none."""


@dataclass(frozen=True)
class Turn:
    """Something said in a conversation, `at` seconds since the task began."""

    conversation: str
    who: str
    at: Decimal
    text: str
    line: str = ""
    """Of the script; empty for what the candidate wrote."""


@dataclass(frozen=True)
class Due:
    conversation: str
    line: str
    at: Decimal


def transcript(block: Mapping[str, Any], entries: Iterable[Done]) -> list[Turn]:
    """What was said, in the order in which it was stored."""
    says = {(one["id"], line["id"]): line["say"] for one in block["customers"] for line in one["lines"]}
    turns = []
    for entry in entries:
        where = entry.data.get("conversation", "")
        if entry.kind == "line":
            line = entry.data["line"]
            turns.append(Turn(where, CUSTOMER, entry.seconds, says.get((where, line), ""), line))
        elif entry.kind == "say":
            turns.append(Turn(where, AGENT, entry.seconds, entry.data["text"]))
    return turns


def ended(entries: Iterable[Done]) -> set[str]:
    """Conversations that the candidate brought to their end."""
    return {entry.data["conversation"] for entry in entries if entry.kind == "end"}


def due_lines(block: Mapping[str, Any], turns: Sequence[Turn], elapsed: Decimal, over: Iterable[str] = ()) -> list[Due]:
    """Lines of the script whose moment has come and that were not said yet, in the order of their moments."""
    done = set(over)
    found = [
        due
        for customer in block["customers"]
        if customer["id"] not in done
        for line in customer["lines"]
        for due in _due(customer["id"], line, [turn for turn in turns if turn.conversation == customer["id"]])
        if due.at <= elapsed
    ]
    return sorted(found, key=lambda due: (due.at, due.conversation, due.line))


def _due(conversation: str, line: Mapping[str, Any], turns: Sequence[Turn]) -> Iterator[Due]:
    said = [turn for turn in turns if turn.line == line["id"]]
    if line.get("if_silent") is not None:
        since = waiting_since(turns)
        answered = max((turn.at for turn in turns if turn.who == AGENT), default=Decimal(-1))
        if since is not None and not (said and (line.get("once") or said[-1].at > answered)):
            yield Due(conversation, line["id"], since + Decimal(str(line["if_silent"])))
        return
    if line.get("reply_to") is None and not line.get("if_mentions"):
        if not said:
            yield Due(conversation, line["id"], Decimal(str(line.get("after") or 0)))
        return
    answers = [turn for turn in _after(line.get("reply_to"), turns) if _mentions(turn, line.get("if_mentions"))]
    repeats = bool(line.get("if_mentions")) and not line.get("once")
    if len(answers) > len(said) and (not said or repeats):
        wait = line.get("wait")
        pause = USUAL_WAIT if wait is None else Decimal(str(wait))
        yield Due(conversation, line["id"], answers[len(said)].at + pause)


def _after(line: str | None, turns: Sequence[Turn]) -> list[Turn]:
    """What the candidate wrote after a line was said; anything at all where the script names no line."""
    places = [place for place, turn in enumerate(turns) if line is None or turn.line == line]
    return [turn for turn in turns[places[0] :] if turn.who == AGENT] if places else []


def _mentions(turn: Turn, words: Sequence[str] | None) -> bool:
    return not words or any(bare(word) in bare(turn.text) for word in words)


def waiting_since(turns: Sequence[Turn]) -> Decimal | None:
    """Since when the customer has been waiting for an answer; None if nothing is open."""
    since = None
    for turn in turns:
        if turn.who == AGENT:
            since = None
        elif since is None:
            since = turn.at
    return since


def score(block: Mapping[str, Any], entries: Sequence[Done], until: Decimal) -> Scored:
    """No points: how fast the candidate answered, for the examiner who reads what was written."""
    turns, over = transcript(block, entries), ended(entries)
    return Scored(None, {"customers": [_measured(one, turns, over, until) for one in block["customers"]]})


def _measured(customer: Mapping[str, Any], turns: Sequence[Turn], over: set[str], until: Decimal) -> dict[str, Any]:
    own = [turn for turn in turns if turn.conversation == customer["id"]]
    answers: list[Decimal] = []
    since: Decimal | None = None
    for turn in own:
        if turn.who == AGENT:
            answers += [turn.at - since] if since is not None else []
            since = None
        elif since is None:
            since = turn.at
    left = None if since is None or customer["id"] in over else until - since
    return {
        "id": customer["id"],
        "name": customer["name"],
        "first_response": shown(answers[0]) if answers else None,
        "mean_response": shown(sum(answers, start=Decimal(0)) / len(answers)) if answers else None,
        "slowest_response": shown(max(answers)) if answers else None,
        "messages": sum(1 for turn in own if turn.who == AGENT),
        "said": sum(1 for turn in own if turn.who == CUSTOMER),
        "left_waiting": shown(left) if left is not None else None,
        "ended": customer["id"] in over,
    }

"""What customers say when, and how long they waited."""

from __future__ import annotations

from decimal import Decimal

from hypothesis import given
from hypothesis import strategies as st

from app.practical.scoring import chat
from app.practical.scoring.chat import AGENT, CUSTOMER, Due, Turn
from app.practical.scoring.values import Done
from tests.factories.desk_tasks import CHAT


def said(*turns: tuple[str, int, str]) -> list[Turn]:
    """(conversation, second, what): a line of the script by its id, anything else by the candidate."""
    ids = {(one["id"], line["id"]) for one in CHAT["customers"] for line in one["lines"]}
    return [
        Turn(where, CUSTOMER, Decimal(at), "", what) if (where, what) in ids else Turn(where, AGENT, Decimal(at), what)
        for where, at, what in turns
    ]


def due(turns: list[Turn], elapsed: int, over: tuple[str, ...] = ()) -> list[tuple[str, str, int]]:
    return [(one.conversation, one.line, int(one.at)) for one in chat.due_lines(CHAT, turns, Decimal(elapsed), over)]


def test_customers_open() -> None:
    assert due([], 0) == [("c1", "l1", 0), ("c2", "l1", 0)]
    assert due(said(("c1", 0, "l1"), ("c2", 0, "l1")), 30) == []


def test_an_answer_brings_the_reply() -> None:
    turns = said(("c1", 0, "l1"), ("c2", 0, "l1"), ("c1", 20, "您好"))
    assert due(turns, 20) == [("c1", "l2", 20)]
    assert due([*turns, *said(("c1", 20, "l2"))], 40) == []


def test_words_bring_their_line_after_a_while_and_once() -> None:
    turns = said(("c1", 0, "l1"), ("c2", 0, "l1"), ("c1", 10, "可以退款"), ("c1", 10, "l2"))
    assert due(turns, 11) == []
    assert due(turns, 12) == [("c1", "l3", 12)]
    assert due([*turns, *said(("c1", 12, "l3"), ("c1", 20, "我们赔偿"))], 60) == []


def test_silence_brings_a_question() -> None:
    turns = said(("c1", 0, "l1"), ("c2", 0, "l1"), ("c2", 5, "好的"), ("c2", 5, "l2"))
    assert due(turns, 59) == []
    assert due(turns, 60) == [("c1", "n1", 60)]
    assert due([*turns, *said(("c1", 61, "n1"))], 200) == []


def test_who_may_ask_again_does_after_the_next_answer() -> None:
    again = {**CHAT, "customers": [{**CHAT["customers"][0], "lines": [
        CHAT["customers"][0]["lines"][0], {"id": "n1", "say": "还在吗？", "if_silent": 60, "once": False},
    ]}]}  # fmt: skip
    turns = said(("c1", 0, "l1"), ("c1", 60, "n1"))
    assert chat.due_lines(again, turns, Decimal(300)) == []
    turns += said(("c1", 70, "在的"), ("c1", 80, "l2"))
    assert chat.due_lines(again, turns, Decimal(140)) == [Due("c1", "n1", Decimal(140))]


def test_an_ended_conversation_is_silent() -> None:
    assert due(said(("c1", 0, "l1"), ("c2", 0, "l1")), 100, over=("c1", "c2")) == []


def entries(*done: tuple[str, int, dict[str, str]]) -> list[Done]:
    return [Done(kind, data, Decimal(at)) for kind, at, data in done]


def test_how_long_they_waited() -> None:
    facts = chat.score(CHAT, entries(
        ("line", 0, {"conversation": "c1", "line": "l1"}), ("line", 0, {"conversation": "c2", "line": "l1"}),
        ("say", 12, {"conversation": "c1", "text": "您好"}), ("line", 13, {"conversation": "c1", "line": "l2"}),
        ("say", 33, {"conversation": "c1", "text": "明天"}), ("end", 40, {"conversation": "c1"}),
    ), Decimal(100)).facts  # fmt: skip
    first, second = facts["customers"]
    assert (first["first_response"], first["mean_response"], first["slowest_response"]) == ("12.0", "16.0", "20.0")
    assert (first["left_waiting"], first["ended"], first["messages"]) == (None, True, 2)
    assert (second["first_response"], second["left_waiting"]) == (None, "100.0")


@given(
    st.lists(
        st.tuples(st.sampled_from(["c1", "c2"]), st.integers(0, 300), st.sampled_from(["好", "退款"])), max_size=12
    )
)
def test_every_line_is_said_at_most_once_and_time_never_takes_one_back(found: list[tuple[str, int, str]]) -> None:
    """The server asks again and again; what it was told to say stays said."""
    turns: list[Turn] = []
    waiting = sorted(found, key=lambda turn: turn[1])
    for now in range(0, 400, 20):
        turns += said(*[turn for turn in waiting if now - 20 < turn[1] <= now])
        turns += [Turn(one.conversation, CUSTOMER, Decimal(now), "", one.line) for one in
                  chat.due_lines(CHAT, turns, Decimal(now))]  # fmt: skip
        lines = [(turn.conversation, turn.line) for turn in turns if turn.line]
        assert len(lines) == len(set(lines))
        assert chat.due_lines(CHAT, turns, Decimal(now)) == []

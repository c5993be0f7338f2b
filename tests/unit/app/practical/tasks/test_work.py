"""A candidate at the tasks at a computer: time, replays, what may be stored, and the end that needs nobody."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any
from uuid import UUID, uuid4

import pytest
from sqlalchemy import func, select, update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from app.core.audit import Actor
from app.core.clock import now as clock_now
from app.core.errors import NotFound, Refusal
from app.models.audit import AuditLine
from app.models.registration import Seat, SessionState
from app.models.task_work import TaskEntry, TaskScore
from app.models.tasks import SeatTask
from app.practical.tasks import chat as task_chat
from app.practical.tasks import closing as task_closing
from app.practical.tasks import plays as task_plays
from app.practical.tasks import view as task_view
from app.practical.tasks import work as task_work
from app.practical.tasks.proposals import proposals
from app.practical.tasks.rows import OWN_NAMES
from app.practical.tasks.work import Entry
from tests.factories import desk_tasks

ACTOR = Actor(None, "candidate", "test")
CLIENT = UUID(int=77)


@pytest.fixture
def seat(session: Session) -> Seat:
    exam = desk_tasks.open_session(session)
    [only] = desk_tasks.seats(session, exam)
    return only


def user(seat: Seat) -> int:
    return seat.application.candidate.user_id


def begun(session: Session, seat: Seat, kind: str, at: datetime | None = None, **how: Any) -> SeatTask:
    task = desk_tasks.drawn(session, seat, kind, **how)
    return task_work.start(session, ACTOR, user(seat), task.id, at or clock_now())


def store(session: Session, seat: Seat, task: SeatTask, *entries: Entry, client: UUID = CLIENT) -> Any:
    return task_work.store(session, user(seat), task.id, client, entries, clock_now())


def values(seq: int, **given: Any) -> Entry:
    return Entry(seq, "values", {"values": given})


def kept(session: Session, task: SeatTask) -> int:
    return session.scalar(select(func.count()).where(TaskEntry.seat_task_id == task.id)) or 0


def code(outcome: Any) -> str:
    assert isinstance(outcome, Refusal)
    return outcome.code


def refused(session: Session, seat: Seat, task: SeatTask, *entries: Entry) -> str:
    with pytest.raises(Refusal) as caught:
        store(session, seat, task, *entries)
    assert kept(session, task) == 0
    return caught.value.code


def test_beginning_twice_is_beginning_once(session: Session, seat: Seat) -> None:
    task = begun(session, seat, "ticket")
    first = task.started_at
    assert seat.practical_started_at == first
    assert task_work.start(session, ACTOR, user(seat), task.id, clock_now()).started_at == first


def test_one_at_a_time(session: Session, seat: Seat) -> None:
    begun(session, seat, "ticket")
    other = desk_tasks.drawn(session, seat, "typing")
    with pytest.raises(Refusal, match="another task"):
        task_work.start(session, ACTOR, user(seat), other.id, clock_now())
    later = clock_now() + timedelta(minutes=16)
    assert task_work.start(session, ACTOR, user(seat), other.id, later).started_at == later  # the first one is over


def test_not_before_the_session_opens(session: Session, seat: Seat) -> None:
    task = desk_tasks.drawn(session, seat, "ticket")
    seat.session.state = SessionState.PREPARED
    session.flush()
    with pytest.raises(Refusal, match="not open"):
        task_work.start(session, ACTOR, user(seat), task.id, clock_now())


def test_what_is_anothers_does_not_exist(session: Session) -> None:
    exam = desk_tasks.open_session(session, candidates=2)
    first, second = desk_tasks.seats(session, exam)
    task = begun(session, first, "ticket")
    for act in (
        lambda: task_work.start(session, ACTOR, user(second), task.id, clock_now()),
        lambda: task_work.store(session, user(second), task.id, CLIENT, [values(1, name="x")], clock_now()),
        lambda: task_work.finish(session, ACTOR, user(second), task.id, clock_now()),
        lambda: task_plays.play(session, user(second), task.id, uuid4(), clock_now()),
        lambda: task_plays.fetch(session, user(second), task.id, 1),
    ):
        with pytest.raises(NotFound):
            act()


def test_attended_tasks_are_not_begun_at_a_computer(session: Session, seat: Seat) -> None:
    task = desk_tasks.drawn(session, seat, "call")
    for act in (task_work.start, task_work.finish):
        with pytest.raises(Refusal, match="played before"):
            act(session, ACTOR, user(seat), task.id, clock_now())
    assert refused(session, seat, task, values(1, name="x")) == "task_attended"


def test_replays_in_any_order_change_nothing(session: Session, seat: Seat) -> None:
    task = begun(session, seat, "ticket")
    assert store(session, seat, task, values(2, name="周岚")).acked == 2
    assert store(session, seat, task, values(1, name="周"), values(2, name="周岚")).acked == 2
    assert store(session, seat, task, values(2, name="别的")).acked == 2
    assert kept(session, task) == 2
    assert task_view.candidate_view(session, task, clock_now())["work"] == {"values": {"name": "周岚"}}


def test_two_browsers_do_not_take_each_others_numbers(session: Session, seat: Seat) -> None:
    task = begun(session, seat, "ticket")
    store(session, seat, task, values(1, name="周岚"))
    store(session, seat, task, values(1, phone="138"), client=uuid4())
    assert kept(session, task) == 2


def test_nothing_after_the_time(session: Session, seat: Seat) -> None:
    """The statement decides by the database's clock, whatever a browser says of when it was made."""
    task = begun(session, seat, "ticket", clock_now() - timedelta(minutes=15, seconds=12))
    late = Entry(1, "values", {"values": {"name": "周岚"}}, clock_now() - timedelta(minutes=5))
    assert code(store(session, seat, task, late)) == "task_over"
    assert kept(session, task) == 0
    assert task.started_at is not None
    assert task.ended_at == task.started_at + timedelta(minutes=15)


def test_within_the_grace_it_is_kept(session: Session, seat: Seat) -> None:
    task = begun(session, seat, "ticket", clock_now() - timedelta(minutes=15, seconds=3))
    assert store(session, seat, task, values(1, name="周岚")).acked == 1


def test_extra_time_of_the_task_and_of_the_person(session: Session, seat: Seat) -> None:
    task = begun(session, seat, "ticket", clock_now() - timedelta(minutes=17))
    task.extra_seconds, seat.extra_seconds = 60, 1200  # of 120 minutes; 15 of them are this task's: 150 seconds
    session.flush()
    assert task.started_at is not None
    assert store(session, seat, task, values(1, name="周岚")).task.id == task.id
    assert task_work.deadline_of(task) == task.started_at + timedelta(minutes=15, seconds=210)


def test_what_was_stored_is_acknowledged_after_the_end_as_well(session: Session, seat: Seat) -> None:
    task = begun(session, seat, "ticket")
    store(session, seat, task, values(1, name="周岚"))
    task_work.finish(session, ACTOR, user(seat), task.id, clock_now())
    assert store(session, seat, task, values(1, name="周岚")).acked == 1
    assert code(store(session, seat, task, values(2, name="别的"))) == "task_over"
    assert code(store(session, seat, task)) == "task_over"


def test_a_closed_session_takes_nothing(session: Session, seat: Seat) -> None:
    task = begun(session, seat, "ticket")
    seat.session.state, seat.session.closed_at = SessionState.CLOSED, clock_now()
    session.flush()
    assert code(store(session, seat, task, values(1, name="周岚"))) == "task_over"
    assert task.ended_at == seat.session.closed_at


@pytest.mark.parametrize(
    "kind, entry, expected",
    [
        ("ticket", Entry(1, "values", {"values": {"salary": "1"}}), "field_unknown"),
        ("ticket", Entry(1, "values", {"values": {}}), "entry_empty"),
        ("ticket", Entry(1, "values", {"values": {"kind": "骂人"}}), "field_wrong"),
        ("ticket", Entry(1, "values", {"values": {"name": 7}}), "text_wrong"),
        ("ticket", Entry(1, "values", {"values": {"note": "长" * 5000}}), "text_wrong"),
        ("ticket", Entry(1, "values", {"values": {"note": "长" * 9000}}), "entry_too_large"),
        ("ticket", Entry(1, "say", {"text": "x"}), "entry_kind_unknown"),
        ("ticket", Entry(1, "play", {"key": "x"}), "entry_kind_unknown"),
        ("chat", Entry(1, "line", {"conversation": "c1", "line": "l1"}), "entry_kind_unknown"),
        ("chat", Entry(1, "say", {"conversation": "c9", "text": "您好"}), "field_wrong"),
        ("chat", Entry(1, "say", {"conversation": "c1", "text": "  "}), "entry_empty"),
        ("chat", Entry(1, "say", {"conversation": "c1", "text": "长" * 501}), "text_wrong"),
        ("typing", Entry(1, "typed", {"part": "other", "text": "x"}), "field_wrong"),
        ("faults", Entry(1, "mark", {"id": "1", "at": "61", "fault": "greeting"}), "mark_outside"),
        ("faults", Entry(1, "mark", {"id": "1", "at": "NaN", "fault": "greeting"}), "mark_outside"),
        ("faults", Entry(1, "mark", {"id": "1", "at": "3", "fault": "theft"}), "field_wrong"),
        ("report", Entry(1, "values", {"values": {"q3": ["九"]}}), "field_wrong"),
        ("report", Entry(1, "values", {"values": {"q3": "一"}}), "field_wrong"),
        ("roster", Entry(1, "values", {"values": {"p1": "night"}}), "field_wrong"),
        ("roster", Entry(1, "values", {"values": {"p99": "early"}}), "field_unknown"),
    ],
)
def test_what_does_not_fit_is_refused_by_its_number(
    session: Session, seat: Seat, kind: str, entry: Entry, expected: str
) -> None:
    assert refused(session, seat, begun(session, seat, kind), entry) == expected


def test_a_task_takes_so_many_entries(session: Session, seat: Seat, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(task_work, "MOST_ENTRIES", 3)
    task = begun(session, seat, "ticket")
    store(session, seat, task, *(values(seq, name=str(seq)) for seq in (1, 2, 3)))
    assert code(store(session, seat, task, values(4, name="4"))) == "task_full"
    assert store(session, seat, task, values(3, name="3")).acked == 3


def test_entries_are_never_changed(session: Session, seat: Seat) -> None:
    task = begun(session, seat, "ticket")
    store(session, seat, task, values(1, name="周岚"))
    with pytest.raises(IntegrityError):
        session.execute(update(TaskEntry).values(kind="other"))


def test_closing_needs_nobody_and_scores(session: Session, seat: Seat) -> None:
    task = begun(session, seat, "ticket", clock_now() - timedelta(minutes=14))
    store(session, seat, task, values(1, name="周岚", phone="13800000001", kind="投诉"))
    assert task_work.close_due(session, clock_now()) == 0
    later = clock_now() + timedelta(minutes=2)
    assert task_work.close_due(session, later) == 1
    assert task_work.close_due(session, later) == 0
    score = session.get_one(TaskScore, task.id)
    assert score.share == 1
    assert task_closing.scored_of(session, task, later).share == score.share


def test_whoever_looks_closes(session: Session, seat: Seat) -> None:
    task = begun(session, seat, "typing", clock_now() - timedelta(minutes=40))
    assert task_view.state_of(task, clock_now()) == "ended"
    assert task_closing.settle_seat(session, seat.id, clock_now()) == 1
    assert session.get_one(TaskScore, task.id).share == 0


def test_attended_tasks_are_left_to_the_examiners(session: Session, seat: Seat) -> None:
    task = desk_tasks.drawn(session, seat, "call", minutes=1)
    task.started_at = clock_now() - timedelta(hours=1)
    session.flush()
    assert task_work.close_due(session, clock_now()) == 0
    assert task_view.state_of(task, clock_now()) == "running"


def test_the_proposal_is_floored_to_the_sheets_step(session: Session, seat: Seat) -> None:
    """Half of a fault task is 1.5 of J16's 3 points; a ticket at three quarters 5.25, which is 5 of J05's 7."""
    faults = begun(session, seat, "faults")
    mark = {"id": "1", "at": "3", "fault": "greeting", "remark": ""}
    store(session, seat, faults, Entry(1, "mark", mark))
    assert proposals(session, seat.id) == {}
    task_work.finish(session, ACTOR, user(seat), faults.id, clock_now())
    ticket = begun(session, seat, "ticket")
    store(session, seat, ticket, values(1, name="周岚", phone="13800000001"))
    task_work.finish(session, ACTOR, user(seat), ticket.id, clock_now())
    found = proposals(session, seat.id)
    assert {key: str(one.points) for key, one in found.items()} == {"J16": "1.5", "J05": "5.0"}
    assert found["J05"].slot == "ticket"


def test_who_never_began_is_proposed_nothing(session: Session, seat: Seat) -> None:
    desk_tasks.drawn(session, seat, "typing")
    assert proposals(session, seat.id) == {}


def test_customers_speak_as_it_becomes_due(session: Session, seat: Seat) -> None:
    task = begun(session, seat, "chat")
    task_chat.speak(session, task, clock_now())
    task_chat.speak(session, task, clock_now())
    turns = task_view.candidate_view(session, task, clock_now())["work"]["turns"]
    assert [turn["text"] for turn in turns] == ["我的包裹在哪里？", "我想改地址。"]
    store(session, seat, task, Entry(1, "say", {"conversation": "c2", "text": "请说新地址。"}))
    task_chat.speak(session, task, clock_now())
    turns = task_view.candidate_view(session, task, clock_now())["work"]["turns"]
    assert [turn["who"] for turn in turns] == ["customer", "customer", "agent", "customer"]
    task_work.finish(session, ACTOR, user(seat), task.id, clock_now())
    facts = session.get_one(TaskScore, task.id)
    assert facts.share is None
    assert facts.facts["customers"][0]["left_waiting"] is not None


def test_plays_are_counted_and_fetched_once(session: Session, seat: Seat) -> None:
    task = begun(session, seat, "faults")
    key = uuid4()
    now = clock_now()
    first = task_plays.play(session, user(seat), task.id, key, now)
    assert (first.number, first.left, first.fetched) == (1, 1, False)
    assert task_plays.play(session, user(seat), task.id, key, now) == first
    content, kind = task_plays.fetch(session, user(seat), task.id, 1)
    assert (content[:4], kind) == (b"RIFF", "audio/wav")
    with pytest.raises(Refusal, match="fetched already"):
        task_plays.fetch(session, user(seat), task.id, 1)
    assert task_plays.play(session, user(seat), task.id, key, now).fetched
    task_plays.play(session, user(seat), task.id, uuid4(), now)
    with pytest.raises(Refusal, match="2 times"):
        task_plays.play(session, user(seat), task.id, uuid4(), now)
    with pytest.raises(NotFound):
        task_plays.fetch(session, user(seat), task.id, 3)


def test_no_play_where_there_is_nothing_to_hear(session: Session, seat: Seat) -> None:
    with pytest.raises(Refusal, match="no recording"):
        task_plays.play(session, user(seat), begun(session, seat, "typing").id, uuid4(), clock_now())


KEYS = ("answer", "faults", "decoys", "best", "persona", "traps", "sheet", "resolved_by", "lines", "mood", "transcript",
        "facts", "guide", "tolerance", "ending")  # fmt: skip


@pytest.mark.parametrize("kind", desk_tasks.BLOCKS)
def test_keys_stay_home(session: Session, seat: Seat, kind: str) -> None:
    """Neither by name nor by what it says does a key reach the candidate."""
    task = desk_tasks.drawn(session, seat, kind)
    view = task_view.candidate_view(session, task, clock_now())

    def names(value: Any) -> set[str]:
        if isinstance(value, dict):
            return set(value) | {name for one in value.values() for name in names(one)}
        return {name for one in value for name in names(one)} if isinstance(value, list) else set()

    assert not names(view["task"]) & set(KEYS)
    assert not names(view["card"]) & set(KEYS)
    for secret in ("说明时限", "暗中的事实1", "未核实即念出地址", "看措施", "客户催促", "我姓周"):
        assert secret not in str(view)


def test_an_examiner_sees_everything(session: Session, seat: Seat) -> None:
    task = begun(session, seat, "faults")
    task_work.finish(session, ACTOR, user(seat), task.id, clock_now())
    view = task_view.examiner_view(session, task, clock_now())
    assert view["block"]["faults"][1]["why"] == "未核实即念出地址"
    assert view["traps"][0]["right"] == "不慌"
    assert view["share"] == 0


@pytest.mark.parametrize("name", sorted(OWN_NAMES))
def test_the_engines_own_names_are_nobodys(session: Session, seat: Seat, name: UUID) -> None:
    """Else a candidate could fill the place of a play or of a customer's line."""
    task = begun(session, seat, "faults")
    with pytest.raises(Refusal) as refused:
        store(session, seat, task, Entry(1, "mark", {"id": "m", "at": "1", "fault": "greeting"}), client=name)
    assert refused.value.code == "client_reserved"
    assert kept(session, task) == 0


def hold(session: Session, seat: Seat, task: SeatTask, computer: int, *, take: bool = False) -> None:
    task_work.hold(session, ACTOR, user(seat), task.id, UUID(int=computer), take=take, now=clock_now())


def test_another_computer_takes_a_task_over_and_the_first_is_told(session: Session, seat: Seat) -> None:
    task = begun(session, seat, "ticket")
    hold(session, seat, task, 100, take=True)
    hold(session, seat, task, 100)
    hold(session, seat, task, 200, take=True)
    with pytest.raises(Refusal) as refused:
        hold(session, seat, task, 100)
    assert refused.value.code == "client_replaced"
    hold(session, seat, task, 200)
    hold(session, seat, task, 100, take=True)
    hold(session, seat, task, 100)
    told = session.scalars(select(AuditLine).where(AuditLine.tag == "task:taken_over")).all()
    assert len(told) == 2
    assert task_view.examiner_view(session, task, clock_now())["computers"] == 2


def test_who_has_a_task_changes_nothing_of_its_score(session: Session, seat: Seat) -> None:
    task = begun(session, seat, "ticket")
    hold(session, seat, task, 100, take=True)
    store(session, seat, task, values(1, name="周岚"))
    before = task_closing.scored_of(session, task, clock_now())
    hold(session, seat, task, 200, take=True)
    assert task_closing.scored_of(session, task, clock_now()) == before
    assert task_view.candidate_view(session, task, clock_now())["work"]["values"] == {"name": "周岚"}


def test_a_task_that_has_ended_is_told_as_ended_to_any_computer(session: Session, seat: Seat) -> None:
    task = begun(session, seat, "ticket")
    hold(session, seat, task, 100, take=True)
    task_work.finish(session, ACTOR, user(seat), task.id, clock_now())
    hold(session, seat, task, 200)
    assert code(store(session, seat, task)) == "task_over"

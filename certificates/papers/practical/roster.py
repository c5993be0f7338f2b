"""Who examines whom, when and where: by time, by station, and by examiner. Values in, values out."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence

from certificates.papers.practical import wording as words
from certificates.papers.practical.day import Day, Examiner, Person, Turn, clock
from certificates.papers.practical.paper import Facts, Leaf, Paper, Table

TITLE, TITLE_EN = "操作技能考核安排表", "Roster of the Practical"
BY_TIME, BY_STATION, BY_EXAMINER = "按时间 By time", "按考位 By station", "按考评员 By examiner"
BEGINS = "开始 – 结束 From – to"
AS = "身份 As"
ORDERS = {"first": words.FIRST, "second": words.SECOND, "third": words.THIRD}
SEATS = "按座位号 By seat"


def by_time(day: Day) -> Paper:
    """Everybody once by seat; then every turn in the order of the day."""
    seats = Table(
        (words.SEAT, words.NAME, "报到 First turn", words.FIRST, words.SECOND),
        [(str(one.number), _name(one), _begin(one), one.examiner("first"), one.examiner("second"))
         for one in day.people],
        (1.4, 4, 2, 3, 3), SEATS,
    )  # fmt: skip
    turns = sorted(_turns(day), key=lambda found: (found[1].begins, found[1].where, found[0].number))
    rows = [
        (_span(turn), turn.where, turn.task, str(person.number), _name(person), _pair(person, turn))
        for person, turn in turns
    ]
    head = (BEGINS, words.WHERE, words.TASK, words.SEAT, words.NAME, words.EXAMINERS_OF)
    leaves = [Leaf("按座位号", TITLE, [Facts(day.facts), seats])]
    if rows:
        leaves.append(Leaf("按时间", TITLE, [Table(head, rows, (2.2, 2, 3.4, 1.2, 3, 3.4), BY_TIME)]))
    return _paper(day, leaves)


def by_station(day: Day) -> Paper:
    """A page for each station, at its door."""
    found: dict[int, list[tuple[Person, Turn]]] = defaultdict(list)
    for person, turn in _turns(day):
        found[turn.station_id].append((person, turn))
    leaves = []
    for station in day.stations:
        here = sorted(found[station.id], key=lambda one: (one[1].begins, one[1].place, one[0].number))
        rows = [
            (_span(turn), str(turn.place), turn.task, str(person.number), _name(person), _pair(person, turn))
            for person, turn in here
        ]
        head = (BEGINS, "机位 Place", words.TASK, words.SEAT, words.NAME, words.EXAMINERS_OF)
        table = Table(head, rows, (2.2, 1.3, 3.4, 1.2, 3, 3.4), BY_STATION)
        leaves.append(Leaf(station.name, f"{TITLE} · {station.name}", [Facts(day.facts), table]))
    return _paper(day, leaves)


def by_examiner(day: Day, only: int | None = None) -> Paper:
    """A page for each examiner; with `only` that one's."""
    leaves = []
    for examiner in _examiners(day):
        if only not in (None, examiner.id):
            continue
        rows = [
            (_begin(one) if not (own := _attended(one)) else f"{clock(own[0].begins)} – {clock(own[-1].ends)}",
             own[0].where if own else "", str(one.number), _name(one), ORDERS[order], "、".join(t.task for t in own))
            for one in sorted(day.people, key=_in_turn)
            for order in ORDERS
            if (found := one.examiners.get(order)) and found.id == examiner.id
        ]  # fmt: skip
        head = (BEGINS, words.WHERE, words.SEAT, words.NAME, AS, words.TASK)
        table = Table(head, rows, (2.2, 2, 1.2, 3, 2.4, 4), BY_EXAMINER)
        leaves.append(Leaf(examiner.name, f"{TITLE} · {examiner.name}", [Facts(day.facts), table]))
    return _paper(day, leaves)


def _paper(day: Day, leaves: Sequence[Leaf]) -> Paper:
    return Paper(TITLE, TITLE_EN, day.line, leaves, day.sitting.demonstration)


def _turns(day: Day) -> Iterable[tuple[Person, Turn]]:
    return ((person, turn) for person in day.people for turn in person.turns)


def _examiners(day: Day) -> list[Examiner]:
    """Those of the panel, then whoever marks and is no longer on it."""
    marking = (examiner for one in day.people for examiner in one.examiners.values())
    return list(dict.fromkeys([*day.examiners, *marking]))


def _attended(one: Person) -> list[Turn]:
    return [turn for turn in one.turns if turn.attended]


def _in_turn(one: Person) -> tuple[bool, object, int]:
    own = _attended(one)
    return (not own, own[0].begins.timestamp() if own else 0, one.number)


def _name(one: Person) -> str:
    return f"{one.name}（{words.ABSENT}）" if one.absent else one.name


def _begin(one: Person) -> str:
    return clock(one.begins) if one.begins else ""


def _span(turn: Turn) -> str:
    return f"{clock(turn.begins)} – {clock(turn.ends)}"


def _pair(one: Person, turn: Turn) -> str:
    if not turn.attended:
        return ""
    return "、".join(name for order in ("first", "second") if (name := one.examiner(order)))

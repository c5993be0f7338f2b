"""Admission list, cards of the stations, and each candidate's slip. Values in, values out."""

from __future__ import annotations

from collections import defaultdict

from certificates.papers.practical import wording as words
from certificates.papers.practical.day import Day, Person, Turn, clock
from certificates.papers.practical.paper import Block, Facts, Leaf, Lines, Paper, Signatures, Slip, Table

ADMISSION = ("操作技能考核签到表", "Admission List of the Practical")
CARDS = ("考位牌", "Station Card")
SLIPS = ("考生安排条", "Candidate's Schedule")
IDENTITY, SIGNED = "证件号码 Identity", "考生签名 Signature"
ARRIVAL = "到场 Arrival"
ADMISSION_LEAD = (
    "请核对本人证件与照片后，由考生本人签名；未到场的，在签名栏注明“缺考”。"
    "Check the identity document, then the candidate signs; write 缺考 where nobody came."
)
PLAYED = "本考位考核任务  What is shown here"
ORDER = "考生次序  Order of candidates"
RULES = "考位规则  Rules"
RULE_LINES = (
    "1. 按次序候考，叫到座位号后入场；核对座位号后再开始。Enter when your seat number is called.",
    "2. 手机等电子设备关机存放，不得带入考位。Phones and other devices are switched off and stay outside.",
    "3. 考核任务卡不得带离、抄录或拍照。Task cards are neither taken away nor copied.",
    "4. 设备或环境有异常，立即举手报告；中断的时间如实登记并补足。"
    "Report any fault at once; time that is lost is noted and given back.",
    "5. 时间到即停止操作，经考评人员同意后离场。Stop when the time is over, and leave when told so.",
)
EXTRA = "你的考核时间以本条为准，请提前 15 分钟到候考区。Be in the waiting area 15 minutes ahead of your first turn."


def admission(day: Day) -> Paper:
    rows = [
        (str(one.number), one.name, one.identity, clock(one.begins) if one.begins else "",
         words.ABSENT if one.absent else "")
        for one in day.people
    ]  # fmt: skip
    table = Table(
        (words.SEAT, words.NAME, IDENTITY, ARRIVAL, SIGNED), rows, (1.4, 3.6, 3.8, 1.8, 4), high=True
    )  # fmt: skip
    signs = Signatures([(words.REGISTRAR, ""), (words.REGISTRAR, "")])
    leaf = Leaf("签到表", ADMISSION[0], [Facts(day.facts), table, signs], ADMISSION_LEAD)
    return Paper(*ADMISSION, day.line, [leaf], day.sitting.demonstration)


def station_cards(day: Day) -> Paper:
    """At the door of each station: seat numbers only, so that nobody's name hangs in the corridor."""
    here: dict[int, list[tuple[Person, Turn]]] = defaultdict(list)
    for person in day.people:
        for turn in person.turns:
            if not person.absent:
                here[turn.station_id].append((person, turn))
    leaves = []
    for station in day.stations:
        slots = [slot for slot in day.level.practical.tasks if slot.id in station.slots]
        played = Table(
            (words.TASK, "时长 Minutes"), [(words.task(slot.kind), str(slot.minutes)) for slot in slots], (5, 1), PLAYED
        )
        found = sorted(here[station.id], key=lambda one: (one[1].begins, one[1].place, one[0].number))
        order = Table(
            (words.TIME, "机位 Place", words.SEAT, words.TASK),
            [(f"{clock(turn.begins)} – {clock(turn.ends)}", str(turn.place), str(person.number), turn.task)
             for person, turn in found],
            (2.4, 1.4, 1.4, 4), ORDER,
        )  # fmt: skip
        blocks: list[Block | Slip] = [Facts(day.facts), played, Lines(RULE_LINES, RULES, 10), order]
        leaves.append(Leaf(station.name, f"{CARDS[0]} · {station.name}", blocks))
    return Paper(*CARDS, day.line, leaves, day.sitting.demonstration)


def slips(day: Day) -> Paper:
    """To be cut apart and handed out; without names of examiners."""
    found = [
        Slip(f"座位号 {one.number}  {one.name}", [
            Facts([(words.FACTS["level"], f"{day.level.name} {day.level.name_en}"), (IDENTITY, one.identity),
                   (words.FACTS["session"], str(day.sitting.id)), (words.FACTS["site"], day.sitting.site.name)]),
            Table((words.TIME, words.WHERE, words.TASK, "时长 Minutes"),
                  [(f"{clock(turn.begins)} – {clock(turn.ends)}", turn.where, turn.task, str(turn.minutes))
                   for turn in one.turns] or [(words.NO_TURN, "", "", "")], (2.4, 3, 4, 1.4)),
            Lines([EXTRA], size=8),
        ])
        for one in day.people
        if not one.absent
    ]  # fmt: skip
    return Paper(*SLIPS, day.line, [Leaf("安排条", SLIPS[0], found)], day.sitting.demonstration)

"""What each paper of a practical's day is called, what it is for, and when to print it."""

from __future__ import annotations

from dataclasses import dataclass

from app.core.errors import N_
from certificates.papers.practical.papers import Kind

BEFORE, DAY, AFTER = N_("Before the day"), N_("On the day"), N_("Afterwards")


@dataclass(frozen=True)
class Told:
    kind: Kind
    when: str
    name: str
    purpose: str


PAPERS = (
    Told(Kind.ROSTER_TIME, BEFORE, N_("Roster by seat and time"),
         N_("Everybody's examiners, and every turn in the order of the day. Print it once the roster stands.")),
    Told(Kind.ROSTER_STATION, BEFORE, N_("Roster by station"),
         N_("A page for each station: who comes when, and who examines there.")),
    Told(Kind.ROSTER_EXAMINER, BEFORE, N_("Roster by examiner"),
         N_("A page for each examiner, to be handed out at the briefing.")),
    Told(Kind.SLIPS, BEFORE, N_("Schedule slips"),
         N_("When and where each candidate shows what. Cut apart and hand out at the desk.")),
    Told(Kind.CARDS, BEFORE, N_("Task cards"),
         N_("What a candidate is handed at the beginning of a task before examiners. Keep them under lock.")),
    Told(Kind.SCRIPTS, BEFORE, N_("Scripts for examiners"),
         N_("Hidden facts, lines, traps and what to watch. Only for examiners; collect them afterwards.")),
    Told(Kind.ADMISSION, DAY, N_("Admission list"),
         N_("Seat, name and masked identity number, with room for the signature. Print it in the morning.")),
    Told(Kind.STATIONS, DAY, N_("Station cards"),
         N_("For the door of each station: what is shown there, the order of seats, the rules. Without names.")),
    Told(Kind.SHEETS, DAY, N_("Blank sheets"),
         N_("For a power cut: each unsigned sheet with its own number, to be typed in later by two people.")),
    Told(Kind.REGISTER, AFTER, N_("Score register"),
         N_("Marks, score and verdict of each candidate, with places for the signatures of head and examiners.")),
    Told(Kind.RECORD, AFTER, N_("Record of the examination"),
         N_("Staff and presence, numbers, changes, incidents, lost time and remarks. Print it after closing.")),
)  # fmt: skip
OF_EXAMINER = (Kind.ROSTER_EXAMINER, Kind.SHEETS)
"""What an examiner gets: the own part of it, and nothing of the others'."""

"""The signals of integrity: what each is, what it does not prove, and when it asks for a look. Values in, values out.

None of them is a finding. They sort whom to look at first; what happened is for people to find out.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum

from app.core.errors import N_


class Kind(StrEnum):
    FOCUS = "focus"
    FULL_SCREEN = "full_screen"
    PASTE = "paste"
    COPY = "copy"
    PRINT = "print"
    SCREENS = "screens"
    ADDRESS = "address"
    TAKEOVER = "takeover"
    LOCKDOWN = "lockdown"
    CONSENT = "consent"
    CAPTURE = "capture"
    OVERFLOW = "overflow"


CHOSEN = (Kind.FOCUS, Kind.PASTE, Kind.COPY, Kind.PRINT, Kind.SCREENS, Kind.ADDRESS)
"""What a session may record or leave out; the others follow from its other terms."""
FROM_PAGE = frozenset({Kind.FOCUS, Kind.FULL_SCREEN, Kind.PASTE, Kind.COPY, Kind.PRINT, Kind.SCREENS, Kind.CAPTURE})
"""What a page may report; the others only the server notices."""


@dataclass(frozen=True)
class Meaning:
    """For people: the name, what is recorded, and what it does not prove. All are msgids."""

    name: str
    recorded: str
    not_proof: str


MEANINGS: dict[Kind, Meaning] = {
    Kind.FOCUS: Meaning(
        N_("Left the page"),
        N_("when the exam page loses the focus or is hidden, and for how long"),
        N_("System messages, input methods, a click beside the window or a proctor's help take the focus as well. "
           "It does not show what was looked at."),
    ),
    Kind.FULL_SCREEN: Meaning(
        N_("Left full screen"),
        N_("when full screen is left"),
        N_("The Esc key, a system message or an update ends full screen without anybody meaning to."),
    ),
    Kind.PASTE: Meaning(
        N_("Pasted something"),
        N_("when something is pasted, and how many characters; never the text"),
        N_("Moving one's own sentence within an answer is pasting too. The text itself is not known."),
    ),
    Kind.COPY: Meaning(
        N_("Copied something"),
        N_("when something is copied, and how many characters; never the text"),
        N_("Copying one's own answer to move it looks the same. It does not show that anything left the computer."),
    ),
    Kind.PRINT: Meaning(
        N_("Print dialog"),
        N_("when the print dialog is opened"),
        N_("A slip on the keyboard opens the dialog. It does not show that anything was printed."),
    ),
    Kind.SCREENS: Meaning(
        N_("Second screen"),
        N_("whether the browser says that more than one screen is connected"),
        N_("A projector, a docking station or a mirrored screen counts as one. Not every browser tells, "
           "so silence proves nothing either."),
    ),
    Kind.ADDRESS: Meaning(
        N_("Network address changed"),
        N_("the network address that answers come from, and when it changes"),
        N_("Wi-Fi, mobile networks and gateways change addresses by themselves, and many computers share one. "
           "It does not show that the place or the person changed."),
    ),
    Kind.TAKEOVER: Meaning(
        N_("Continued at another computer"),
        N_("when the exam is continued at another computer or browser"),
        N_("A failed computer is the usual reason. Whether a proctor knew of it is in the record of the room."),
    ),
    Kind.LOCKDOWN: Meaning(
        N_("Safe Exam Browser not confirmed"),
        N_("when Safe Exam Browser cannot be confirmed"),
        N_("Updates, a restarted browser or a proxy that changes addresses break the confirmation. "
           "The exam goes on; a look at the screen settles it."),
    ),
    Kind.CONSENT: Meaning(
        N_("Pictures refused"),
        N_("whether you agree to pictures"),
        N_("Refusing is everybody's right and says nothing about the candidate."),
    ),
    Kind.CAPTURE: Meaning(
        N_("No picture possible"),
        N_("when a picture cannot be taken"),
        N_("A missing, broken or otherwise used camera, or a browser without permission, is the usual reason."),
    ),
    Kind.OVERFLOW: Meaning(
        N_("Too many signals"),
        N_("that more signals came than are kept"),
        N_("A fault of the browser can produce them without end. What came first is kept."),
    ),
}  # fmt: skip


@dataclass(frozen=True)
class Tally:
    """One kind, of one attempt: how often, how many seconds and characters in all."""

    count: int = 0
    seconds: int = 0
    length: int = 0


@dataclass(frozen=True)
class Threshold:
    """From where on a kind asks for a look; any of the three is enough."""

    count: int
    seconds: int | None = None
    length: int | None = None

    def reached(self, tally: Tally) -> bool:
        return (
            tally.count >= self.count
            or (self.seconds is not None and tally.seconds >= self.seconds)
            or (self.length is not None and tally.length >= self.length)
        )


THRESHOLDS: dict[Kind, Threshold] = {
    Kind.FOCUS: Threshold(5, seconds=30),
    Kind.FULL_SCREEN: Threshold(3),
    Kind.PASTE: Threshold(5, length=200),
    Kind.COPY: Threshold(5, length=500),
    Kind.PRINT: Threshold(1),
    Kind.SCREENS: Threshold(1),
    Kind.ADDRESS: Threshold(3),
    Kind.TAKEOVER: Threshold(2),
    Kind.LOCKDOWN: Threshold(1),
    Kind.CAPTURE: Threshold(3),
    Kind.OVERFLOW: Threshold(1),
}


def asking(tallies: Mapping[Kind, Tally]) -> list[Kind]:
    """The kinds that ask for a look, in their usual order."""
    return [kind for kind in Kind if kind in THRESHOLDS and kind in tallies and THRESHOLDS[kind].reached(tallies[kind])]


def urgency(tallies: Mapping[Kind, Tally]) -> tuple[int, int]:
    """Larger is to be looked at sooner: by the kinds that ask for it, then by all that was noticed."""
    return len(asking(tallies)), sum(one.count for one in tallies.values())


def recorded_kinds(chosen: Iterable[str], *, full_screen: bool, pictures: bool) -> frozenset[Kind]:
    """What a session takes from its candidates' pages."""
    wanted = {Kind(one) for one in chosen if one in CHOSEN}
    asked = {Kind.FULL_SCREEN} if full_screen else set()
    return frozenset(wanted | asked | ({Kind.CAPTURE} if pictures else set()))

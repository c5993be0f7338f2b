"""Who may begin now, and why not: the session, the room, late entry, the gate code. Values in, values out."""

from __future__ import annotations

import hmac
import unicodedata
from dataclasses import dataclass
from datetime import datetime, timedelta

from app.core.errors import N_, Refusal
from app.delivery import timing


@dataclass(frozen=True)
class Doors:
    """What stands between a candidate at a seat and the paper."""

    session_open: bool
    session_state: str
    opens_at: datetime
    opened_at: datetime | None
    closes_at: datetime
    late_entry: timedelta
    in_room: bool = False
    room_opened_at: datetime | None = None
    gate_code: str = ""
    let_in: bool = False
    turned_away: bool = False
    """The check at the desk found somebody else."""

    @property
    def open(self) -> bool:
        return self.session_open and (not self.in_room or self.room_opened_at is not None)

    @property
    def gated(self) -> bool:
        """A code told in the room is asked for."""
        return self.in_room and self.gate_code != "" and not self.let_in

    @property
    def late_entry_until(self) -> datetime:
        """Counted from the opening of the room where there is one: nobody pays for a room that was not ready."""
        return timing.late_entry_closes(self.opens_at, self.room_opened_at or self.opened_at, self.late_entry)


def obstacle(doors: Doors, gate_code: str, now: datetime) -> Refusal | None:
    if not doors.session_open or now >= doors.closes_at:
        message = N_("The session is not open. Wait for the proctor to open it, then start again.")
        return Refusal("session_not_open", message, status=409, details={"state": doors.session_state})
    if not doors.open:
        message = N_("Your room is not open yet. Wait for the proctor to open it, then start again.")
        return Refusal("room_not_open", message, status=409)
    if now > doors.late_entry_until:
        minutes = doors.late_entry // timedelta(minutes=1)
        message = N_("Entry closed %(minutes)s minutes after the opening. Ask the proctor what can be done.")
        details = {"until": doors.late_entry_until.isoformat()}
        return Refusal("late_entry_closed", message, status=409, details=details, minutes=minutes)
    if doors.turned_away:
        message = N_("The check at the desk did not find that it is you. Go to the proctor, who checks once more.")
        return Refusal("turned_away", message, status=403)
    return _at_the_gate(doors, gate_code)


def _at_the_gate(doors: Doors, gate_code: str) -> Refusal | None:
    if doors.gated and not gate_code.strip():
        message = N_("Type the gate code that is told in your room, then start.")
        return Refusal("gate_code_missing", message, status=409)
    if doors.gated and not hmac.compare_digest(plain(gate_code).encode(), doors.gate_code.encode()):
        message = N_("This is not the gate code of your room. Listen or look for it again, or ask the proctor.")
        return Refusal("gate_code_wrong", message, status=403)
    return None


def plain(gate_code: str) -> str:
    """As it is compared: without spaces and hyphens, full-width figures as plain ones."""
    typed = unicodedata.normalize("NFKC", gate_code[:40])
    return "".join(one for one in typed if one.isalnum())

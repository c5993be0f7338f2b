"""Where the buttons of the incidents' pages lead: those of a room, and those of a practical."""

from __future__ import annotations

from dataclasses import dataclass

from flask import url_for


@dataclass(frozen=True)
class Addresses:
    """Of one blueprint whose views bear the same names."""

    blueprint: str
    session_id: int
    room: int | None = None

    def record(self) -> str:
        return url_for(f"{self.blueprint}.record_incident", session_id=self.session_id, room=self.room)

    def resolve(self, incident_id: int) -> str:
        return url_for(f"{self.blueprint}.resolve_incident", incident_id=incident_id, room=self.room)

    def countersign(self, incident_id: int) -> str:
        return url_for(f"{self.blueprint}.countersign_incident", incident_id=incident_id, room=self.room)

    def attach(self, incident_id: int) -> str:
        return url_for(f"{self.blueprint}.add_evidence", incident_id=incident_id, room=self.room)

    def file(self, incident_id: int, evidence_id: int) -> str:
        return url_for(f"{self.blueprint}.evidence", incident_id=incident_id, evidence_id=evidence_id)

    def seat(self, number: int) -> str:
        return url_for(f"{self.blueprint}.seat", session_id=self.session_id, number=number)

"""What a candidate's name was understood as, and the question whether that is right."""

from __future__ import annotations

from app.core.errors import N_, Refusal
from app.core.names import Reading


class NameToConfirm(Refusal):
    """The name was understood with other characters than were typed; only its owner knows whether that is right."""

    def __init__(self, reading: Reading) -> None:
        super().__init__(
            "name_to_confirm",
            N_(
                "The name typed as “%(typed)s” was understood as “%(name)s”. "
                "Say whether that is right, or type it anew."
            ),
            details={"understood": reading.name, "changes": [one.as_dict() for one in reading.asks]},
            typed=reading.typed,
            name=reading.name,
        )
        self.reading = reading


def said_of(reading: Reading) -> dict[str, str]:
    """For the log: the name, and what was typed where that is another."""
    return {"name": reading.name} | ({"typed": reading.original} if reading.original else {})

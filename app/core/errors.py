"""What the product says when it refuses: a code for programs, a sentence for people."""

from __future__ import annotations

from typing import Any


def N_(message: str) -> str:  # noqa: N802  # the name that message extractors know
    """Mark a sentence for the catalogues without translating it here."""
    return message


class Refusal(Exception):
    """A request that cannot be met, with the reason and the way out.

    `message` is a msgid of the catalogues whose %(name)s places are filled from `params`, so that the
    layer that knows the user's language renders it. `details` is for programs and may hold any JSON.
    """

    def __init__(
        self, code: str, message: str, *, status: int = 422, details: dict[str, Any] | None = None, **params: Any
    ) -> None:
        super().__init__(message % params if params else message)
        self.code = code
        self.message = message
        self.status = status
        self.details = details or {}
        self.params = params


class NotFound(Refusal):
    """Also the answer for what exists but is none of the asker's business."""

    def __init__(self) -> None:
        super().__init__(
            "not_found", N_("There is nothing here that you may see. Check the address or number."), status=404
        )

"""How JSON is read: what no reader can hold is refused as unreadable, wherever it is first looked at."""

from __future__ import annotations

from typing import Any

from flask.json.provider import DefaultJSONProvider


class JsonProvider(DefaultJSONProvider):
    sort_keys = False

    def loads(self, s: str | bytes, **kwargs: Any) -> Any:
        """Nesting deeper than the interpreter can follow is bad JSON of the sender, not a fault of ours."""
        try:
            return super().loads(s, **kwargs)
        except RecursionError as error:
            raise ValueError("nested too deeply") from error

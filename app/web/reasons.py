"""Reasons of the rules, told in the language of whoever asks."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any, Protocol

from flask_babel import gettext

from app.web.state_names import state_name


class Reason(Protocol):
    @property
    def code(self) -> str: ...
    @property
    def message(self) -> str: ...
    @property
    def params(self) -> Mapping[str, Any]: ...


def told(reason: Reason) -> str:
    sentence: str = gettext(reason.message)
    return sentence % {name: _shown(value) for name, value in reason.params.items()} if reason.params else sentence


def listed(reasons: Iterable[Reason]) -> list[dict[str, str]]:
    """For programs: the code beside the sentence."""
    return [{"code": reason.code, "message": told(reason)} for reason in reasons]


def _shown(value: Any) -> Any:
    if isinstance(value, list | tuple):
        return "、".join(state_name(str(one)) for one in value)
    return state_name(value) if isinstance(value, str) else value

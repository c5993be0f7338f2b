"""One decorator makes a view an API operation: guarded, its body checked, and described for the OpenAPI document."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from flask import Blueprint, jsonify, request
from flask.typing import ResponseReturnValue
from pydantic import BaseModel, ConfigDict, ValidationError

from app.accounts.permissions import Permission
from app.core.errors import N_, Refusal
from app.web.access import check

api = Blueprint("api", __name__, url_prefix="/api/v1")
LOGGED_IN = "logged_in"
ANYONE = "anyone"


class Body(BaseModel):
    """Parent of request and answer shapes: unknown fields are refused, not ignored."""

    model_config = ConfigDict(extra="forbid")


@dataclass(frozen=True)
class Operation:
    method: str
    rule: str
    permission: Permission | str
    summary: str
    body: type[BaseModel] | None
    returns: type[BaseModel] | None
    query: type[BaseModel] | None
    status: int
    errors: tuple[int, ...]
    media_type: str
    endpoint: str
    body_needed: bool = True


OPERATIONS: list[Operation] = []


def operation(
    method: str,
    rule: str,
    permission: Permission | str,
    summary: str,
    *,
    body: type[BaseModel] | None = None,
    query: type[BaseModel] | None = None,
    returns: type[BaseModel] | None = None,
    status: int = 200,
    errors: tuple[int, ...] = (),
    media_type: str = "application/json",
    guard: bool = True,
    body_needed: bool = True,
) -> Callable[[Callable[..., Any]], Callable[..., ResponseReturnValue]]:
    """Register a view under /api/v1.

    The view gets the parsed `body` and `query` as keyword arguments and returns a shape, a JSON-able value or a
    finished response. `permission` is a Permission, LOGGED_IN or ANYONE; with `guard=False` the view itself
    decides who is asking (the hot path, in the statement that stores). `errors` are statuses beyond the usual ones.
    With `body_needed=False` an empty request stands for a shape of nothing but defaults.
    """

    def register(view: Callable[..., Any]) -> Callable[..., ResponseReturnValue]:
        def answered(**values: Any) -> ResponseReturnValue:
            if guard and permission != ANYONE:
                check(permission if isinstance(permission, Permission) else None)
            if body is not None:
                values["body"] = _parsed(body, _json() if body_needed or request.content_length else {})
            if query is not None:
                values["query"] = _parsed(query, request.args.to_dict())
            result = view(**values)
            if isinstance(result, BaseModel):
                return jsonify(result.model_dump(mode="json", exclude_unset=False)), status
            return (jsonify(result), status) if isinstance(result, dict | list) else result

        endpoint = f"{view.__module__.rsplit('.', 1)[-1]}_{view.__name__}"
        OPERATIONS.append(
            Operation(
                method,
                rule,
                permission,
                summary,
                body,
                returns,
                query,
                status,
                errors,
                media_type,
                endpoint,
                body_needed,
            )
        )
        api.add_url_rule(rule, endpoint, answered, methods=[method])
        return answered

    return register


def _json() -> Any:
    value = request.get_json()
    _refuse_unprintable(value)
    return value


def _parsed(shape: type[BaseModel], value: Any) -> BaseModel:
    try:
        return shape.model_validate(value)
    except ValidationError as error:
        problems = [
            {"where": ".".join(map(str, p["loc"])) or "body", "what": p["msg"], "type": p["type"]}
            for p in error.errors(include_url=False, include_context=False, include_input=False)
        ]
        raise Refusal(
            "body_invalid",
            N_("What you sent does not fit at “%(where)s”. The details list every place; mend them and send again."),
            details={"problems": problems},
            where=problems[0]["where"],
        ) from error


def _refuse_unprintable(value: Any) -> None:
    """NUL and lone surrogates are JSON but no text that can be kept."""
    waiting = [value]  # not recursive: the nesting is the sender's choice
    while waiting:
        one = waiting.pop()
        if isinstance(one, str) and ("\x00" in one or any("\ud800" <= c <= "\udfff" for c in one)):
            raise Refusal(
                "text_unprintable", N_("A text holds a character that cannot be kept (NUL or half a pair). Remove it.")
            )
        if isinstance(one, dict):
            waiting += [*one, *one.values()]
        elif isinstance(one, list):
            waiting += one

"""The OpenAPI 3.1 document, made from the operations themselves so that it cannot disagree with them."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from pydantic.json_schema import models_json_schema

from app.web.api.operation import ANYONE, LOGGED_IN, OPERATIONS, Body, Operation, operation

REF = "#/components/schemas/{model}"


class ErrorDetail(Body):
    code: str
    message: str
    details: dict[str, Any]


class ErrorAnswer(Body):
    error: ErrorDetail


@operation("GET", "/openapi.json", ANYONE, "This document")
def openapi() -> dict[str, Any]:
    return document()


def document() -> dict[str, Any]:
    shapes = {shape for op in OPERATIONS for shape in (op.body, op.returns, op.query) if shape} | {ErrorAnswer}
    ordered = sorted(shapes, key=lambda shape: shape.__name__)
    refs, definitions = models_json_schema([(shape, "validation") for shape in ordered], ref_template=REF)
    known = {shape: refs[shape, "validation"] for shape in ordered}
    paths: dict[str, dict[str, Any]] = {}
    for op in OPERATIONS:
        path = re.sub(r"<(?:\w+:)?(\w+)>", r"{\1}", f"/api/v1{op.rule}")
        paths.setdefault(path, {})[op.method.lower()] = _described(op, known)
    return {
        "openapi": "3.1.0",
        "info": {"title": "Exam and skill assessment", "version": "1"},
        "paths": paths,
        "components": {
            "schemas": definitions.get("$defs", {}),
            "securitySchemes": {
                "bearer": {"type": "http", "scheme": "bearer"},
                "cookie": {"type": "apiKey", "in": "cookie", "name": "session"},
            },
        },
    }


Refs = Mapping[type, dict[str, Any]]
"""Where each shape stands; two nouns may give theirs the same name."""


def _described(op: Operation, refs: Refs) -> dict[str, Any]:
    known = {400, 404, 405, 429, *op.errors}
    known |= set() if op.permission == ANYONE else {401, 403}
    known |= {413, 415, 422} if op.body else set()
    known |= {422} if op.query else set()
    answers: dict[str, Any] = {str(op.status): {"description": op.summary, **_content(op, refs)}}
    for status in sorted(known):
        answers[str(status)] = {
            "description": "Refused",
            "content": {"application/json": {"schema": refs[ErrorAnswer]}},
        }
    described: dict[str, Any] = {
        "operationId": op.endpoint,
        "summary": op.summary,
        "responses": answers,
        "parameters": _path_parameters(op.rule) + _query_parameters(op),
        "security": [] if op.permission == ANYONE else [{"bearer": []}, {"cookie": []}],
    }
    if op.permission not in (ANYONE, LOGGED_IN):
        described["x-permission"] = str(op.permission)
    if op.body:
        content = {"application/json": {"schema": refs[op.body]}}
        described["requestBody"] = {"required": op.body_needed, "content": content}
    return described


def _content(op: Operation, refs: Refs) -> dict[str, Any]:
    if op.status == 204:
        return {}
    if op.media_type != "application/json":
        return {"content": {op.media_type: {"schema": {"type": "string", "format": "binary"}}}}
    return {"content": {"application/json": {"schema": refs[op.returns] if op.returns else {}}}}


def _path_parameters(rule: str) -> list[dict[str, Any]]:
    kinds = {"id": {"type": "integer", "minimum": 1, "maximum": 2**63 - 1}, "": {"type": "string", "minLength": 1}}
    return [
        {"name": name, "in": "path", "required": True, "schema": kinds[kind or ""]}
        for kind, name in re.findall(r"<(?:(\w+):)?(\w+)>", rule)
    ]


def _query_parameters(op: Operation) -> list[dict[str, Any]]:
    if not op.query:
        return []
    schema = op.query.model_json_schema(ref_template=REF)
    required = schema.get("required", [])
    return [
        {"name": name, "in": "query", "required": name in required, "schema": field}
        for name, field in schema["properties"].items()
    ]

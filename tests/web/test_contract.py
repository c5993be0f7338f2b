"""The API keeps the promises of its OpenAPI document under made-up requests."""

from __future__ import annotations

import re
from contextlib import suppress

import pytest
import schemathesis
from flask import Flask
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis.errors import Unsatisfiable
from openapi_spec_validator import validate
from schemathesis import GenerationMode
from schemathesis.checks import not_a_server_error
from schemathesis.schemas import APIOperation
from schemathesis.specs.openapi.adapter import v3_1  # noqa: F401  # imported deep in a test, Python's own parser gives up
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    response_schema_conformance,
    status_code_conformance,
)
from sqlalchemy import Select, select

from app.accounts.permissions import Permission, permissions_of
from app.cli.demonstration.stage import Stage, Wanted
from app.cli.output import SHELL
from app.core import clock
from app.core.db import db
from app.models.account import Role, RoleGrant, User
from app.models.practical import RubricSheet
from app.schemes.scheme import scheme
from app.web.api.openapi import document
from tests.factories import people, theory

CHECKS = [not_a_server_error, content_type_conformance, response_schema_conformance, status_code_conformance]
ENDS_THE_LOGIN = "/api/v1/tokens/current"


def test_the_document_is_valid_openapi(store: Flask) -> None:
    with store.test_request_context():
        validate(document())


@pytest.mark.parametrize("mode", [GenerationMode.POSITIVE, GenerationMode.NEGATIVE])
def test_made_up_requests_never_break_the_contract(store: Flask, mode: GenerationMode) -> None:
    headers = _demonstration(store)
    schema = schemathesis.openapi.from_wsgi("/api/v1/openapi.json", store)
    operations = [found.ok() for found in schema.get_all_operations()]
    assert len(operations) > 35
    for operation in operations:
        if operation.path != ENDS_THE_LOGIN:
            who = headers[_who_may(operation.definition.raw.get("x-permission"))]
            _hold_against_its_promises(operation, who, mode)


def _demonstration(store: Flask) -> dict[Role, dict[str, str]]:
    """Everything numbered 1 exists and belongs to the first person of each role, whose headers these are."""
    with store.test_request_context():
        theory.bank(db.session())
        wanted = Wanted(scheme(theory.SCHEME).level(theory.LEVEL), candidates=2)
        Stage(db.session(), SHELL, wanted, clock.now(), store.extensions["identity_vault"]).set_up()
        first = {role: db.session.scalars(_holders(role)).first() for role in Role}
        first_sheet = db.session.scalars(select(RubricSheet).order_by(RubricSheet.id).limit(1)).one()
        first[Role.EXAMINER] = first_sheet.examiner
        return {role: people.bearer(store, db.session(), person) for role, person in first.items() if person}


def _holders(role: Role) -> Select[tuple[User]]:
    return select(User).join(RoleGrant).where(RoleGrant.role == role).order_by(User.id)


def _hold_against_its_promises(operation: APIOperation, headers: dict[str, str], mode: GenerationMode) -> None:
    existing = dict.fromkeys(re.findall(r"{(\w+_id)}", operation.path), 1)
    fixed = {"path_parameters": existing} if existing and mode == GenerationMode.POSITIVE else {}

    @settings(max_examples=12, deadline=None, suppress_health_check=list(HealthCheck), phases=[Phase.generate])
    @given(case=operation.as_strategy(generation_mode=mode, **fixed))
    def holds(case: schemathesis.Case) -> None:
        case.call_and_validate(headers=headers, checks=CHECKS)

    with suppress(Unsatisfiable):  # nothing can be wrong about a call without parameters and body
        holds()


def _who_may(permission: str | None) -> Role:
    wanted = Permission(permission) if permission else None
    return next(role for role in Role if wanted is None or wanted in permissions_of([role]))

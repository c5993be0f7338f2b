"""What goes wrong is told by its kind and place; what people typed stays out of the log."""

from __future__ import annotations

import json
from collections.abc import Iterator

import pytest
import sqlalchemy as sa
import structlog
from sqlalchemy.exc import IntegrityError, OperationalError
from sqlalchemy.orm import Session

from app.core import logs

SECRET = "张三丰的身份证"


@pytest.fixture(autouse=True)
def _configured() -> Iterator[None]:
    logs.configure("info")
    yield
    structlog.contextvars.clear_contextvars()


def line(capsys: pytest.CaptureFixture[str]) -> dict[str, object]:
    read = capsys.readouterr().err
    assert SECRET not in read
    told: dict[str, object] = json.loads(read.splitlines()[-1])
    return told


def test_an_exception_keeps_its_kind_and_place_alone(capsys: pytest.CaptureFixture[str]) -> None:
    try:
        raise ValueError(f"invalid literal: {SECRET}")
    except ValueError:
        structlog.get_logger().exception("fault", route="/my")
    told = line(capsys)
    assert told["error"] == {"kind": "ValueError"}
    assert told["level"] == "error"
    assert "test_an_exception_keeps" in str(told["places"])


def test_the_database_is_told_by_its_codes(session: Session, capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(IntegrityError) as raised:
        session.execute(sa.text("INSERT INTO user_account (username) VALUES (:name)"), {"name": SECRET})
    structlog.get_logger().warning("unstorable", error=logs.said(raised.value))
    assert line(capsys)["error"] == {"kind": "NotNullViolation", "sqlstate": "23502"}


def test_what_machines_say_is_kept() -> None:
    lost = OperationalError("SELECT :x", {"x": SECRET}, OSError("connection refused"))
    assert logs.said(lost) == {"kind": "OSError", "words": "connection refused"}
    assert logs.said(AttributeError("no attribute 'x'"))["words"] == "no attribute 'x'"


def test_libraries_speak_in_the_same_form(capsys: pytest.CaptureFixture[str]) -> None:
    import logging

    logging.getLogger("some.library").warning("pool %s", "exhausted")
    logging.getLogger("some.library").info("not worth it")
    told = line(capsys)
    assert (told["event"], told["logger"]) == ("pool exhausted", "some.library")


def test_each_line_names_its_request(capsys: pytest.CaptureFixture[str]) -> None:
    structlog.contextvars.bind_contextvars(request="ab12")
    structlog.get_logger().info("something")
    assert line(capsys)["request"] == "ab12"

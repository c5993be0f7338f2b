"""The commands of `flask`, one file per noun."""

from __future__ import annotations

from flask import Flask

from app.cli import (
    audit,
    bank,
    certificates,
    demo,
    integrity,
    paper,
    receipt,
    register_log,
    scheme,
    sessions,
    task,
    users,
    worker,
)


def init_app(app: Flask) -> None:
    for group in (
        audit.group,
        bank.group,
        certificates.group,
        demo.group,
        integrity.group,
        paper.group,
        receipt.group,
        register_log.group,
        scheme.group,
        sessions.group,
        task.group,
        users.group,
        worker.worker,
    ):
        app.cli.add_command(group)

"""The commands of `flask`, one file per noun."""

from __future__ import annotations

from flask import Flask

from app.cli import (  # noqa: F401  # these two add their commands to the certificates'
    audit,
    bank,
    certificate_life,
    certificate_template,
    certificates,
    demo,
    integrity,
    keys,
    paper,
    receipt,
    register_keys,
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
        keys.group,
        paper.group,
        receipt.group,
        register_keys.group,
        register_log.group,
        scheme.group,
        sessions.group,
        task.group,
        users.group,
        worker.worker,
    ):
        app.cli.add_command(group)

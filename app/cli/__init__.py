"""The commands of `flask`, one file per noun."""

from __future__ import annotations

from flask import Flask

from app.cli import audit, bank, certificates, demo, paper, scheme, sessions, users, worker


def init_app(app: Flask) -> None:
    for group in (
        audit.group,
        bank.group,
        certificates.group,
        demo.group,
        paper.group,
        scheme.group,
        sessions.group,
        users.group,
        worker.worker,
    ):
        app.cli.add_command(group)

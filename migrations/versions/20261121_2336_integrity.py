"""Signals of integrity, lockdown browsers, and captures with their consent."""

from __future__ import annotations

revision = "d17f6c8d5e97"
down_revision = "c06e5b7c4d86"
branch_labels = None
depends_on = None


def upgrade() -> None:
    pass


def downgrade() -> None:
    pass

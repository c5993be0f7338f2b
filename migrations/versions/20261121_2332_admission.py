"""Admission numbers and one-time codes."""

from __future__ import annotations

revision = "9d3b2e4f1a53"
down_revision = "8c2a1d3e0f42"
branch_labels = None
depends_on = None


def upgrade() -> None:
    pass


def downgrade() -> None:
    pass

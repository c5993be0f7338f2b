"""Sheets typed in from paper."""

from __future__ import annotations

revision = "6081f527e610"
down_revision = "5f70e416d50f"
branch_labels = None
depends_on = None


def upgrade() -> None:
    pass


def downgrade() -> None:
    pass

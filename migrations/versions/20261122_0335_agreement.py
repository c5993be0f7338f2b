"""Anchor candidates."""

from __future__ import annotations

revision = "5f70e416d50f"
down_revision = "4e6fd305c4fe"
branch_labels = None
depends_on = None


def upgrade() -> None:
    pass


def downgrade() -> None:
    pass

"""Closing and the board."""

from __future__ import annotations

revision = "f19a8eb07fa9"
down_revision = "e28a7d9e6fa8"
branch_labels = None
depends_on = None


def upgrade() -> None:
    pass


def downgrade() -> None:
    pass

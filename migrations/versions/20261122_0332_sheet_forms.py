"""Sheets built by registrars, in versions."""

from __future__ import annotations

revision = "2c4db1e3a2dc"
down_revision = "1b3ca0d291cb"
branch_labels = None
depends_on = None


def upgrade() -> None:
    pass


def downgrade() -> None:
    pass

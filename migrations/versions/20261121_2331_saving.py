"""What the hot path needs of the database: a log-in that ends takes its attempt's client with it."""

from __future__ import annotations

revision = "8c2a1d3e0f42"
down_revision = "7b1f0c2d9e31"
branch_labels = None
depends_on = None


def upgrade() -> None:
    pass


def downgrade() -> None:
    pass

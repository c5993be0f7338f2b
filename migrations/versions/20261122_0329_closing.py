"""Finding what was handed in and not marked yet takes no look at all the others."""

from __future__ import annotations

from alembic import op
from sqlalchemy import text

revision = "f19a8eb07fa9"
down_revision = "e28a7d9e6fa8"
branch_labels = None
depends_on = None


def upgrade() -> None:
    waiting = text("state IN ('submitted', 'expired')")
    op.create_index("ix_attempt_unmarked", "attempt", ["id"], postgresql_where=waiting)


def downgrade() -> None:
    op.drop_index("ix_attempt_unmarked", table_name="attempt")

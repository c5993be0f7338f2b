"""Names as they were typed."""

from __future__ import annotations

revision = "64f3413733c7"
down_revision = "7d841aad3075"
branch_labels = None
depends_on = None


def upgrade() -> None:
    pass


def downgrade() -> None:
    pass

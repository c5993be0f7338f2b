"""Open Badges and their status lists."""

from __future__ import annotations

revision = "af91d57d6488"
down_revision = "64f3413733c7"
branch_labels = None
depends_on = None


def upgrade() -> None:
    pass


def downgrade() -> None:
    pass

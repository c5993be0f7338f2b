"""What candidates do at their tasks, and what the engine makes of it."""

from __future__ import annotations

revision = "1b3ca0d291cb"
down_revision = "0a2b9fc180ba"
branch_labels = None
depends_on = None


def upgrade() -> None:
    pass


def downgrade() -> None:
    pass

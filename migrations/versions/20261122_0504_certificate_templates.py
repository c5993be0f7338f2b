"""How a scheme's certificates look."""

from __future__ import annotations

revision = "7d841aad3075"
down_revision = "5c448884d9aa"
branch_labels = None
depends_on = None


def upgrade() -> None:
    pass


def downgrade() -> None:
    pass

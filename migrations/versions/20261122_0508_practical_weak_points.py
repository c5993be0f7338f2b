"""What the practical still wanted."""

from __future__ import annotations

revision = "7f3b4a3c53ed"
down_revision = "12edd3161c33"
branch_labels = None
depends_on = None


def upgrade() -> None:
    pass


def downgrade() -> None:
    pass

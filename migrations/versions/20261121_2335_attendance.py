"""Who was there, how they were identified, and the signed record of a room."""

from __future__ import annotations

revision = "c06e5b7c4d86"
down_revision = "bf5d4a6b3c75"
branch_labels = None
depends_on = None


def upgrade() -> None:
    pass


def downgrade() -> None:
    pass

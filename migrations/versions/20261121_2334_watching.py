"""Messages to candidates and the gaps measured in their connections."""

from __future__ import annotations

revision = "bf5d4a6b3c75"
down_revision = "ae4c3f5a2b64"
branch_labels = None
depends_on = None


def upgrade() -> None:
    pass


def downgrade() -> None:
    pass

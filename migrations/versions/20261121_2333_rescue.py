"""Files of unsent changes that were brought on a stick."""

from __future__ import annotations

revision = "ae4c3f5a2b64"
down_revision = "9d3b2e4f1a53"
branch_labels = None
depends_on = None


def upgrade() -> None:
    pass


def downgrade() -> None:
    pass

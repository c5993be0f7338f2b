"""Messages to holders that wait to be sent."""

from __future__ import annotations

revision = "12edd3161c33"
down_revision = "af91d57d6488"
branch_labels = None
depends_on = None


def upgrade() -> None:
    pass


def downgrade() -> None:
    pass

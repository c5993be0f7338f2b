"""Stations, turns and the head of the panel."""

from __future__ import annotations

revision = "3d5ec2f4b3ed"
down_revision = "2c4db1e3a2dc"
branch_labels = None
depends_on = None


def upgrade() -> None:
    pass


def downgrade() -> None:
    pass

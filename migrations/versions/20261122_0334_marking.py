"""Entries of tablets, evidence, corrections and the signed register."""

from __future__ import annotations

revision = "4e6fd305c4fe"
down_revision = "3d5ec2f4b3ed"
branch_labels = None
depends_on = None


def upgrade() -> None:
    pass


def downgrade() -> None:
    pass

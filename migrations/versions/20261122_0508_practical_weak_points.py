"""Who trained an applicant, so that they do not examine them."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "7f3b4a3c53ed"
down_revision = "12edd3161c33"
branch_labels = None
depends_on = None


def upgrade() -> None:
    for name in ("training_provider", "trainers"):
        op.add_column("application", sa.Column(name, sa.Text(), server_default="", nullable=False))


def downgrade() -> None:
    for name in ("trainers", "training_provider"):
        op.drop_column("application", name)

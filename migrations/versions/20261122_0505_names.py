"""Names as they were typed."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "64f3413733c7"
down_revision = "7d841aad3075"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("candidate", sa.Column("name_as_typed", sa.Text(), server_default="", nullable=False))


def downgrade() -> None:
    op.drop_column("candidate", "name_as_typed")

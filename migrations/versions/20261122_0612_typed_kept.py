"""What two people typed from paper stays with a sheet taken out of work."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "5d0c1f6e2b94"
down_revision = "7f3b4a3c53ed"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column(
        "discarded_sheet", sa.Column("typed", postgresql.JSONB(), server_default=sa.text("'[]'"), nullable=False)
    )


def downgrade() -> None:
    op.drop_column("discarded_sheet", "typed")

"""Anchor candidates."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "5f70e416d50f"
down_revision = "4e6fd305c4fe"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "anchor",
        sa.Column("seat_id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("points", postgresql.JSONB(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("set_by", sa.BigInteger(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), server_default=sa.func.now(), nullable=False),
        sa.ForeignKeyConstraint(["seat_id"], ["seat.id"], name=op.f("fk_anchor_seat_id_seat")),
        sa.ForeignKeyConstraint(["set_by"], ["user_account.id"], name=op.f("fk_anchor_set_by_user_account")),
        sa.PrimaryKeyConstraint("seat_id", name=op.f("pk_anchor")),
    )


def downgrade() -> None:
    op.drop_table("anchor")

"""Sheets taken out of work are kept with their entries and evidence."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "8203c749a832"
down_revision = "7192a638f721"
branch_labels = None
depends_on = None

_TIME = sa.DateTime(timezone=True)


def upgrade() -> None:
    op.create_table(
        "discarded_sheet",
        sa.Column("sheet_id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("seat_id", sa.BigInteger(), nullable=False),
        sa.Column("examiner_id", sa.BigInteger(), nullable=False),
        sa.Column("order", sa.Text(), nullable=False),
        sa.Column("rubric", postgresql.JSONB(), nullable=False),
        sa.Column("marks", postgresql.JSONB(), nullable=False),
        sa.Column("entries", postgresql.JSONB(), nullable=False),
        sa.Column("reason", sa.Text(), server_default="", nullable=False),
        sa.Column("discarded_by", sa.BigInteger(), nullable=True),
        sa.Column("at", _TIME, server_default=sa.func.now(), nullable=False),
        _key("discarded_sheet", "seat_id", "seat"),
        _key("discarded_sheet", "examiner_id", "user_account"),
        _key("discarded_sheet", "discarded_by", "user_account"),
        sa.PrimaryKeyConstraint("sheet_id", name=op.f("pk_discarded_sheet")),
    )
    op.create_index(op.f("ix_discarded_sheet_seat_id"), "discarded_sheet", ["seat_id"])
    op.create_table(
        "discarded_evidence",
        sa.Column("id", sa.BigInteger(), nullable=False),
        sa.Column("sheet_id", sa.BigInteger(), nullable=False),
        sa.Column("criterion", sa.Text(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("media_type", sa.Text(), nullable=False),
        sa.Column("content", sa.LargeBinary(), nullable=False),
        sa.Column("size", sa.BigInteger(), nullable=False),
        sa.Column("sha256", sa.Text(), nullable=False),
        sa.Column("from_second", sa.BigInteger(), nullable=True),
        sa.Column("to_second", sa.BigInteger(), nullable=True),
        sa.Column("caption", sa.Text(), server_default="", nullable=False),
        sa.Column("client_key", sa.Uuid(), nullable=False),
        sa.Column("made_at", _TIME, nullable=True),
        sa.Column("late", sa.Boolean(), server_default=sa.text("false"), nullable=False),
        sa.Column("at", _TIME, server_default=sa.text("clock_timestamp()"), nullable=False),
        sa.ForeignKeyConstraint(
            ["sheet_id"], ["discarded_sheet.sheet_id"], name=op.f("fk_discarded_evidence_sheet_id_discarded_sheet")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_discarded_evidence")),
        sa.UniqueConstraint("client_key", name=op.f("uq_discarded_evidence_client_key")),
    )
    op.create_index(op.f("ix_discarded_evidence_sheet_id"), "discarded_evidence", ["sheet_id"])


def downgrade() -> None:
    op.drop_table("discarded_evidence")
    op.drop_table("discarded_sheet")


def _key(table: str, column: str, other: str) -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint([column], [f"{other}.id"], name=op.f(f"fk_{table}_{column}_{other}"))

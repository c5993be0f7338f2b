"""Sheets typed in from paper."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "6081f527e610"
down_revision = "5f70e416d50f"
branch_labels = None
depends_on = None

_TIME = sa.DateTime(timezone=True)


def upgrade() -> None:
    op.create_table(
        "paper_sheet",
        sa.Column("sheet_id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("opened_by", sa.BigInteger(), nullable=False),
        sa.Column("opened_at", _TIME, nullable=False),
        sa.Column("finished_by", sa.BigInteger(), nullable=True),
        sa.Column("finished_at", _TIME, nullable=True),
        sa.Column("scan_id", sa.BigInteger(), nullable=True),
        _key("paper_sheet", "sheet_id", "rubric_sheet", ondelete="CASCADE"),
        _key("paper_sheet", "opened_by", "user_account"),
        _key("paper_sheet", "finished_by", "user_account"),
        _key("paper_sheet", "scan_id", "sheet_evidence", ondelete="SET NULL"),
        sa.PrimaryKeyConstraint("sheet_id", name=op.f("pk_paper_sheet")),
    )
    op.create_table(
        "typed_sheet",
        sa.Column("id", sa.BigInteger(), nullable=False),
        sa.Column("sheet_id", sa.BigInteger(), nullable=False),
        sa.Column("typist_id", sa.BigInteger(), nullable=False),
        sa.Column("number", sa.BigInteger(), nullable=False),
        sa.Column("marks", postgresql.JSONB(), nullable=False),
        sa.Column("signed_at", _TIME, nullable=False),
        sa.Column("at", _TIME, nullable=False),
        sa.CheckConstraint("number >= 1", name=op.f("ck_typed_sheet_number")),
        _key("typed_sheet", "sheet_id", "paper_sheet", "sheet_id", ondelete="CASCADE"),
        _key("typed_sheet", "typist_id", "user_account"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_typed_sheet")),
        sa.UniqueConstraint("sheet_id", "typist_id", "number", name=op.f("uq_typed_sheet_sheet_id_typist_id_number")),
    )
    op.execute("CREATE TRIGGER kept BEFORE UPDATE ON typed_sheet FOR EACH ROW EXECUTE FUNCTION refuse_change()")


def downgrade() -> None:
    op.drop_table("typed_sheet")
    op.drop_table("paper_sheet")


def _key(
    table: str, column: str, other: str, key: str = "id", *, ondelete: str | None = None
) -> sa.ForeignKeyConstraint:
    name = op.f(f"fk_{table}_{column}_{other}")
    return sa.ForeignKeyConstraint([column], [f"{other}.{key}"], name=name, ondelete=ondelete)

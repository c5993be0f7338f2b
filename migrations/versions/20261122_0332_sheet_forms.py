"""Sheets built by registrars, in versions; whose sheet it is, and from which form it was made."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "2c4db1e3a2dc"
down_revision = "1b3ca0d291cb"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "sheet_form",
        sa.Column("id", sa.BigInteger(), nullable=False),
        sa.Column("scheme", sa.Text(), nullable=False),
        sa.Column("level", sa.Text(), nullable=False),
        sa.Column("number", sa.BigInteger(), nullable=False),
        sa.Column("state", sa.Text(), server_default="draft", nullable=False),
        sa.Column("edition", sa.BigInteger(), server_default=sa.text("1"), nullable=False),
        sa.Column("body", postgresql.JSONB(), nullable=False),
        sa.Column("base_body", postgresql.JSONB(), nullable=False),
        sa.Column("reason", sa.Text(), server_default="", nullable=False),
        sa.Column("remark", sa.Text(), server_default="", nullable=False),
        sa.Column("author_id", sa.BigInteger(), nullable=False),
        sa.Column("approved_by", sa.BigInteger(), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), server_default=sa.func.now(), nullable=False),
        sa.Column("changed_at", sa.DateTime(timezone=True), server_default=sa.func.now(), nullable=False),
        sa.Column("submitted_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("decided_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("replaced_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint("approved_by <> author_id", name=op.f("ck_sheet_form_four_eyes")),
        sa.ForeignKeyConstraint(["author_id"], ["user_account.id"], name=op.f("fk_sheet_form_author_id_user_account")),
        sa.ForeignKeyConstraint(
            ["approved_by"], ["user_account.id"], name=op.f("fk_sheet_form_approved_by_user_account")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_sheet_form")),
        sa.UniqueConstraint("scheme", "level", "number", name=op.f("uq_sheet_form_scheme_level_number")),
    )
    op.create_index(
        "uq_sheet_form_in_force",
        "sheet_form",
        ["scheme", "level"],
        unique=True,
        postgresql_where=sa.text("state = 'in_force'"),
    )
    op.add_column("rubric_sheet", sa.Column("rater_group", sa.Text(), server_default="examiner", nullable=False))
    op.add_column("rubric_sheet", sa.Column("form_id", sa.BigInteger(), nullable=True))
    op.create_foreign_key(op.f("fk_rubric_sheet_form_id_sheet_form"), "rubric_sheet", "sheet_form", ["form_id"], ["id"])


def downgrade() -> None:
    op.drop_constraint(op.f("fk_rubric_sheet_form_id_sheet_form"), "rubric_sheet", type_="foreignkey")
    op.drop_column("rubric_sheet", "form_id")
    op.drop_column("rubric_sheet", "rater_group")
    op.drop_table("sheet_form")

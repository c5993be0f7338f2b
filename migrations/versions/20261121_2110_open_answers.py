"""Open answers waiting for examiners, and their sheets, which never change once signed."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import JSONB

revision = "5e90b7d4c318"
down_revision = "c2a8d6e41b97"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "open_answer",
        sa.Column("id", sa.BigInteger(), nullable=False),
        sa.Column("session_id", sa.BigInteger(), nullable=False),
        sa.Column("attempt_id", sa.BigInteger(), nullable=False),
        sa.Column("position", sa.BigInteger(), nullable=False),
        sa.Column("item_version_id", sa.BigInteger(), nullable=False),
        sa.Column("answer", sa.Text(), nullable=False),
        sa.Column("marks", sa.Numeric(7, 3), nullable=False),
        sa.Column("needs_third", sa.Boolean(), server_default="false", nullable=False),
        sa.Column("settled", sa.Numeric(7, 3), nullable=True),
        sa.Column("settled_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["session_id"], ["exam_session.id"], name=op.f("fk_open_answer_session_id_exam_session")
        ),
        sa.ForeignKeyConstraint(["attempt_id"], ["attempt.id"], name=op.f("fk_open_answer_attempt_id_attempt")),
        sa.ForeignKeyConstraint(
            ["item_version_id"], ["item_version.id"], name=op.f("fk_open_answer_item_version_id_item_version")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_open_answer")),
        sa.UniqueConstraint("attempt_id", "position", name=op.f("uq_open_answer_attempt_id_position")),
    )
    op.create_index(
        "ix_open_answer_waiting", "open_answer", ["session_id"], postgresql_where=sa.text("settled IS NULL")
    )
    op.create_table(
        "open_sheet",
        sa.Column("id", sa.BigInteger(), nullable=False),
        sa.Column("answer_id", sa.BigInteger(), nullable=False),
        sa.Column("examiner_id", sa.BigInteger(), nullable=False),
        sa.Column("order", sa.Text(), nullable=False),
        sa.Column("state", sa.Text(), server_default="open", nullable=False),
        sa.Column("points", JSONB(), server_default=sa.text("'{}'"), nullable=False),
        sa.Column("note", sa.Text(), server_default="", nullable=False),
        sa.Column("marks", sa.Numeric(7, 3), nullable=True),
        sa.Column("signed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), server_default=sa.func.now(), nullable=False),
        sa.ForeignKeyConstraint(["answer_id"], ["open_answer.id"], name=op.f("fk_open_sheet_answer_id_open_answer")),
        sa.ForeignKeyConstraint(
            ["examiner_id"], ["user_account.id"], name=op.f("fk_open_sheet_examiner_id_user_account")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_open_sheet")),
        sa.UniqueConstraint("answer_id", "order", name=op.f("uq_open_sheet_answer_id_order")),
        sa.UniqueConstraint("answer_id", "examiner_id", name=op.f("uq_open_sheet_answer_id_examiner_id")),
    )
    op.create_index(op.f("ix_open_sheet_examiner_id"), "open_sheet", ["examiner_id"])
    op.execute(
        """
        CREATE TRIGGER kept BEFORE UPDATE OR DELETE ON open_sheet FOR EACH ROW
        WHEN (OLD.state = 'signed') EXECUTE FUNCTION refuse_change()
        """
    )


def downgrade() -> None:
    op.drop_table("open_sheet")
    op.drop_table("open_answer")

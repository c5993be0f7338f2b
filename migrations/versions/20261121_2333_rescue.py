"""Changes that came after the end of an attempt, and the files of unsent changes that were brought on a stick."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import ARRAY

revision = "ae4c3f5a2b64"
down_revision = "9d3b2e4f1a53"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "rescue_file",
        sa.Column("id", sa.BigInteger(), nullable=False),
        sa.Column("session_id", sa.BigInteger(), nullable=False),
        sa.Column("attempt_id", sa.BigInteger(), nullable=False),
        sa.Column("client", sa.Uuid(), nullable=False),
        sa.Column("sha256", sa.Text(), nullable=False),
        sa.Column("content", sa.Text(), nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("uploaded_by", sa.BigInteger(), nullable=True),
        sa.Column("uploaded_at", sa.DateTime(timezone=True), server_default=sa.func.clock_timestamp(), nullable=False),
        sa.Column("changes", sa.BigInteger(), nullable=False),
        sa.Column("applied", sa.BigInteger(), nullable=False),
        sa.Column("kept", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(
            ["session_id"], ["exam_session.id"], name=op.f("fk_rescue_file_session_id_exam_session")
        ),
        sa.ForeignKeyConstraint(["attempt_id"], ["attempt.id"], name=op.f("fk_rescue_file_attempt_id_attempt")),
        sa.ForeignKeyConstraint(
            ["uploaded_by"], ["user_account.id"], name=op.f("fk_rescue_file_uploaded_by_user_account")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_rescue_file")),
        sa.UniqueConstraint("sha256", name=op.f("uq_rescue_file_sha256")),
    )
    op.create_index("ix_rescue_file_session_id", "rescue_file", ["session_id"])
    op.create_table(
        "late_change",
        sa.Column("attempt_id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("client", sa.Uuid(), nullable=False),
        sa.Column("seq", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("position", sa.BigInteger(), nullable=False),
        sa.Column("answer", ARRAY(sa.Text()), nullable=False),
        sa.Column("flagged", sa.Boolean(), nullable=True),
        sa.Column("received_at", sa.DateTime(timezone=True), server_default=sa.func.clock_timestamp(), nullable=False),
        sa.Column("rescue_id", sa.BigInteger(), nullable=True),
        sa.Column("outcome", sa.Text(), server_default="waiting", nullable=False),
        sa.Column("decided_by", sa.BigInteger(), nullable=True),
        sa.Column("decided_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("reason", sa.Text(), server_default="", nullable=False),
        sa.ForeignKeyConstraint(["attempt_id"], ["attempt.id"], name=op.f("fk_late_change_attempt_id_attempt")),
        sa.ForeignKeyConstraint(["rescue_id"], ["rescue_file.id"], name=op.f("fk_late_change_rescue_id_rescue_file")),
        sa.ForeignKeyConstraint(
            ["decided_by"], ["user_account.id"], name=op.f("fk_late_change_decided_by_user_account")
        ),
        sa.PrimaryKeyConstraint("attempt_id", "client", "seq", name=op.f("pk_late_change")),
    )
    op.create_index(
        "ix_late_change_waiting", "late_change", ["attempt_id"], postgresql_where=sa.text("outcome = 'waiting'")
    )
    op.create_index("ix_late_change_rescue_id", "late_change", ["rescue_id"])


def downgrade() -> None:
    op.drop_table("late_change")
    op.drop_table("rescue_file")

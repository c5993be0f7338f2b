"""Long work with progress, and practice exams."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "e28a7d9e6fa8"
down_revision = "d17f6c8d5e97"
branch_labels = None
depends_on = None

_UNDER_WAY = sa.text("state IN ('waiting', 'running')")
_CLOCK = sa.text("clock_timestamp()")


def upgrade() -> None:
    _jobs()
    op.add_column("item", sa.Column("use", sa.Text(), server_default="exam", nullable=False))
    op.create_check_constraint(op.f("ck_item_use"), "item", "use IN ('exam', 'practice')")
    _practice()


def downgrade() -> None:
    op.drop_table("practice_response")
    op.drop_table("practice_attempt")
    op.drop_column("item", "use")
    op.drop_table("job")


def _jobs() -> None:
    op.create_table(
        "job",
        sa.Column("id", sa.BigInteger(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("subject_id", sa.BigInteger(), nullable=False),
        sa.Column("total", sa.BigInteger(), server_default="0", nullable=False),
        sa.Column("done", sa.BigInteger(), server_default="0", nullable=False),
        sa.Column("state", sa.Text(), server_default="waiting", nullable=False),
        sa.Column("error", sa.Text(), server_default="", nullable=False),
        sa.Column("failures", sa.BigInteger(), server_default="0", nullable=False),
        sa.Column("not_before", sa.DateTime(timezone=True), server_default=_CLOCK, nullable=False),
        sa.Column("started_by", sa.BigInteger(), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), server_default=_CLOCK, nullable=False),
        sa.Column("started_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("changed_at", sa.DateTime(timezone=True), server_default=_CLOCK, nullable=False),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint("state IN ('waiting', 'running', 'done', 'failed')", name=op.f("ck_job_state")),
        sa.ForeignKeyConstraint(["started_by"], ["user_account.id"], name=op.f("fk_job_started_by_user_account")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_job")),
    )
    op.create_index("uq_job_under_way", "job", ["kind", "subject_id"], unique=True, postgresql_where=_UNDER_WAY)
    op.create_index("ix_job_subject", "job", ["kind", "subject_id"])


def _practice() -> None:
    op.create_table(
        "practice_attempt",
        sa.Column("id", sa.BigInteger(), nullable=False),
        sa.Column("user_id", sa.BigInteger(), nullable=False),
        sa.Column("scheme", sa.Text(), nullable=False),
        sa.Column("level", sa.Text(), nullable=False),
        sa.Column("items", postgresql.JSONB(), nullable=False),
        sa.Column("client", sa.Uuid(), nullable=False),
        sa.Column("started_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("deadline", sa.DateTime(timezone=True), nullable=False),
        sa.Column("last_seq", sa.BigInteger(), server_default="0", nullable=False),
        sa.Column("submitted_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("score", sa.Numeric(7, 3), nullable=True),
        sa.Column("marks", sa.Numeric(7, 3), nullable=False),
        sa.Column("marks_by_row", postgresql.JSONB(), nullable=True),
        sa.ForeignKeyConstraint(
            ["user_id"], ["user_account.id"], name=op.f("fk_practice_attempt_user_id_user_account")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_practice_attempt")),
    )
    op.create_index(op.f("ix_practice_attempt_user_id"), "practice_attempt", ["user_id"])
    op.create_index("ix_practice_attempt_items", "practice_attempt", ["items"], postgresql_using="gin")
    op.create_table(
        "practice_response",
        sa.Column("practice_id", sa.BigInteger(), nullable=False),
        sa.Column("position", sa.BigInteger(), nullable=False),
        sa.Column("answer", postgresql.ARRAY(sa.Text()), nullable=False),
        sa.Column("flagged", sa.Boolean(), server_default="false", nullable=False),
        sa.Column("seq", sa.BigInteger(), nullable=False),
        sa.Column("saved_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["practice_id"],
            ["practice_attempt.id"],
            name=op.f("fk_practice_response_practice_id_practice_attempt"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("practice_id", "position", name=op.f("pk_practice_response")),
    )

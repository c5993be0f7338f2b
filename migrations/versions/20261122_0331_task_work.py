"""What candidates do at their tasks, and what the engine makes of it."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "1b3ca0d291cb"
down_revision = "0a2b9fc180ba"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "task_entry",
        sa.Column("id", sa.BigInteger(), nullable=False),
        sa.Column("seat_task_id", sa.BigInteger(), nullable=False),
        sa.Column("client", sa.Uuid(), nullable=False),
        sa.Column("seq", sa.BigInteger(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("data", postgresql.JSONB(), nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("at", sa.DateTime(timezone=True), server_default=sa.text("clock_timestamp()"), nullable=False),
        sa.CheckConstraint("seq >= 1", name=op.f("ck_task_entry_counted")),
        sa.ForeignKeyConstraint(["seat_task_id"], ["seat_task.id"], name=op.f("fk_task_entry_seat_task_id_seat_task")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_task_entry")),
        sa.UniqueConstraint("seat_task_id", "client", "seq", name=op.f("uq_task_entry_seat_task_id_client_seq")),
    )
    op.execute(
        "CREATE TRIGGER kept BEFORE UPDATE OR DELETE ON task_entry FOR EACH ROW EXECUTE FUNCTION refuse_change()"
    )
    op.create_table(
        "task_score",
        sa.Column("seat_task_id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("share", sa.Numeric(7, 6), nullable=True),
        sa.Column("facts", postgresql.JSONB(), server_default=sa.text("'{}'"), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("share BETWEEN 0 AND 1", name=op.f("ck_task_score_share")),
        sa.ForeignKeyConstraint(["seat_task_id"], ["seat_task.id"], name=op.f("fk_task_score_seat_task_id_seat_task")),
        sa.PrimaryKeyConstraint("seat_task_id", name=op.f("pk_task_score")),
    )


def downgrade() -> None:
    op.drop_table("task_score")
    op.drop_table("task_entry")

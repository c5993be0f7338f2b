"""Orders of certificates: decided, and waiting to be signed."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "be25c7ad1230"
down_revision = "8203c749a832"
branch_labels = None
depends_on = None


_TIME = sa.DateTime(timezone=True)


def upgrade() -> None:
    op.create_table(
        "certificate_order",
        sa.Column("id", sa.BigInteger(), nullable=False),
        sa.Column("application_id", sa.BigInteger(), nullable=False),
        sa.Column("session_id", sa.BigInteger(), nullable=True),
        sa.Column("state", sa.Text(), server_default="waiting", nullable=False),
        sa.Column("tries", sa.BigInteger(), server_default="0", nullable=False),
        sa.Column("not_before", _TIME, server_default=sa.text("clock_timestamp()"), nullable=False),
        sa.Column("reasons", postgresql.JSONB(), server_default=sa.text("'[]'"), nullable=False),
        sa.Column("asked_by", sa.BigInteger(), nullable=True),
        sa.Column("asked_at", _TIME, server_default=sa.text("clock_timestamp()"), nullable=False),
        sa.Column("ended_at", _TIME, nullable=True),
        sa.Column("certificate_id", sa.BigInteger(), nullable=True),
        sa.CheckConstraint(
            "state IN ('waiting', 'done', 'refused', 'failed')", name=op.f("ck_certificate_order_state")
        ),
        _key("application_id", "application"),
        _key("session_id", "exam_session"),
        _key("asked_by", "user_account"),
        _key("certificate_id", "certificate"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_certificate_order")),
    )
    op.create_index(op.f("ix_certificate_order_application_id"), "certificate_order", ["application_id"])
    op.create_index(op.f("ix_certificate_order_session_id"), "certificate_order", ["session_id"])
    op.create_index(
        "uq_certificate_order_waiting",
        "certificate_order",
        ["application_id"],
        unique=True,
        postgresql_where=sa.text("state = 'waiting'"),
    )


def downgrade() -> None:
    op.drop_table("certificate_order")


def _key(column: str, other: str) -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint([column], [f"{other}.id"], name=op.f(f"fk_certificate_order_{column}_{other}"))

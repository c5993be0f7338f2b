"""Messages to candidates and the gaps measured in their connections."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "bf5d4a6b3c75"
down_revision = "ae4c3f5a2b64"
branch_labels = None
depends_on = None

TABLES = ("notice", "notice_seen", "connection_gap", "service_sign", "service_outage", "compensation")


def upgrade() -> None:
    _messages()
    _silences()
    op.create_table(
        "compensation",
        sa.Column("id", sa.BigInteger(), nullable=False),
        sa.Column("attempt_id", sa.BigInteger(), nullable=False),
        sa.Column("from_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("until_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("measured", sa.BigInteger(), nullable=False),
        sa.Column("seconds", sa.BigInteger(), nullable=False),
        sa.Column("evidence", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("decided_by", sa.BigInteger(), nullable=True),
        sa.Column(
            "decided_at", sa.DateTime(timezone=True), server_default=sa.text("clock_timestamp()"), nullable=False
        ),
        sa.CheckConstraint(
            "from_at < until_at AND seconds > 0 AND measured >= 0", name=op.f("ck_compensation_figures")
        ),
        sa.ForeignKeyConstraint(["attempt_id"], ["attempt.id"], name=op.f("fk_compensation_attempt_id_attempt")),
        sa.ForeignKeyConstraint(
            ["decided_by"], ["user_account.id"], name=op.f("fk_compensation_decided_by_user_account")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_compensation")),
    )
    op.create_index("ix_compensation_attempt_id", "compensation", ["attempt_id"])
    voided = sa.text("state = 'voided'")
    op.create_index("ix_attempt_voided", "attempt", ["session_id", "seat_id"], postgresql_where=voided)


def _messages() -> None:
    op.create_table(
        "notice",
        sa.Column("id", sa.BigInteger(), nullable=False),
        sa.Column("session_id", sa.BigInteger(), nullable=False),
        sa.Column("number", sa.BigInteger(), nullable=False),
        sa.Column("first_seat", sa.BigInteger(), nullable=False),
        sa.Column("last_seat", sa.BigInteger(), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("sent_by", sa.BigInteger(), nullable=True),
        sa.Column("sent_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("first_seat <= last_seat", name=op.f("ck_notice_seats")),
        sa.ForeignKeyConstraint(["sent_by"], ["user_account.id"], name=op.f("fk_notice_sent_by_user_account")),
        sa.ForeignKeyConstraint(["session_id"], ["exam_session.id"], name=op.f("fk_notice_session_id_exam_session")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_notice")),
        sa.UniqueConstraint("session_id", "number", "first_seat", name=op.f("uq_notice_session_id_number_first_seat")),
    )
    op.create_table(
        "notice_seen",
        sa.Column("attempt_id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("number", sa.BigInteger(), nullable=False),
        sa.Column("seen_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["attempt_id"], ["attempt.id"], name=op.f("fk_notice_seen_attempt_id_attempt")),
        sa.PrimaryKeyConstraint("attempt_id", name=op.f("pk_notice_seen")),
    )


def _silences() -> None:
    op.create_table(
        "connection_gap",
        sa.Column("id", sa.BigInteger(), nullable=False),
        sa.Column("attempt_id", sa.BigInteger(), nullable=False),
        sa.Column("from_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("until_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("source", sa.Text(), nullable=False),
        sa.Column("waiting", sa.BigInteger(), server_default="0", nullable=False),
        sa.CheckConstraint("from_at < until_at", name=op.f("ck_connection_gap_order")),
        sa.ForeignKeyConstraint(["attempt_id"], ["attempt.id"], name=op.f("fk_connection_gap_attempt_id_attempt")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_connection_gap")),
        sa.UniqueConstraint(
            "attempt_id", "from_at", "source", name=op.f("uq_connection_gap_attempt_id_from_at_source")
        ),
    )
    op.create_table(
        "service_sign",
        sa.Column("id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("id = 1", name=op.f("ck_service_sign_single")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_service_sign")),
    )
    op.create_table(
        "service_outage",
        sa.Column("id", sa.BigInteger(), nullable=False),
        sa.Column("from_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("until_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_service_outage")),
    )
    op.create_index(op.f("ix_service_outage_until_at"), "service_outage", ["until_at"])


def downgrade() -> None:
    op.drop_index("ix_attempt_voided", table_name="attempt")
    for table in reversed(TABLES):
        op.drop_table(table)

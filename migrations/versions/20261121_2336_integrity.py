"""Signals of integrity, lockdown browsers, and captures with their consent."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "d17f6c8d5e97"
down_revision = "c06e5b7c4d86"
branch_labels = None
depends_on = None

MOMENT = sa.DateTime(timezone=True)
TABLES = (
    "session_integrity",
    "integrity_signal",
    "attempt_address",
    "lockdown_waiver",
    "capture_consent",
    "capture",
)


def upgrade() -> None:
    op.create_table(
        "session_integrity",
        sa.Column("session_id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("signals", postgresql.ARRAY(sa.Text()), nullable=False),
        sa.Column("full_screen", sa.Boolean(), server_default="false", nullable=False),
        sa.Column("lockdown", sa.Text(), server_default="off", nullable=False),
        sa.Column("quit_hash", sa.Text(), server_default="", nullable=False),
        sa.Column("config", sa.LargeBinary(), nullable=True),
        sa.Column("config_key", sa.Text(), server_default="", nullable=False),
        sa.Column("extra_keys", postgresql.ARRAY(sa.Text()), server_default="{}", nullable=False),
        sa.Column("camera", sa.Boolean(), server_default="false", nullable=False),
        sa.Column("screen", sa.Boolean(), server_default="false", nullable=False),
        sa.Column("capture_seconds", sa.BigInteger(), server_default="120", nullable=False),
        sa.Column("keep_days", sa.BigInteger(), server_default="30", nullable=False),
        sa.Column("purpose", sa.Text(), server_default="", nullable=False),
        _key("session_integrity", "session_id", "exam_session"),
        sa.PrimaryKeyConstraint("session_id", name=op.f("pk_session_integrity")),
    )
    op.create_table(
        "integrity_signal",
        sa.Column("id", sa.BigInteger(), nullable=False),
        sa.Column("attempt_id", sa.BigInteger(), nullable=False),
        sa.Column("key", sa.Uuid(), nullable=True),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("received_at", MOMENT, server_default=sa.text("clock_timestamp()"), nullable=False),
        sa.Column("client_at", MOMENT, nullable=True),
        sa.Column("seconds", sa.BigInteger(), nullable=True),
        sa.Column("length", sa.BigInteger(), nullable=True),
        sa.Column("data", postgresql.JSONB(), server_default="{}", nullable=False),
        _key("integrity_signal", "attempt_id", "attempt"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_integrity_signal")),
        sa.UniqueConstraint("attempt_id", "key", name=op.f("uq_integrity_signal_attempt_id_key")),
    )
    op.create_table(
        "attempt_address",
        sa.Column("attempt_id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("address", sa.Text(), nullable=False),
        sa.Column("since", MOMENT, nullable=False),
        _key("attempt_address", "attempt_id", "attempt"),
        sa.PrimaryKeyConstraint("attempt_id", name=op.f("pk_attempt_address")),
    )
    op.create_table(
        "lockdown_waiver",
        sa.Column("attempt_id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("decided_by", sa.BigInteger(), nullable=False),
        sa.Column("decided_at", MOMENT, nullable=False),
        _key("lockdown_waiver", "attempt_id", "attempt"),
        _key("lockdown_waiver", "decided_by", "user_account"),
        sa.PrimaryKeyConstraint("attempt_id", name=op.f("pk_lockdown_waiver")),
    )
    op.create_table(
        "capture_consent",
        sa.Column("attempt_id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("given", sa.Boolean(), nullable=False),
        sa.Column("answered_at", MOMENT, nullable=False),
        sa.Column("told", postgresql.JSONB(), nullable=False),
        sa.Column("incident_id", sa.BigInteger(), nullable=True),
        sa.Column("reason", sa.Text(), server_default="", nullable=False),
        sa.Column("decided_by", sa.BigInteger(), nullable=True),
        sa.Column("decided_at", MOMENT, nullable=True),
        _key("capture_consent", "attempt_id", "attempt"),
        _key("capture_consent", "incident_id", "incident"),
        _key("capture_consent", "decided_by", "user_account"),
        sa.PrimaryKeyConstraint("attempt_id", name=op.f("pk_capture_consent")),
    )
    op.create_table(
        "capture",
        sa.Column("id", sa.BigInteger(), nullable=False),
        sa.Column("attempt_id", sa.BigInteger(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("received_at", MOMENT, server_default=sa.text("clock_timestamp()"), nullable=False),
        sa.Column("client_at", MOMENT, nullable=True),
        sa.Column("content", sa.LargeBinary(), nullable=False),
        sa.CheckConstraint("kind IN ('camera', 'screen')", name=op.f("ck_capture_kind")),
        _key("capture", "attempt_id", "attempt"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_capture")),
    )
    op.create_index("ix_capture_attempt_id", "capture", ["attempt_id", "id"])
    op.execute(
        "CREATE TRIGGER kept BEFORE UPDATE OR DELETE ON integrity_signal FOR EACH ROW EXECUTE FUNCTION refuse_change()"
    )


def downgrade() -> None:
    for table in reversed(TABLES):
        op.drop_table(table)


def _key(table: str, column: str, of: str) -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint([column], [f"{of}.id"], name=op.f(f"fk_{table}_{column}_{of}"))

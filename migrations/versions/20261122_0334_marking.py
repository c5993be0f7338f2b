"""Entries of tablets, evidence, corrections and the signed register."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "4e6fd305c4fe"
down_revision = "3d5ec2f4b3ed"
branch_labels = None
depends_on = None

_CLOCK = sa.text("clock_timestamp()")
_TIME = sa.DateTime(timezone=True)


def upgrade() -> None:
    op.add_column("rubric_sheet", sa.Column("sign_made_at", _TIME, nullable=True))
    _entries()
    _evidence()
    _versions()
    _panel()
    op.execute("CREATE TRIGGER kept BEFORE UPDATE ON mark_entry FOR EACH ROW EXECUTE FUNCTION refuse_change()")


def downgrade() -> None:
    op.drop_table("panel_register")
    op.drop_table("panel_talk")
    op.drop_table("sheet_version")
    op.drop_table("sheet_evidence")
    op.drop_table("mark_entry")
    op.drop_column("rubric_sheet", "sign_made_at")


def _key(table: str, column: str, other: str, *, with_it: bool = False) -> sa.ForeignKeyConstraint:
    name = op.f(f"fk_{table}_{column}_{other}")
    return sa.ForeignKeyConstraint([column], [f"{other}.id"], name=name, ondelete="CASCADE" if with_it else None)


def _entries() -> None:
    op.create_table(
        "mark_entry",
        sa.Column("sheet_id", sa.BigInteger(), nullable=False),
        sa.Column("device", sa.Uuid(), nullable=False),
        sa.Column("seq", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("stamp", sa.BigInteger(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("key", sa.Text(), nullable=False),
        sa.Column("points", sa.Numeric(7, 3), nullable=True),
        sa.Column("note", sa.Text(), nullable=True),
        sa.Column("made_at", _TIME, nullable=True),
        sa.Column("late", sa.Boolean(), server_default=sa.text("false"), nullable=False),
        sa.Column("at", _TIME, server_default=_CLOCK, nullable=False),
        _key("mark_entry", "sheet_id", "rubric_sheet", with_it=True),
        sa.PrimaryKeyConstraint("sheet_id", "device", "seq", name=op.f("pk_mark_entry")),
    )


def _evidence() -> None:
    op.create_table(
        "sheet_evidence",
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
        sa.Column("at", _TIME, server_default=_CLOCK, nullable=False),
        sa.CheckConstraint("from_second <= to_second", name=op.f("ck_sheet_evidence_cut")),
        _key("sheet_evidence", "sheet_id", "rubric_sheet", with_it=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_sheet_evidence")),
        sa.UniqueConstraint("client_key", name=op.f("uq_sheet_evidence_client_key")),
    )
    op.create_index(op.f("ix_sheet_evidence_sheet_id"), "sheet_evidence", ["sheet_id"])


def _versions() -> None:
    op.create_table(
        "sheet_version",
        sa.Column("id", sa.BigInteger(), nullable=False),
        sa.Column("sheet_id", sa.BigInteger(), nullable=False),
        sa.Column("number", sa.BigInteger(), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("marks", postgresql.JSONB(), nullable=False),
        sa.Column("total", sa.Numeric(7, 3), nullable=False),
        sa.Column("reason", sa.Text(), server_default="", nullable=False),
        sa.Column("asked_by", sa.BigInteger(), nullable=False),
        sa.Column("asked_at", _TIME, server_default=sa.func.now(), nullable=False),
        sa.Column("decided_by", sa.BigInteger(), nullable=True),
        sa.Column("decided_at", _TIME, nullable=True),
        sa.Column("answer", sa.Text(), server_default="", nullable=False),
        sa.Column("handed_over", sa.Boolean(), server_default=sa.text("false"), nullable=False),
        sa.CheckConstraint("decided_by <> asked_by", name=op.f("ck_sheet_version_four_eyes")),
        _key("sheet_version", "sheet_id", "rubric_sheet", with_it=True),
        _key("sheet_version", "asked_by", "user_account"),
        _key("sheet_version", "decided_by", "user_account"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_sheet_version")),
        sa.UniqueConstraint("sheet_id", "number", name=op.f("uq_sheet_version_sheet_id_number")),
    )
    for state in ("asked", "stands"):
        where = sa.text(f"state = '{state}'")
        op.create_index(f"uq_sheet_version_{state}", "sheet_version", ["sheet_id"], unique=True, postgresql_where=where)


def _panel() -> None:
    op.create_table(
        "panel_talk",
        sa.Column("id", sa.BigInteger(), nullable=False),
        sa.Column("seat_id", sa.BigInteger(), nullable=False),
        sa.Column("note", sa.Text(), nullable=False),
        sa.Column("by", sa.BigInteger(), nullable=False),
        sa.Column("at", _TIME, server_default=sa.func.now(), nullable=False),
        _key("panel_talk", "seat_id", "seat"),
        _key("panel_talk", "by", "user_account"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_panel_talk")),
    )
    op.create_index(op.f("ix_panel_talk_seat_id"), "panel_talk", ["seat_id"])
    op.create_table(
        "panel_register",
        sa.Column("id", sa.BigInteger(), nullable=False),
        sa.Column("session_id", sa.BigInteger(), nullable=False),
        sa.Column("digest", sa.Text(), nullable=False),
        sa.Column("rows", postgresql.JSONB(), nullable=False),
        sa.Column("signed_by", sa.BigInteger(), nullable=False),
        sa.Column("signed_at", _TIME, nullable=False),
        sa.Column("voided_at", _TIME, nullable=True),
        sa.Column("void_reason", sa.Text(), server_default="", nullable=False),
        _key("panel_register", "session_id", "exam_session"),
        _key("panel_register", "signed_by", "user_account"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_panel_register")),
    )
    op.create_index(op.f("ix_panel_register_session_id"), "panel_register", ["session_id"])
    valid = sa.text("voided_at IS NULL")
    op.create_index("uq_panel_register_valid", "panel_register", ["session_id"], unique=True, postgresql_where=valid)

"""The task bank and the tasks drawn for candidates."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0a2b9fc180ba"
down_revision = "f19a8eb07fa9"
branch_labels = None
depends_on = None

_CLOCK = sa.text("clock_timestamp()")


def upgrade() -> None:
    op.create_table(
        "practical_task",
        sa.Column("id", sa.BigInteger(), nullable=False),
        sa.Column("code", sa.Text(), nullable=False),
        sa.Column("scheme", sa.Text(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("trade", sa.Text(), nullable=False),
        sa.Column("retired_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), server_default=sa.func.now(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_practical_task")),
        sa.UniqueConstraint("code", name=op.f("uq_practical_task_code")),
    )
    _versions()
    _kept()
    _drawn()


def downgrade() -> None:
    op.drop_table("seat_task")
    op.drop_table("practical_task_version")
    op.execute("DROP FUNCTION refuse_other_task()")
    op.drop_table("practical_task")


def _versions() -> None:
    op.create_table(
        "practical_task_version",
        sa.Column("id", sa.BigInteger(), nullable=False),
        sa.Column("task_id", sa.BigInteger(), nullable=False),
        sa.Column("number", sa.BigInteger(), nullable=False),
        sa.Column("state", sa.Text(), server_default="draft", nullable=False),
        sa.Column("edition", sa.BigInteger(), server_default=sa.text("1"), nullable=False),
        sa.Column("levels", postgresql.JSONB(), nullable=False),
        sa.Column("body", postgresql.JSONB(), nullable=False),
        sa.Column("media", postgresql.JSONB(), server_default=sa.text("'{}'"), nullable=False),
        sa.Column("digest", sa.Text(), nullable=False),
        sa.Column("author_id", sa.BigInteger(), nullable=True),
        sa.Column("approved_by", sa.BigInteger(), nullable=True),
        sa.Column("remark", sa.Text(), server_default="", nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), server_default=sa.func.now(), nullable=False),
        sa.Column("changed_at", sa.DateTime(timezone=True), server_default=sa.func.now(), nullable=False),
        sa.Column("decided_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("editors", postgresql.JSONB(), server_default=sa.text("'[]'"), nullable=False),
        sa.CheckConstraint("approved_by <> author_id", name=op.f("ck_practical_task_version_four_eyes")),
        sa.CheckConstraint(
            "NOT editors @> to_jsonb(approved_by)", name=op.f("ck_practical_task_version_no_editor_approves")
        ),
        sa.ForeignKeyConstraint(
            ["task_id"], ["practical_task.id"], name=op.f("fk_practical_task_version_task_id_practical_task")
        ),
        sa.ForeignKeyConstraint(
            ["author_id"], ["user_account.id"], name=op.f("fk_practical_task_version_author_id_user_account")
        ),
        sa.ForeignKeyConstraint(
            ["approved_by"], ["user_account.id"], name=op.f("fk_practical_task_version_approved_by_user_account")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_practical_task_version")),
        sa.UniqueConstraint("task_id", "number", name=op.f("uq_practical_task_version_task_id_number")),
    )
    op.create_index(
        "uq_practical_task_version_open",
        "practical_task_version",
        ["task_id"],
        unique=True,
        postgresql_where=sa.text("state IN ('draft', 'in_review', 'approved')"),
    )
    op.create_index(
        "uq_practical_task_version_in_use",
        "practical_task_version",
        ["task_id"],
        unique=True,
        postgresql_where=sa.text("state = 'in_use'"),
    )


def _kept() -> None:
    """What candidates may have met is never changed or removed, only replaced."""
    op.execute(
        """
        CREATE FUNCTION refuse_other_task() RETURNS trigger LANGUAGE plpgsql AS $$
        BEGIN
            IF TG_OP = 'UPDATE' THEN
                IF OLD.state NOT IN ('in_use', 'replaced') OR (NEW.state IN ('in_use', 'replaced')
                    AND (NEW.id, NEW.task_id, NEW.number, NEW.levels, NEW.body, NEW.media, NEW.digest)
                        IS NOT DISTINCT FROM
                        (OLD.id, OLD.task_id, OLD.number, OLD.levels, OLD.body, OLD.media, OLD.digest))
                THEN
                    RETURN NEW;
                END IF;
            ELSIF OLD.state NOT IN ('in_use', 'replaced') THEN
                RETURN OLD;
            END IF;
            RAISE EXCEPTION 'a task that was in use is never changed or removed'
                USING ERRCODE = 'integrity_constraint_violation';
        END $$
        """
    )
    op.execute(
        "CREATE TRIGGER kept BEFORE UPDATE OR DELETE ON practical_task_version FOR EACH ROW"
        " EXECUTE FUNCTION refuse_other_task()"
    )


def _drawn() -> None:
    op.create_table(
        "seat_task",
        sa.Column("id", sa.BigInteger(), nullable=False),
        sa.Column("seat_id", sa.BigInteger(), nullable=False),
        sa.Column("slot", sa.Text(), nullable=False),
        sa.Column("version_id", sa.BigInteger(), nullable=False),
        sa.Column("minutes", sa.BigInteger(), nullable=False),
        sa.Column("extra_seconds", sa.BigInteger(), server_default=sa.text("0"), nullable=False),
        sa.Column("drawn_at", sa.DateTime(timezone=True), server_default=sa.func.now(), nullable=False),
        sa.Column("started_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["seat_id"], ["seat.id"], name=op.f("fk_seat_task_seat_id_seat")),
        sa.ForeignKeyConstraint(
            ["version_id"], ["practical_task_version.id"], name=op.f("fk_seat_task_version_id_practical_task_version")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_seat_task")),
        sa.UniqueConstraint("seat_id", "slot", name=op.f("uq_seat_task_seat_id_slot")),
    )
    op.create_index(op.f("ix_seat_task_version_id"), "seat_task", ["version_id"])

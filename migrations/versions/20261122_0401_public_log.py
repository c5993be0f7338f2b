"""The public log of the register. Events of before are put in line for it, in the order they were made."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "7192a638f721"
down_revision = "6081f527e610"
branch_labels = None
depends_on = None

KEPT = ("public_log_entry", "public_log_node", "public_log_head")


def upgrade() -> None:
    op.create_table(
        "public_log_pending",
        sa.Column("event_id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.ForeignKeyConstraint(
            ["event_id"], ["certificate_event.id"], name=op.f("fk_public_log_pending_event_id_certificate_event")
        ),
        sa.PrimaryKeyConstraint("event_id", name=op.f("pk_public_log_pending")),
    )
    op.create_table(
        "public_log_entry",
        sa.Column("position", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("event_id", sa.BigInteger(), nullable=False),
        sa.Column("leaf", sa.LargeBinary(), nullable=False),
        sa.Column("leaf_hash", sa.LargeBinary(), nullable=False),
        sa.Column("certificate", sa.LargeBinary(), nullable=False),
        sa.PrimaryKeyConstraint("position", name=op.f("pk_public_log_entry")),
        sa.UniqueConstraint("event_id", name=op.f("uq_public_log_entry_event_id")),
    )
    op.create_index(op.f("ix_public_log_entry_leaf_hash"), "public_log_entry", ["leaf_hash"])
    op.create_index(op.f("ix_public_log_entry_certificate"), "public_log_entry", ["certificate"])
    op.create_table(
        "public_log_node",
        sa.Column("level", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("position", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("hash", sa.LargeBinary(), nullable=False),
        sa.PrimaryKeyConstraint("level", "position", name=op.f("pk_public_log_node")),
    )
    op.create_table(
        "public_log_head",
        sa.Column("number", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("size", sa.BigInteger(), nullable=False),
        sa.Column("root", sa.LargeBinary(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("origin", sa.Text(), nullable=False),
        sa.Column("public_key", sa.LargeBinary(), nullable=False),
        sa.Column("signature", sa.LargeBinary(), nullable=False),
        sa.PrimaryKeyConstraint("number", name=op.f("pk_public_log_head")),
    )
    for table in KEPT:
        op.execute(
            f"CREATE TRIGGER kept BEFORE UPDATE OR DELETE ON {table} FOR EACH ROW EXECUTE FUNCTION refuse_change()"
        )
    _put_in_line()


def _put_in_line() -> None:
    op.execute("INSERT INTO public_log_pending (event_id) SELECT id FROM certificate_event")
    op.execute(
        """
        CREATE FUNCTION put_in_line_for_log() RETURNS trigger LANGUAGE plpgsql AS $$
        BEGIN
            INSERT INTO public_log_pending (event_id) VALUES (NEW.id);
            RETURN NULL;
        END $$
        """
    )
    op.execute(
        "CREATE TRIGGER logged AFTER INSERT ON certificate_event FOR EACH ROW EXECUTE FUNCTION put_in_line_for_log()"
    )


def downgrade() -> None:
    op.execute("DROP TRIGGER logged ON certificate_event")
    op.execute("DROP FUNCTION put_in_line_for_log()")
    for table in (*KEPT[::-1], "public_log_pending"):
        op.drop_table(table)

"""Stimuli, pictures and sounds, and what new item types and reasons for wrong options need of a version."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import JSONB

revision = "3f7c1a9e52d4"
down_revision = "8b1f0c52d7aa"
branch_labels = None
depends_on = None

KEPT_WHOLE = ("stimulus_version", "media_file")
NEW = ("seconds", "is_case", "feedback", "criteria", "media", "stimulus_version_id")


def upgrade() -> None:
    op.create_table(
        "stimulus",
        sa.Column("id", sa.BigInteger(), nullable=False),
        sa.Column("code", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_stimulus")),
        sa.UniqueConstraint("code", name=op.f("uq_stimulus_code")),
    )
    op.create_table(
        "stimulus_version",
        sa.Column("id", sa.BigInteger(), nullable=False),
        sa.Column("stimulus_id", sa.BigInteger(), nullable=False),
        sa.Column("number", sa.BigInteger(), nullable=False),
        sa.Column("title", sa.Text(), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("audio", sa.Text(), server_default="", nullable=False),
        sa.Column("plays", sa.BigInteger(), server_default=sa.text("0"), nullable=False),
        sa.Column("media", JSONB(), server_default=sa.text("'{}'"), nullable=False),
        sa.Column("digest", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(
            ["stimulus_id"], ["stimulus.id"], name=op.f("fk_stimulus_version_stimulus_id_stimulus")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_stimulus_version")),
        sa.UniqueConstraint("stimulus_id", "number", name=op.f("uq_stimulus_version_stimulus_id_number")),
    )
    op.create_table(
        "media_file",
        sa.Column("sha256", sa.Text(), nullable=False),
        sa.Column("type", sa.Text(), nullable=False),
        sa.Column("content", sa.LargeBinary(), nullable=False),
        sa.PrimaryKeyConstraint("sha256", name=op.f("pk_media_file")),
    )
    op.add_column("item_version", sa.Column("seconds", sa.BigInteger(), server_default=sa.text("60"), nullable=False))
    op.add_column("item_version", sa.Column("is_case", sa.Boolean(), server_default=sa.false(), nullable=False))
    op.add_column("item_version", sa.Column("feedback", JSONB(), server_default=sa.text("'{}'"), nullable=False))
    op.add_column("item_version", sa.Column("criteria", JSONB(), server_default=sa.text("'[]'"), nullable=False))
    op.add_column("item_version", sa.Column("media", JSONB(), server_default=sa.text("'{}'"), nullable=False))
    op.add_column("item_version", sa.Column("stimulus_version_id", sa.BigInteger(), nullable=True))
    op.create_foreign_key(
        op.f("fk_item_version_stimulus_version_id_stimulus_version"),
        "item_version", "stimulus_version", ["stimulus_version_id"], ["id"],
    )  # fmt: skip
    for table in KEPT_WHOLE:
        op.execute(
            f"CREATE TRIGGER kept BEFORE UPDATE OR DELETE ON {table} FOR EACH ROW EXECUTE FUNCTION refuse_change()"
        )


def downgrade() -> None:
    for name in reversed(NEW):
        op.drop_column("item_version", name)
    for table in ("media_file", "stimulus_version", "stimulus"):
        op.drop_table(table)

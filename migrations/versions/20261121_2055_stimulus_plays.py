"""Plays of recordings, counted for each attempt."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "c2a8d6e41b97"
down_revision = "a41c7be20f93"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "stimulus_play",
        sa.Column("attempt_id", sa.BigInteger(), nullable=False),
        sa.Column("stimulus_version_id", sa.BigInteger(), nullable=False),
        sa.Column("number", sa.BigInteger(), nullable=False),
        sa.Column("key", sa.Uuid(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("fetched_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["attempt_id"], ["attempt.id"], name=op.f("fk_stimulus_play_attempt_id_attempt")),
        sa.ForeignKeyConstraint(
            ["stimulus_version_id"], ["stimulus_version.id"],
            name=op.f("fk_stimulus_play_stimulus_version_id_stimulus_version"),
        ),
        sa.PrimaryKeyConstraint("attempt_id", "stimulus_version_id", "number", name=op.f("pk_stimulus_play")),
        sa.UniqueConstraint(
            "attempt_id", "stimulus_version_id", "key", name=op.f("uq_stimulus_play_attempt_id_stimulus_version_id_key")
        ),
    )  # fmt: skip


def downgrade() -> None:
    op.drop_table("stimulus_play")

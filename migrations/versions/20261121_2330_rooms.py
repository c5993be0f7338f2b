"""Rooms of a session, who was let in, and the number of the last message to an attempt."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "7b1f0c2d9e31"
down_revision = "5e90b7d4c318"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "session_room",
        sa.Column("id", sa.BigInteger(), nullable=False),
        sa.Column("session_id", sa.BigInteger(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("first_seat", sa.BigInteger(), nullable=False),
        sa.Column("last_seat", sa.BigInteger(), nullable=False),
        sa.Column("gate_code", sa.Text(), server_default="", nullable=False),
        sa.Column("opened_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint("1 <= first_seat AND first_seat <= last_seat", name=op.f("ck_session_room_seats")),
        sa.ForeignKeyConstraint(
            ["session_id"], ["exam_session.id"], name=op.f("fk_session_room_session_id_exam_session")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_session_room")),
        sa.UniqueConstraint("session_id", "name", name=op.f("uq_session_room_session_id_name")),
    )
    op.add_column("seat", sa.Column("let_in_at", sa.DateTime(timezone=True), nullable=True))
    op.add_column("staff_assignment", sa.Column("room_id", sa.BigInteger(), nullable=True))
    op.create_foreign_key(
        op.f("fk_staff_assignment_room_id_session_room"),
        "staff_assignment",
        "session_room",
        ["room_id"],
        ["id"],
        ondelete="SET NULL",
    )
    op.add_column("attempt", sa.Column("notices", sa.BigInteger(), server_default="0", nullable=False))


def downgrade() -> None:
    op.drop_column("attempt", "notices")
    op.drop_column("staff_assignment", "room_id")
    op.drop_column("seat", "let_in_at")
    op.drop_table("session_room")

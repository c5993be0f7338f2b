"""Stations, turns and the head of the panel."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "3d5ec2f4b3ed"
down_revision = "2c4db1e3a2dc"
branch_labels = None
depends_on = None

_HEAD = "uq_staff_assignment_head"


def upgrade() -> None:
    op.add_column("staff_assignment", sa.Column("head", sa.Boolean(), server_default="false", nullable=False))
    op.create_index(_HEAD, "staff_assignment", ["session_id"], unique=True, postgresql_where=sa.text("head"))
    _stations()
    _rules()
    _changes()


def downgrade() -> None:
    for table in ("panel_change", "seat_absence", "panel_rules", "station_turn", "practical_station"):
        op.drop_table(table)
    op.drop_index(_HEAD, "staff_assignment")
    op.drop_column("staff_assignment", "head")


def _stations() -> None:
    op.create_table(
        "practical_station",
        sa.Column("id", sa.BigInteger(), nullable=False),
        sa.Column("session_id", sa.BigInteger(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("slots", postgresql.JSONB(), nullable=False),
        sa.Column("places", sa.BigInteger(), nullable=False),
        sa.Column("out_of_order_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint("places >= 1", name=op.f("ck_practical_station_places")),
        sa.ForeignKeyConstraint(
            ["session_id"], ["exam_session.id"], name=op.f("fk_practical_station_session_id_exam_session")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_practical_station")),
        sa.UniqueConstraint("session_id", "name", name=op.f("uq_practical_station_session_id_name")),
    )
    op.create_table(
        "station_turn",
        sa.Column("id", sa.BigInteger(), nullable=False),
        sa.Column("seat_id", sa.BigInteger(), nullable=False),
        sa.Column("slot", sa.Text(), nullable=False),
        sa.Column("station_id", sa.BigInteger(), nullable=False),
        sa.Column("place", sa.BigInteger(), nullable=False),
        sa.Column("starts_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("minutes", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(["seat_id"], ["seat.id"], name=op.f("fk_station_turn_seat_id_seat")),
        sa.ForeignKeyConstraint(
            ["station_id"], ["practical_station.id"], name=op.f("fk_station_turn_station_id_practical_station")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_station_turn")),
        sa.UniqueConstraint("seat_id", "slot", name=op.f("uq_station_turn_seat_id_slot")),
    )
    op.create_index(op.f("ix_station_turn_station_id"), "station_turn", ["station_id"])


def _rules() -> None:
    op.create_table(
        "panel_rules",
        sa.Column("session_id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("attend_minutes", sa.BigInteger(), nullable=False),
        sa.Column("rest_minutes", sa.BigInteger(), nullable=False),
        sa.Column("gap_minutes", sa.BigInteger(), nullable=False),
        sa.Column("people_at_once", sa.BigInteger(), nullable=True),
        sa.ForeignKeyConstraint(
            ["session_id"], ["exam_session.id"], name=op.f("fk_panel_rules_session_id_exam_session")
        ),
        sa.PrimaryKeyConstraint("session_id", name=op.f("pk_panel_rules")),
    )


def _changes() -> None:
    op.create_table(
        "seat_absence",
        sa.Column("seat_id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("recorded_by", sa.BigInteger(), nullable=True),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["seat_id"], ["seat.id"], name=op.f("fk_seat_absence_seat_id_seat")),
        sa.ForeignKeyConstraint(
            ["recorded_by"], ["user_account.id"], name=op.f("fk_seat_absence_recorded_by_user_account")
        ),
        sa.PrimaryKeyConstraint("seat_id", name=op.f("pk_seat_absence")),
    )
    op.create_table(
        "panel_change",
        sa.Column("id", sa.BigInteger(), nullable=False),
        sa.Column("session_id", sa.BigInteger(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("subject", sa.Text(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("lines", postgresql.JSONB(), server_default=sa.text("'[]'"), nullable=False),
        sa.Column("fewest", sa.Boolean(), nullable=False),
        sa.Column("made_by", sa.BigInteger(), nullable=True),
        sa.Column("at", sa.DateTime(timezone=True), server_default=sa.func.now(), nullable=False),
        sa.ForeignKeyConstraint(
            ["session_id"], ["exam_session.id"], name=op.f("fk_panel_change_session_id_exam_session")
        ),
        sa.ForeignKeyConstraint(["made_by"], ["user_account.id"], name=op.f("fk_panel_change_made_by_user_account")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_panel_change")),
    )
    op.create_index(op.f("ix_panel_change_session_id"), "panel_change", ["session_id"])

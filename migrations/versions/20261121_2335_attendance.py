"""Who was there, how they were identified, and the signed record of a room."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "c06e5b7c4d86"
down_revision = "bf5d4a6b3c75"
branch_labels = None
depends_on = None

KEEP_PRESENCE = """
CREATE FUNCTION keep_presence() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    was boolean := TG_OP = 'UPDATE' AND OLD.present_since IS NOT NULL AND OLD.left_at IS NULL;
    is_here boolean := NEW.present_since IS NOT NULL AND NEW.left_at IS NULL;
    moved boolean := was AND is_here AND NEW.room_id IS DISTINCT FROM OLD.room_id;
    again boolean := was AND is_here AND NEW.present_since IS DISTINCT FROM OLD.present_since;
BEGIN
    IF was AND (NOT is_here OR moved OR again) THEN
        UPDATE presence_interval
           SET ended_at = greatest(began_at, coalesce(NEW.left_at, CASE WHEN again THEN NEW.present_since END, now()))
         WHERE session_id = OLD.session_id AND user_id = OLD.user_id AND ended_at IS NULL;
    END IF;
    IF is_here AND (NOT was OR moved OR again) THEN
        INSERT INTO presence_interval (session_id, user_id, role, room_id, began_at)
        VALUES (NEW.session_id, NEW.user_id, NEW.role, NEW.room_id,
                CASE WHEN moved AND NOT again THEN now() ELSE NEW.present_since END);
    END IF;
    RETURN NULL;
END $$
"""


def upgrade() -> None:
    _incidents()
    op.create_table(
        "attendance",
        sa.Column("seat_id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("arrival", sa.Text(), nullable=False),
        sa.Column("document", sa.Text(), server_default="", nullable=False),
        sa.Column("comparison", sa.Text(), server_default="", nullable=False),
        sa.Column("note", sa.Text(), server_default="", nullable=False),
        sa.Column("checked_by", sa.BigInteger(), nullable=False),
        sa.Column("checked_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("(arrival = 'absent') = (comparison = '')", name=op.f("ck_attendance_compared")),
        sa.CheckConstraint("arrival IN ('present', 'late', 'absent')", name=op.f("ck_attendance_arrival")),
        sa.ForeignKeyConstraint(["checked_by"], ["user_account.id"], name=op.f("fk_attendance_checked_by")),
        sa.ForeignKeyConstraint(["seat_id"], ["seat.id"], name=op.f("fk_attendance_seat_id")),
        sa.PrimaryKeyConstraint("seat_id", name=op.f("pk_attendance")),
    )
    op.create_table(
        "desk_photo",
        sa.Column("id", sa.BigInteger(), nullable=False),
        sa.Column("seat_id", sa.BigInteger(), nullable=False),
        sa.Column("content", sa.LargeBinary(), nullable=True),
        sa.Column("sha256", sa.Text(), nullable=False),
        sa.Column("taken_by", sa.BigInteger(), nullable=False),
        sa.Column("taken_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("deleted_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["seat_id"], ["seat.id"], name=op.f("fk_desk_photo_seat_id")),
        sa.ForeignKeyConstraint(["taken_by"], ["user_account.id"], name=op.f("fk_desk_photo_taken_by")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_desk_photo")),
    )
    op.create_index(op.f("ix_desk_photo_seat_id"), "desk_photo", ["seat_id"], unique=False)
    _presence()
    _records()


def _incidents() -> None:
    op.add_column("incident", sa.Column("severity", sa.Text(), server_default="note", nullable=False))
    op.add_column("incident", sa.Column("room_id", sa.BigInteger(), nullable=True))
    op.create_foreign_key(
        op.f("fk_incident_room_id"), "incident", "session_room", ["room_id"], ["id"], ondelete="SET NULL"
    )
    op.add_column("incident", sa.Column("position", sa.BigInteger(), nullable=True))
    op.add_column("incident", sa.Column("happened_at", sa.DateTime(timezone=True), nullable=True))
    op.add_column("incident", sa.Column("countersigned_by", sa.BigInteger(), nullable=True))
    op.add_column("incident", sa.Column("countersigned_at", sa.DateTime(timezone=True), nullable=True))
    op.create_foreign_key(
        op.f("fk_incident_countersigned_by"), "incident", "user_account", ["countersigned_by"], ["id"]
    )
    op.execute(
        "UPDATE incident SET happened_at = recorded_at,"
        " severity = CASE WHEN blocking THEN 'irregularity' ELSE 'note' END"
    )
    op.alter_column("incident", "happened_at", nullable=False, server_default=sa.text("clock_timestamp()"))
    op.create_table(
        "incident_evidence",
        sa.Column("id", sa.BigInteger(), nullable=False),
        sa.Column("incident_id", sa.BigInteger(), nullable=False),
        sa.Column("filename", sa.Text(), nullable=False),
        sa.Column("media_type", sa.Text(), nullable=False),
        sa.Column("content", sa.LargeBinary(), nullable=False),
        sa.Column("sha256", sa.Text(), nullable=False),
        sa.Column("added_by", sa.BigInteger(), nullable=True),
        sa.Column("added_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["added_by"], ["user_account.id"], name=op.f("fk_incident_evidence_added_by")),
        sa.ForeignKeyConstraint(["incident_id"], ["incident.id"], name=op.f("fk_incident_evidence_incident_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_incident_evidence")),
    )
    op.create_index(op.f("ix_incident_evidence_incident_id"), "incident_evidence", ["incident_id"], unique=False)


def _presence() -> None:
    op.create_table(
        "presence_interval",
        sa.Column("id", sa.BigInteger(), nullable=False),
        sa.Column("session_id", sa.BigInteger(), nullable=False),
        sa.Column("user_id", sa.BigInteger(), nullable=False),
        sa.Column("role", sa.Text(), nullable=False),
        sa.Column("room_id", sa.BigInteger(), nullable=True),
        sa.Column("began_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["room_id"], ["session_room.id"], name=op.f("fk_presence_interval_room_id"), ondelete="SET NULL"
        ),
        sa.ForeignKeyConstraint(
            ["session_id"], ["exam_session.id"], name=op.f("fk_presence_interval_session_id"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["user_id"], ["user_account.id"], name=op.f("fk_presence_interval_user_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_presence_interval")),
    )
    op.create_index(op.f("ix_presence_interval_session_id"), "presence_interval", ["session_id"], unique=False)
    op.create_index(
        "uq_presence_interval_open",
        "presence_interval",
        ["session_id", "user_id"],
        unique=True,
        postgresql_where=sa.text("ended_at IS NULL"),
    )
    op.execute(
        "INSERT INTO presence_interval (session_id, user_id, role, room_id, began_at, ended_at)"
        " SELECT session_id, user_id, role, room_id, present_since, left_at FROM staff_assignment"
        " WHERE present_since IS NOT NULL"
    )
    op.execute(KEEP_PRESENCE)
    op.execute(
        "CREATE TRIGGER presence AFTER INSERT OR UPDATE OF present_since, left_at, room_id ON staff_assignment"
        " FOR EACH ROW EXECUTE FUNCTION keep_presence()"
    )


def _records() -> None:
    op.create_table(
        "room_remark",
        sa.Column("id", sa.BigInteger(), nullable=False),
        sa.Column("session_id", sa.BigInteger(), nullable=False),
        sa.Column("room_id", sa.BigInteger(), nullable=True),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("written_by", sa.BigInteger(), nullable=False),
        sa.Column("written_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["room_id"], ["session_room.id"], name=op.f("fk_room_remark_room_id"), ondelete="SET NULL"
        ),
        sa.ForeignKeyConstraint(["session_id"], ["exam_session.id"], name=op.f("fk_room_remark_session_id")),
        sa.ForeignKeyConstraint(["written_by"], ["user_account.id"], name=op.f("fk_room_remark_written_by")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_room_remark")),
    )
    op.create_index(op.f("ix_room_remark_session_id"), "room_remark", ["session_id"], unique=False)
    op.create_table(
        "room_record",
        sa.Column("id", sa.BigInteger(), nullable=False),
        sa.Column("session_id", sa.BigInteger(), nullable=False),
        sa.Column("room", sa.BigInteger(), nullable=False),
        sa.Column("version", sa.BigInteger(), nullable=False),
        sa.Column("content", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("sha256", sa.Text(), nullable=False),
        sa.Column("fixed_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("pdf", sa.LargeBinary(), nullable=True),
        sa.ForeignKeyConstraint(["session_id"], ["exam_session.id"], name=op.f("fk_room_record_session_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_room_record")),
        sa.UniqueConstraint("session_id", "room", "version", name=op.f("uq_room_record_session_id_room_version")),
    )
    op.create_table(
        "record_signature",
        sa.Column("id", sa.BigInteger(), nullable=False),
        sa.Column("record_id", sa.BigInteger(), nullable=False),
        sa.Column("user_id", sa.BigInteger(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("signed_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["record_id"], ["room_record.id"], name=op.f("fk_record_signature_record_id")),
        sa.ForeignKeyConstraint(["user_id"], ["user_account.id"], name=op.f("fk_record_signature_user_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_record_signature")),
        sa.UniqueConstraint("record_id", "user_id", name=op.f("uq_record_signature_record_id_user_id")),
    )
    op.execute(
        """
        CREATE FUNCTION refuse_other_record() RETURNS trigger LANGUAGE plpgsql AS $$
        BEGIN
            IF TG_OP = 'DELETE'
               OR (NEW.id, NEW.session_id, NEW.room, NEW.version, NEW.content, NEW.sha256, NEW.fixed_at)
               IS DISTINCT FROM (OLD.id, OLD.session_id, OLD.room, OLD.version, OLD.content, OLD.sha256, OLD.fixed_at)
            THEN
                RAISE EXCEPTION 'a signed record is never changed; a new version is made instead'
                    USING ERRCODE = 'integrity_constraint_violation';
            END IF;
            RETURN NEW;
        END $$
        """
    )
    op.execute(
        "CREATE TRIGGER unchanged BEFORE UPDATE OR DELETE ON room_record"
        " FOR EACH ROW EXECUTE FUNCTION refuse_other_record()"
    )
    for table in ("record_signature", "incident_evidence"):
        op.execute(
            f"CREATE TRIGGER kept BEFORE UPDATE OR DELETE ON {table} FOR EACH ROW EXECUTE FUNCTION refuse_change()"
        )


def downgrade() -> None:
    op.drop_table("record_signature")
    op.drop_table("room_record")
    op.execute("DROP FUNCTION refuse_other_record()")
    op.drop_table("room_remark")
    op.execute("DROP TRIGGER presence ON staff_assignment")
    op.execute("DROP FUNCTION keep_presence()")
    op.drop_table("presence_interval")
    op.drop_table("desk_photo")
    op.drop_table("attendance")
    op.drop_table("incident_evidence")
    for column in ("countersigned_at", "countersigned_by", "happened_at", "position", "room_id", "severity"):
        op.drop_column("incident", column)

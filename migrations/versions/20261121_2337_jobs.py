"""Long work with progress, and practice exams."""

from __future__ import annotations

revision = "e28a7d9e6fa8"
down_revision = "d17f6c8d5e97"
branch_labels = None
depends_on = None


def upgrade() -> None:
    pass


def downgrade() -> None:
    pass

"""What a recheck found of a capture; runs of other acts than enrolment; visits by their photo."""

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"


def upgrade() -> None:
    op.add_column("run", sa.Column("act", sa.String(), nullable=False, server_default="enrol"))
    op.add_column("capture", sa.Column("state", sa.String(), nullable=False, server_default="there"))
    op.add_column("capture", sa.Column("state_at", sa.DateTime()))
    op.add_column("capture", sa.Column("state_detail", sa.String(), nullable=False, server_default=""))
    op.create_index(op.f("ix_visit_photo_id"), "visit", ["photo_id"])
    not_there = sa.text("state != 'there'")
    op.create_index(
        op.f("ix_capture_state"), "capture", ["state"], sqlite_where=not_there, postgresql_where=not_there
    )


def downgrade() -> None:
    op.drop_index(op.f("ix_capture_state"), "capture")
    op.drop_index(op.f("ix_visit_photo_id"), "visit")
    for name in ("state_detail", "state_at", "state"):
        op.drop_column("capture", name)
    op.drop_column("run", "act")

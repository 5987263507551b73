"""A photo's captures by photo and source: by the photo alone, SQLite rather went through a whole source."""

from alembic import op

revision = "0003"
down_revision = "0002"


def upgrade() -> None:
    op.create_index("ix_capture_photo_id_source_id", "capture", ["photo_id", "source_id"])
    op.drop_index("ix_capture_photo_id", table_name="capture")


def downgrade() -> None:
    op.create_index("ix_capture_photo_id", "capture", ["photo_id"])
    op.drop_index("ix_capture_photo_id_source_id", table_name="capture")

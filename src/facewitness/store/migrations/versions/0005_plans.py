"""How a search went through the gallery."""

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"


def upgrade() -> None:
    op.add_column("search", sa.Column("plan", sa.JSON()))


def downgrade() -> None:
    op.drop_column("search", "plan")

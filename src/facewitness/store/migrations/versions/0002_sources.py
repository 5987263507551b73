"""Sources on terms that begin and end; captures with their archived record and preferences.

With them the reference of an export's holder.
"""

from typing import Any

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"


def _text(name: str, default: str = "") -> sa.Column[Any]:
    return sa.Column(name, sa.String(), nullable=False, server_default=default)


def _columns() -> dict[str, list[sa.Column[Any]]]:
    """Made anew each time: a column belongs to the first table that it is added to."""
    texts = ("owner", "citation", "agreement", "agreement_digest", "approved_by")
    times = ("starts", "expires", "review_by", "approved_at")
    return {
        "source": [
            sa.Column("scope", sa.JSON(), nullable=False, server_default="[]"),
            *map(_text, texts),
            _text("minors", "not-stated"),
            *(sa.Column(name, sa.DateTime()) for name in times),
        ],
        "capture": [
            sa.Column("record_file", sa.String()),
            sa.Column("record_offset", sa.BigInteger()),
            sa.Column("record_id", sa.String()),
            sa.Column("preferences", sa.JSON(), nullable=False, server_default="[]"),
        ],
    }


def upgrade() -> None:
    for table, columns in _columns().items():
        for column in columns:
            op.add_column(table, column)
    op.create_table(
        "source_reference",
        sa.Column("source_id", sa.String(), nullable=False),
        sa.Column("model", sa.String(), nullable=False),
        sa.Column("template", sa.LargeBinary(), nullable=False),
        sa.Column("given_at", sa.DateTime(), nullable=False),
        sa.ForeignKeyConstraint(["source_id"], ["source.id"], name=op.f("fk_source_reference_source_id")),
        sa.PrimaryKeyConstraint("source_id", name=op.f("pk_source_reference")),
    )


def downgrade() -> None:
    op.drop_table("source_reference")
    for table, columns in _columns().items():
        for column in columns:
            op.drop_column(table, column.name)

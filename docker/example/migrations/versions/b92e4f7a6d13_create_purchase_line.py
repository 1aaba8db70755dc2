"""Create purchase line

Revision ID: b92e4f7a6d13
Create Date: 2024-03-21 09:00:00

"""

import sqlalchemy as sa
from alembic import op
from revchain import get_down_revision

revision = "b92e4f7a6d13"
down_revision = get_down_revision(revision)
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "purchase_line",
        sa.Column("purchase_id", sa.Integer, sa.ForeignKey("purchase.id"), primary_key=True),
        sa.Column("book_id", sa.Integer, sa.ForeignKey("book.id"), primary_key=True),
        sa.Column("cents", sa.Integer, nullable=False),
    )


def downgrade() -> None:
    op.drop_table("purchase_line")

"""Create review

Revision ID: c3b7e9d20a46
Create Date: 2024-03-06 09:00:00

"""

import sqlalchemy as sa
from alembic import op
from revchain import get_down_revision

revision = "c3b7e9d20a46"
down_revision = get_down_revision(revision)
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "review",
        sa.Column("id", sa.Integer, primary_key=True),
        sa.Column("book_id", sa.Integer, sa.ForeignKey("book.id"), nullable=False),
        sa.Column("body", sa.Text, nullable=False),
    )


def downgrade() -> None:
    op.drop_table("review")

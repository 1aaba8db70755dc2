"""Create author

Revision ID: 8a4e6d15c0f2
Create Date: 2024-03-05 09:00:00

"""

import sqlalchemy as sa
from alembic import op
from revchain import get_down_revision

revision = "8a4e6d15c0f2"
down_revision = get_down_revision(revision)
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "author",
        sa.Column("id", sa.Integer, primary_key=True),
        sa.Column("name", sa.String(200), nullable=False),
    )
    op.create_table(
        "authorship",
        sa.Column("book_id", sa.Integer, sa.ForeignKey("book.id"), primary_key=True),
        sa.Column("author_id", sa.Integer, sa.ForeignKey("author.id"), primary_key=True),
    )


def downgrade() -> None:
    op.drop_table("authorship")
    op.drop_table("author")

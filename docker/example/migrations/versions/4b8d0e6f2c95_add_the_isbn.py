"""Add the ISBN

Revision ID: 4b8d0e6f2c95
Create Date: 2024-03-08 09:00:00

"""

import sqlalchemy as sa
from alembic import op
from revchain import get_down_revision

revision = "4b8d0e6f2c95"
down_revision = get_down_revision(revision)
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("book", sa.Column("isbn", sa.String(17)))


def downgrade() -> None:
    op.drop_column("book", "isbn")

"""Add the price

Revision ID: 9e1c5a7b3d80
Create Date: 2024-03-14 09:00:00

"""

import sqlalchemy as sa
from alembic import op
from revchain import get_down_revision

revision = "9e1c5a7b3d80"
down_revision = get_down_revision(revision)
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("book", sa.Column("cents", sa.Integer, nullable=False, server_default="0"))


def downgrade() -> None:
    op.drop_column("book", "cents")

"""Count the stock

Revision ID: 07d5b2e9c1f4
Create Date: 2024-03-15 09:00:00

"""

import sqlalchemy as sa
from alembic import op
from revchain import get_down_revision

revision = "07d5b2e9c1f4"
down_revision = get_down_revision(revision)
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("book", sa.Column("stock", sa.Integer, nullable=False, server_default="0"))


def downgrade() -> None:
    op.drop_column("book", "stock")

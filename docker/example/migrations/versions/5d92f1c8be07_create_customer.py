"""Create customer

Revision ID: 5d92f1c8be07
Create Date: 2024-03-07 09:00:00

"""

import sqlalchemy as sa
from alembic import op
from revchain import get_down_revision

revision = "5d92f1c8be07"
down_revision = get_down_revision(revision)
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "customer",
        sa.Column("id", sa.Integer, primary_key=True),
        sa.Column("email", sa.String(200), nullable=False),
    )


def downgrade() -> None:
    op.drop_table("customer")

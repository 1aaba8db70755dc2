"""Create discount

Revision ID: a6f3d8b1042e
Create Date: 2024-03-18 09:00:00

"""

import sqlalchemy as sa
from alembic import op
from revchain import get_down_revision

revision = "a6f3d8b1042e"
down_revision = get_down_revision(revision)
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "discount",
        sa.Column("code", sa.String(20), primary_key=True),
        sa.Column("percent", sa.Integer, nullable=False),
    )


def downgrade() -> None:
    op.drop_table("discount")

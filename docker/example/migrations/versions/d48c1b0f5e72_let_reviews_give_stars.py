"""Let reviews give stars

Revision ID: d48c1b0f5e72
Create Date: 2024-03-22 09:00:00

"""

import sqlalchemy as sa
from alembic import op
from revchain import get_down_revision

revision = "d48c1b0f5e72"
down_revision = get_down_revision(revision)
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("review", sa.Column("stars", sa.Integer))


def downgrade() -> None:
    op.drop_column("review", "stars")

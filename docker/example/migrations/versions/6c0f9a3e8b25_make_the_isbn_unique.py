"""Make the ISBN unique

Revision ID: 6c0f9a3e8b25
Create Date: 2024-03-25 09:00:00

"""

from alembic import op
from revchain import get_down_revision

revision = "6c0f9a3e8b25"
down_revision = get_down_revision(revision)
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_index("book_isbn", "book", ["isbn"], unique=True)


def downgrade() -> None:
    op.drop_index("book_isbn", "book")

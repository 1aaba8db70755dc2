<% merge = isinstance(down_revision, tuple) %>\
"""${message}

Revision ID: ${up_revision}
% if merge:
Revises: ${down_revision | comma,n}
% endif
Create Date: ${create_date}

"""
from typing import Sequence, Union

from alembic import op
% if not merge:
from revchain import get_down_revision
% endif
import sqlalchemy as sa
${imports if imports else ""}

# revision identifiers, used by Alembic.
revision: str = ${repr(up_revision)}
down_revision: Union[str, Sequence[str], None] = ${repr(down_revision) if merge else "get_down_revision(revision)"}
branch_labels: Union[str, Sequence[str], None] = ${repr(branch_labels)}
depends_on: Union[str, Sequence[str], None] = ${repr(depends_on)}


def upgrade() -> None:
    ${upgrades if upgrades else "pass"}


def downgrade() -> None:
    ${downgrades if downgrades else "pass"}

#!/usr/bin/env bash
# tests/cli/sample.sh DIR: make a small repository in DIR to show revchain on. It is the same to the last byte each time.
#
# Three people work on a shop. Its first migrations are static; then the project leaves down_revision to git:
#
#     main  * users * orders * status * (to git) ---* index ----------* country -* phone ----------* invoices, number
#                                      \           / \  \            /          /                 /
#     Ben                               \--- index    \  ---------------- phone                  /
#     Cleo                               \             -- country ---                           /
#     Ana                                 \-- invoices ------------------ (update) -- number --
#
# Ana's branch is begun first and merged last, and takes in main on the way ("Update branch"); Ben and Cleo add a migration each
# on the same day, both on top of index.
set -euo pipefail

[ $# -eq 1 ] || {
    echo "usage: $0 DIR" >&2
    exit 2
}
[ ! -e "$1" ] || [ -z "$(ls -A "$1")" ] || {
    echo "$0: $1 is there already, and not empty" >&2
    exit 1
}
unset "${!GIT_@}"
export GIT_CONFIG_NOSYSTEM=1 GIT_CONFIG_GLOBAL=/dev/null LC_ALL=C

mkdir -p "$1"
cd "$1"
git init -q -b main

# as NAME DATE: who commits from here on, and when.
as() {
    export GIT_AUTHOR_NAME=$1 GIT_AUTHOR_EMAIL="$1@shop.example" GIT_AUTHOR_DATE="$2 +0000"
    export GIT_COMMITTER_NAME=$1 GIT_COMMITTER_EMAIL="$1@shop.example" GIT_COMMITTER_DATE="$2 +0000"
}

commit() {
    git add -A
    git commit -q -m "$1"
}

merge() { git merge -q --no-ff -m "$1" "$2" >/dev/null; }

# migration ID SLUG DOWN UPGRADE DOWNGRADE: a file as script.py.mako would make it; the last three are Python.
migration() {
    local words=${2//_/ } import=''
    [ "$3" != 'get_down_revision(revision)' ] || import=$'from revchain import get_down_revision\n'
    cat >"migrations/versions/$1_$2.py" <<PY
"""$words

Revision ID: $1
Create Date: ${GIT_AUTHOR_DATE% *}

"""
import sqlalchemy as sa
from alembic import op
$import
revision = "$1"
down_revision = $3
branch_labels = None
depends_on = None


def upgrade():
    $4


def downgrade():
    $5
PY
}

static() { migration "$1" "$2" "$3" "$4" "$5"; }
dynamic() { migration "$1" "$2" 'get_down_revision(revision)' "$3" "$4"; }

as ana '2024-01-08 09:00:00'
mkdir -p migrations/versions
cat >alembic.ini <<'INI'
[alembic]
script_location = %(here)s/migrations
sqlalchemy.url = sqlite:///shop.db
INI
cat >migrations/env.py <<'PY'
from alembic import context
from sqlalchemy import create_engine

engine = create_engine(context.config.get_main_option("sqlalchemy.url"))
with engine.connect() as connection:
    context.configure(connection=connection)
    with context.begin_transaction():
        context.run_migrations()
PY
printf '__pycache__/\n*.pyc\n/shop.db\n/migrations/revision_chain.json\n' >.gitignore
static 4f1c2a9b7d30 create_users None \
    'op.create_table("users", sa.Column("id", sa.Integer, primary_key=True), sa.Column("email", sa.String(200)))' \
    'op.drop_table("users")'
commit 'Begin: users'

as ana '2024-01-11 14:30:00'
static 8e5d03b6c1f2 create_orders '"4f1c2a9b7d30"' \
    'op.create_table("orders", sa.Column("id", sa.Integer, primary_key=True), sa.Column("user_id", sa.Integer))' \
    'op.drop_table("orders")'
commit 'Take orders'

as ben '2024-01-16 10:15:00'
static c07a41d9e8b5 add_order_status '"8e5d03b6c1f2"' \
    'op.add_column("orders", sa.Column("status", sa.String(20)))' \
    'op.drop_column("orders", "status")'
commit 'Give orders a status'

as ben '2024-01-18 16:00:00'
cat >migrations/script.py.mako <<'MAKO'
"""${message}

Revision ID: ${up_revision}
Create Date: ${create_date}

"""
import sqlalchemy as sa
from alembic import op
from revchain import get_down_revision
${imports if imports else ""}
revision = ${repr(up_revision)}
down_revision = get_down_revision(revision)
branch_labels = ${repr(branch_labels)}
depends_on = ${repr(depends_on)}


def upgrade():
    ${upgrades if upgrades else "pass"}


def downgrade():
    ${downgrades if downgrades else "pass"}
MAKO
commit 'Leave down_revision to git'

as ana '2024-02-01 09:30:00'
git checkout -q -b invoices
dynamic 1d7f60c2ab94 create_invoices \
    'op.create_table("invoices", sa.Column("id", sa.Integer, primary_key=True), sa.Column("order_id", sa.Integer))' \
    'op.drop_table("invoices")'
commit 'Write invoices'

as ben '2024-02-05 11:00:00'
git checkout -q -b email-index main
dynamic e93b58d0f746 index_user_email \
    'op.create_index("ix_users_email", "users", ["email"])' \
    'op.drop_index("ix_users_email", "users")'
commit 'Find users by email'
as ben '2024-02-06 15:20:00'
git checkout -q main
merge 'Merge email-index' email-index

as cleo '2024-02-12 10:00:00'
git checkout -q -b country main
dynamic a64e09c7d3b1 add_country_to_users \
    'op.add_column("users", sa.Column("country", sa.String(2)))' \
    'op.drop_column("users", "country")'
commit 'Ask for the country'
as ben '2024-02-12 10:40:00'
git checkout -q -b phone main
dynamic 72c8f15e0a9d add_phone_to_users \
    'op.add_column("users", sa.Column("phone", sa.String(40)))' \
    'op.drop_column("users", "phone")'
commit 'Ask for a telephone number'
as cleo '2024-02-13 09:10:00'
git checkout -q main
merge 'Merge country' country
as ben '2024-02-13 09:50:00'
merge 'Merge phone' phone

as ana '2024-02-15 13:00:00'
git checkout -q invoices
merge "Merge branch 'main' into invoices" main
as ana '2024-02-16 17:45:00'
dynamic 30b9d4e7f5c6 number_invoices \
    'op.add_column("invoices", sa.Column("number", sa.String(20)))' \
    'op.drop_column("invoices", "number")'
commit 'Number the invoices'
as ana '2024-02-20 10:00:00'
git checkout -q main
merge 'Merge invoices' invoices
git branch -q -D invoices email-index country phone

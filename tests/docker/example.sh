# shellcheck shell=bash
# shellcheck disable=SC2154 # what run and lib.sh set
# The example application: its image, its migrations on PostgreSQL, and `make example`.

case_example() { # The last stage has the chain, and neither git nor revchain.
    # A chain file that is older than the migrations must not come to the image.
    echo '{}' >"$repository/migrations/revision_chain.json"
    build_example
    rm "$repository/migrations/revision_chain.json"
    run() { docker run --rm --label "$label" --entrypoint '' "$example" "$@"; }
    equal 'chain file in the image' "$(expected_chain)" "$(run cat migrations/revision_chain.json)"
    equal 'git or revchain in the last stage' '' \
        "$(run sh -c 'command -v git revchain; find / -xdev -name .git 2>/dev/null; true')"
}

url=postgresql://bookshop:bookshop@database/bookshop

# A network with PostgreSQL in it, of which the answers come on a socket before they come from the network.
start_database() {
    trap take_down EXIT
    network=$(docker network create --label "$label" "revchain-test-$$")
    database=$(docker run -d --label "$label" --network "$network" --network-alias database \
        -e POSTGRES_USER=bookshop -e POSTGRES_PASSWORD=bookshop postgres:15)
    local tries
    for tries in $(seq 120); do
        ! docker exec "$database" pg_isready -q -h 127.0.0.1 -U bookshop || return 0
        sleep 0.5
    done
    docker logs "$database" >&2
    fail 'PostgreSQL' 'an answer' "none after $tries tries"
}

# shop [OPTION...] -- COMMAND...: a command in the example's image, with the database; without its entry point
shop() {
    local options=()
    while [ "$1" != -- ]; do
        options+=("$1")
        shift
    done
    shift
    docker run --rm --label "$label" --network "$network" -e DATABASE_URL="$url" \
        "${options[@]}" "$example" "$@"
}

sql() { docker exec "$database" psql -U bookshop -qAt -c "$1"; }

case_migrates() { # Up in landing order to the application's tables, down, and the guard.
    build_example
    start_database
    local output status=0 difference
    output=$(shop -- true 2>&1) || fail 'the entry point' 'exit status 0' "$output"
    equal 'migrations in the order they ran' "${landed[*]}" \
        "$(sed -n 's/.*Running upgrade .*-> \([0-9a-f]*\),.*/\1/p' <<<"$output" | paste -sd ' ')"
    equal 'alembic_version' "${landed[-1]}" "$(sql 'SELECT version_num FROM alembic_version')"
    equal 'what the guard recorded' "$(printf '%s\n' "${landed[@]}" | sort)" \
        "$(sql "SELECT revision FROM revchain_applied WHERE how = 'applied'" | sort)"
    difference=$(shop --entrypoint '' -- python3 -c '
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from bookshop.database import Base, engine
hide = {"include_name": lambda name, kind, _: not (kind == "table" and name == "revchain_applied")}
with engine.connect() as connection:
    print(compare_metadata(MigrationContext.configure(connection, opts=hide), Base.metadata))')
    equal 'tables that differ from the application'\''s' '[]' "$difference"

    # A database that never had one of the migrations: the service does not start.
    sql "DELETE FROM revchain_applied WHERE revision = '${landed[5]}'"
    output=$(shop -- echo started 2>&1) || status=$?
    equal 'exit status of a deploy that would skip a migration' 1 "$status"
    contains 'what it says' "SkippedMigration: this database is at ${landed[-1]} and never had" "$output"
    contains 'what it says' "${landed[5]}" "$output"
    case $output in *started*) fail 'the service' 'not started' started ;; esac
    quietly shop --entrypoint '' -- python3 -m revchain mark "${landed[5]}" --reason 'a test' --url "$url"
    equal 'with that on the record' started "$(shop -- echo started 2>/dev/null)"

    quietly shop --entrypoint '' -- alembic downgrade base
    equal 'alembic_version after the downgrade' '' "$(sql 'SELECT version_num FROM alembic_version')"
}

case_demo() { # `make example`: all of it with Compose; nothing stays.
    thorough
    build_example
    docker compose version >/dev/null 2>&1 || command -v docker-compose >/dev/null ||
        skip 'neither docker compose nor docker-compose is here'
    local output project=revchain-demo-$$ revision
    output=$(REVCHAIN=$image COMPOSE_PROJECT_NAME=$project "$top/docker/example/demo" "$work/demo" 2>&1) ||
        fail 'docker/example/demo' 'exit status 0' "$output"
    contains 'the build' 'revchain: migrations/revision_chain.json: 12 dynamic migrations in order' "$output"
    contains 'the build of a shallow clone' 'revchain: error: this is a shallow clone' "$output"
    contains 'an answer of the service' '{"cents":990,"id":1}' "$output"
    contains 'an answer of the service' "{\"revision\":\"${landed[-1]}\"}" "$output"
    for revision in "${landed[@]}"; do contains 'revchain_applied' "| $revision | applied" "$output"; done
    contains 'the last lines' "$ docker compose down" "$output"
    equal 'containers, networks and volumes that are left' '' "$(
        docker ps -a --format '{{.Names}}' | grep "$project"
        docker network ls --format '{{.Name}}' | grep "$project"
        docker volume ls --format '{{.Name}}' | grep "$project"
    )"
    docker images --format '{{.Repository}}' | grep "^$project" | xargs -r docker rmi >/dev/null
}

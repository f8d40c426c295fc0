#!/usr/bin/env bash
# Runs a command beside a PostgreSQL that lives as long as it: with-postgres.sh COMMAND [ARGUMENT…]
# The command finds it at PORTIQUE_TEST_POSTGRES and may create databases in it at will.
set -euo pipefail
. "$(dirname "$0")/environment.sh"

binaries=$(compgen -G '/usr/lib/postgresql/*/bin' | sort -V | tail -n 1) ||
    binaries=$(dirname "$(command -v postgres)" 2>/dev/null) ||
    die "PostgreSQL is missing: install it (Debian: apt-get install postgresql)."

folder=$(mktemp -d "${TMPDIR:-/tmp}/portique-postgres.XXXXXX")
# PostgreSQL refuses to run as root. setpriv becomes the server instead of watching over it, so that $! is the
# server itself, and the kernel stops the server if this script is killed without a chance to do it.
as_owner=(setpriv)
if [ "$(id -u)" = 0 ]; then
    chown postgres "$folder"
    as_owner+=(--reuid postgres --regid postgres --init-groups)
fi

server=
stop() {
    trap - EXIT
    if [ -n "$server" ]; then
        # Immediate: nothing in it is worth a checkpoint.
        kill -QUIT "$server" 2>/dev/null || true
        wait "$server" 2>/dev/null || true
    fi
    rm -rf "$folder"
}
trap stop EXIT
trap 'exit 130' INT
trap 'exit 143' TERM

(cd "$folder" && "${as_owner[@]}" "$binaries/initdb" --pgdata "$folder/data" --username postgres --auth trust \
    --encoding UTF8 --locale C.UTF-8 --no-sync >"$folder/log" 2>&1) || die "initdb: $(cat "$folder/log")"

# Nothing here needs to survive a power cut; the port is taken just after it was seen free.
start() {
    port=$(node -e 'const s = require("net").createServer().listen(0, "127.0.0.1", () => { console.log(s.address().port); s.close() })')
    cd "$folder"
    "${as_owner[@]}" --pdeathsig QUIT "$binaries/postgres" -D "$folder/data" -p "$port" \
        -c listen_addresses=127.0.0.1 -c unix_socket_directories= -c max_connections=200 \
        -c fsync=off -c synchronous_commit=off -c full_page_writes=off -c shared_buffers=64MB \
        >>"$folder/log" 2>&1 </dev/null &
    server=$!
    cd "$OLDPWD"
    for _ in {1..100}; do
        "$binaries/pg_isready" -q -h 127.0.0.1 -p "$port" -U postgres && return 0
        kill -0 "$server" 2>/dev/null || return 1
        sleep 0.1
    done
    return 1
}
start || start || die "PostgreSQL did not start: $(tail -n 20 "$folder/log")"

export PORTIQUE_TEST_POSTGRES=postgres://postgres@127.0.0.1:$port/postgres
status=0
"$@" || status=$?
exit "$status"

#!/usr/bin/env bash
# Runs a command beside a demo server that lives as long as it: with-demo.sh COMMAND [ARGUMENT…]
# The command finds the server at PORTIQUE_URL and its folder at PORTIQUE_DEMO_DATA.
set -euo pipefail
. "$(dirname "$0")/environment.sh"
[ -x "$PORTIQUE_BIN" ] || die "$PORTIQUE_BIN is not built."

data=$(mktemp -d "${TMPDIR:-/tmp}/portique-demo.XXXXXX")
port=$(node -e 'const s = require("net").createServer().listen(0, "127.0.0.1", () => { console.log(s.address().port); s.close() })')
setpriv --pdeathsig TERM "$PORTIQUE_BIN" serve --demo --port "$port" --data "$data" >"$data.log" 2>&1 </dev/null &
server=$!
stop() {
    trap - EXIT
    kill -TERM "$server" 2>/dev/null || true
    wait "$server" 2>/dev/null || true
    rm -rf "$data" "$data.log"
}
trap stop EXIT
trap 'exit 130' INT
trap 'exit 143' TERM

export PORTIQUE_URL=http://localhost:$port PORTIQUE_DEMO_DATA=$data
for _ in {1..150}; do
    curl -fsS -o /dev/null "$PORTIQUE_URL/api/health/ready" 2>/dev/null && ready=1 && break
    kill -0 "$server" 2>/dev/null || break
    sleep 0.1
done
[ -n "${ready:-}" ] || die "The demo did not start: $(tail -n 20 "$data.log")"

status=0
"$@" || status=$?
# What the server complained of explains a failure better than its answers do.
[ "$status" = 0 ] || grep -E 'ERROR|panicked' "$data.log" | tail -n 20 >&2 || true
exit "$status"

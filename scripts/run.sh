#!/usr/bin/env bash
# Builds the server with the client inside and serves the demo, with sample cards: run.sh [PORT [CARDS-PORT]]
set -euo pipefail
. "$(dirname "$0")/environment.sh"
cd "$root"

say "Building the server (the first time some minutes, in silence)"
cargo build --quiet --locked -p portique-server --bin portique
scripts/cards.sh
# In this script's place, so that Ctrl-C reaches the server itself.
exec "$PORTIQUE_BIN" serve --demo --port "${1:-8080}" --cards "$PORTIQUE_CARDS" --cards-port "${2:-8443}"

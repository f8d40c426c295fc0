#!/usr/bin/env bash
# Every test. With the name of a part, that part alone: test.sh [rust|api|e2e]
set -euo pipefail
. "$(dirname "$0")/environment.sh"
cd "$root"
part=${1:-all}

wants() { [ "$part" = all ] || [ "$part" = "$1" ]; }

if wants rust; then
    say "Tests on SQLite and PostgreSQL"
    scripts/with-postgres.sh cargo nextest run --locked --workspace --all-features
    say "Examples in the documentation"
    cargo test --quiet --locked --doc -p portique-shared -p portique-domain
fi
# nextest has just built it; by itself a part must not test yesterday's.
[ "$part" = all ] || cargo build --quiet --locked -p portique-server --bin portique
if wants api; then
    say "The API against its description"
    scripts/schemathesis.sh
fi
if wants e2e; then
    scripts/cards.sh
    say "Journeys in a browser"
    (cd e2e && npx playwright test)
fi

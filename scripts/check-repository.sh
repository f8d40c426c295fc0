#!/usr/bin/env bash
# What no compiler refuses: work left undone, this machine's paths and hosts, waiting in tests, long files.
set -euo pipefail
. "$(dirname "$0")/environment.sh"
cd "$root"

failed=0
# The patterns are written so that they do not match themselves.
refuse() { # what pattern paths…
    local what=$1 pattern=$2 found
    shift 2
    # Files not committed yet count too: the check is most useful before the commit.
    found=$(git grep --untracked -nIE -e "$pattern" -- "$@" | cut -c1-160) || return 0
    printf '✗ %s\n%s\n' "$what" "$found" | sed '2,$s/^/    /' >&2
    failed=1
}

refuse 'Work left undone:' '\b(TOD[O]|FIXM[E]|XX[X])\b|\b(todo|unimplemented)!\(' .
refuse "This machine's paths:" '(^|[^[:alnum:]._-])/(wor[k]|roo[t]|hom[e])/' .
refuse "A registry's host, which is each machine's own:" 'artifactor[y]|registry\.npmj[s]\.org|pypi\.or[g]/simple|index\.crate[s]\.io' .
refuse 'Waiting in a test (turn the clock, or wait for the thing itself):' \
    'thread::slee[p]|time::slee[p]|waitForTimeou[t]|setTimeou[t]\(' '*tests/*.rs' '*tests.rs' 'e2e/*.ts'
refuse '`allow` hides a lint for ever; `expect` with a reason does not:' '#!?\[(cfg_attr\(.*)?allo[w]\(' '*.rs'
refuse 'A test that is skipped or alone:' '\btest\.(only|skip|fixme)\(|#\[ignore' '*.ts' '*.rs'

long=$(git ls-files -co --exclude-standard '*.rs' | while read -r file; do
    [ -f "$file" ] || continue
    lines=$(wc -l <"$file")
    [ "$lines" -le 400 ] || echo "$file: $lines lines"
done)
if [ -n "$long" ]; then
    printf '✗ Files over 400 lines: they say more than one thing.\n%s\n' "$long" | sed '2,$s/^/    /' >&2
    failed=1
fi
exit "$failed"

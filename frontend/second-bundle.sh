#!/usr/bin/env bash
# Trunk builds one bundle a page, and Portique has two (docs/client-size.md): the sign-in page's was just built.
# This builds the other one beside it, and leaves in index.html, between the marks that the server looks for, the
# head of the sign-in page, a mark, and the head of every other page.
set -euo pipefail
staging=$TRUNK_STAGING_DIR
# Trunk would read these as options.
for name in $(compgen -e TRUNK_ || true); do unset "$name"; done

trunk --config frontend/Trunk.toml --log warn build --offline --locked \
    --dist "$staging/client" --public-url /client/

# The tags that Trunk wrote: what to load early, then the module that starts the client.
head_of() {
    grep -o '<link [^>]*>' "$1"
    sed -n '/<script type="module">/,/<\/script>/p' "$1" | grep -v '^$'
}

joined=$(
    printf '<!doctype html>\n<html><head><!--portique:client-->\n'
    head_of "$staging/index.html"
    printf '<!--portique:next-->\n'
    head_of "$staging/client/index.html"
    printf '<!--/portique:client--></head><body></body></html>\n'
)
printf '%s\n' "$joined" >"$staging/index.html"
rm "$staging/client/index.html"

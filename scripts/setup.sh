#!/usr/bin/env bash
# Installs, at pinned versions, what building and testing need beyond cargo, make, node and apt.
#   setup.sh build   what `make run` needs
#   setup.sh test    that, and what `make test` needs
# Says nothing and takes no time where all is there already.
set -euo pipefail
. "$(dirname "$0")/environment.sh"

# Tools are built to be used once or twice a build: compiling them quickly matters more than their speed.
# One target folder for all of them, so that what they share is compiled once.
tools_log=$PORTIQUE_CACHE/install.log
install_cargo_tool() { # crate version [flags…]
    local crate=$1 version=$2
    shift 2
    say "Installing $crate $version (once; minutes)"
    # From outside the checkout: its toolchain file and its configuration are not the tool's.
    (
        cd "$PORTIQUE_CACHE"
        export CARGO_TARGET_DIR=$PORTIQUE_CACHE/tools-target
        export CARGO_PROFILE_RELEASE_LTO=off CARGO_PROFILE_RELEASE_CODEGEN_UNITS=16
        export CARGO_PROFILE_RELEASE_OPT_LEVEL=1 CARGO_PROFILE_RELEASE_DEBUG=0 CARGO_INCREMENTAL=0
        [ -z "${with_rustup:-}" ] || export RUSTUP_TOOLCHAIN=$toolchain
        # Without --locked at the second try: a published lock file may name a version withdrawn since.
        cargo install --quiet --locked --force --root "$tools" --version "$version" "$@" "$crate" 2>"$tools_log" ||
            cargo install --quiet --force --root "$tools" --version "$version" "$@" "$crate" 2>>"$tools_log"
    ) || die "$crate could not be installed: $(tail -n 30 "$tools_log")"
}

# The version that a tool says of itself, else nothing.
version_of() { { "$@" 2>/dev/null || true; } | grep -oE '[0-9]+\.[0-9]+\.[0-9]+' | head -n 1; }

rust() {
    command -v rustup >/dev/null || command -v cargo >/dev/null ||
        die "Rust is missing: install rustup from https://rustup.rs, then run this again."
    toolchain=$(sed -n 's/^channel = "\(.*\)"/\1/p' "$root/rust-toolchain.toml")
    if ! command -v rustup >/dev/null; then
        # A distribution's Rust: nothing can be added to it here, so it must have all already.
        at_least "$(version_of rustc --version)" "$toolchain" || die "Rust $toolchain is needed; this is $(rustc --version)."
        [ -d "$(rustc --print target-libdir --target wasm32-unknown-unknown 2>/dev/null)" ] ||
            die "Rust's target wasm32-unknown-unknown is missing, and there is no rustup to install it."
        return
    fi
    with_rustup=1
    local installed
    installed=$(rustup component list --installed --toolchain "$toolchain" 2>/dev/null || true)
    for part in rust-std-wasm32-unknown-unknown clippy rustfmt; do
        grep -q "^$part" <<<"$installed" && continue
        say "Installing Rust $toolchain"
        rustup toolchain install "$toolchain" --profile minimal --component clippy,rustfmt \
            --target wasm32-unknown-unknown --no-self-update
        return
    done
}

node_is_recent() {
    command -v npm >/dev/null || die "Node.js is missing: install version 20 or newer with npm."
    at_least "$(version_of node --version)" 20.0.0 || die "Node.js 20 or newer is needed; this is $(node --version)."
}

trunk_and_wasm() {
    [ "$(version_of trunk --version)" = "$TRUNK_VERSION" ] ||
        install_cargo_tool trunk "$TRUNK_VERSION" --no-default-features
    local wanted
    wanted=$(awk '/^name = "wasm-bindgen"$/ { getline; gsub(/[^0-9.]/, ""); print; exit }' "$root/Cargo.lock")
    [ -n "$wanted" ] || die "Cargo.lock names no wasm-bindgen."
    [ "$(version_of wasm-bindgen --version)" = "$wanted" ] || install_cargo_tool wasm-bindgen-cli "$wanted"
    local package=$npm_tools/node_modules/binaryen/package.json
    [ "$(version_of grep '"version"' "$package")" = "$BINARYEN_VERSION" ] && return
    say "Installing binaryen $BINARYEN_VERSION (wasm-opt)"
    mkdir -p "$npm_tools"
    npm install --silent --no-fund --no-audit --prefix "$npm_tools" "binaryen@$BINARYEN_VERSION"
}

cargo_test_tools() {
    local nextest
    nextest=$(version_of cargo nextest --version)
    { [ -n "$nextest" ] && at_least "$nextest" "$NEXTEST_VERSION"; } ||
        install_cargo_tool cargo-nextest "$NEXTEST_VERSION" --no-default-features --features default-no-update
    [ "$(version_of cargo deny --version)" = "$CARGO_DENY_VERSION" ] ||
        install_cargo_tool cargo-deny "$CARGO_DENY_VERSION" --no-default-features
}

system_packages() {
    local missing=()
    [ -x /usr/bin/chromium ] || missing+=(chromium)
    # What reads the certificates of test cards again.
    command -v openssl >/dev/null || missing+=(openssl)
    # Without it headless pages show boxes in the place of letters.
    compgen -G '/usr/share/fonts/truetype/liberation*' >/dev/null || missing+=(fonts-liberation)
    compgen -G '/usr/lib/postgresql/*/bin/initdb' >/dev/null || missing+=(postgresql)
    { [ -x /usr/sbin/bearerbox ] && [ -x /usr/sbin/smsbox ]; } || missing+=(kannel)
    # Without its modules: the journeys need TLS and a proxy.
    [ -x /usr/sbin/nginx ] || missing+=(nginx-light)
    # Its modules are in the -bin; the package beside it is the service.
    [ -x /usr/sbin/apache2 ] || missing+=(apache2-bin)
    [ -x /usr/sbin/haproxy ] || missing+=(haproxy)
    [ -x /usr/lib/kannel/test/fakesmsc ] || missing+=(kannel-extras)
    python3 -c 'import venv, ensurepip' 2>/dev/null || missing+=(python3-venv)
    [ ${#missing[@]} -eq 0 ] && return
    local by_hand="Install these yourself, then run this again: ${missing[*]}"
    command -v apt-get >/dev/null || die "This is no Debian. $by_hand"
    local as_root=()
    if [ "$(id -u)" != 0 ]; then
        sudo -n true 2>/dev/null || die "Without root apt cannot install. $by_hand"
        as_root=(sudo -n)
    fi
    say "Installing ${missing[*]}"
    # Debian would otherwise start a PostgreSQL of its own on the usual port; the tests bring theirs.
    "${as_root[@]}" mkdir -p /etc/postgresql-common
    [ -e /etc/postgresql-common/createcluster.conf ] ||
        echo 'create_main_cluster = false' | "${as_root[@]}" tee /etc/postgresql-common/createcluster.conf >/dev/null
    "${as_root[@]}" apt-get update -qq
    # Neither now nor at the next start does Debian run a Kannel or a proxy of its own: while apt works, this says so to whatever
    # would start one; and its links go after.
    local policy=/usr/sbin/policy-rc.d own_policy=
    if [ ! -e "$policy" ]; then
        own_policy=1
        printf '#!/bin/sh\nexit 101\n' | "${as_root[@]}" tee "$policy" >/dev/null
        "${as_root[@]}" chmod 755 "$policy"
    fi
    local status=0
    "${as_root[@]}" env DEBIAN_FRONTEND=noninteractive apt-get install -qq -y --no-install-recommends "${missing[@]}" >/dev/null || status=$?
    [ -z "$own_policy" ] || "${as_root[@]}" rm -f "$policy"
    [ "$status" = 0 ] || die "apt could not install ${missing[*]}"
    [[ " ${missing[*]} " != *' kannel '* ]] || "${as_root[@]}" update-rc.d kannel disable >/dev/null 2>&1 || true
    [[ " ${missing[*]} " != *' nginx-light '* ]] || "${as_root[@]}" update-rc.d nginx disable >/dev/null 2>&1 || true
    [[ " ${missing[*]} " != *' haproxy '* ]] || "${as_root[@]}" update-rc.d haproxy disable >/dev/null 2>&1 || true
}

schemathesis() {
    local stamp=$venv/schemathesis-$SCHEMATHESIS_VERSION
    # The interpreter is asked too: a venv does not survive an upgrade of the system's Python.
    [ -e "$stamp" ] && "$venv/bin/python" -c 'import schemathesis' 2>/dev/null && return
    say "Installing schemathesis $SCHEMATHESIS_VERSION"
    python3 -m venv --clear "$venv"
    "$venv/bin/pip" install --quiet "schemathesis==$SCHEMATHESIS_VERSION"
    touch "$stamp"
}

# node_modules is the checkout's: current when npm's own record of it is newer than the lock file.
e2e_packages() {
    cd "$root/e2e"
    [ node_modules/.package-lock.json -nt package-lock.json ] && return
    say "Installing the browser tests' packages"
    npm ci --silent --no-fund --no-audit
    touch node_modules/.package-lock.json
}

mkdir -p "$PORTIQUE_CACHE"
rust
node_is_recent
case ${1:-} in
    build) trunk_and_wasm ;;
    test)
        system_packages
        trunk_and_wasm
        cargo_test_tools
        schemathesis
        e2e_packages
        ;;
    *) die "usage: setup.sh build|test" ;;
esac

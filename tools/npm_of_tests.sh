#!/bin/sh
# Installs what the tests take from npm, each from a lock file of its own into .cache/: Lighthouse, and Segment's
# clients. Nothing of it is in the package. Doing it again costs nothing: a stamp says for which lock file it was done.
set -eu
cd "$(dirname "$0")/.."

recent() { command -v node > /dev/null && node -e 'process.exit(+(parseInt(process.versions.node) < 20))' 2> /dev/null; }

PATH=$PATH:$(pwd)/.venv/bin
export PATH
if ! { recent && command -v npm > /dev/null; }; then
    echo 'Installing Node for the tests (requirements/node.txt)'
    .venv/bin/python -m pip install --quiet --disable-pip-version-check --require-hashes --requirement requirements/node.txt
    PATH=$(pwd)/.venv/bin:$PATH
fi
[ -w "${HOME:-/nonexistent}" ] || export npm_config_cache="$(pwd)/.cache/npm"

for name in lighthouse clients; do
    from=tests/web/$name
    place=.cache/$name
    wanted=$(cksum < "$from/package-lock.json")
    [ "$(cat "$place/made-for" 2> /dev/null)" = "$wanted" ] && continue
    echo "Installing for the tests: $from/package-lock.json"
    rm -rf "$place"
    mkdir -p "$place"
    cp "$from/package.json" "$from/package-lock.json" .npmrc "$place"
    if ! (cd "$place" && npm ci --ignore-scripts --no-audit --no-fund --loglevel=error); then
        printf '\nmake: %s could not be installed; what is wrong stands above. Then the same command again.\n' "$name" >&2
        exit 1
    fi
    echo "$wanted" > "$place/made-for"
done

#!/bin/sh
# Installs Lighthouse for the tests, from its lock file into .cache/. Nothing of it is in the package.
# Doing it again costs nothing: a stamp says for which lock file it was done.
set -eu
cd "$(dirname "$0")/.."
from=tests/web/lighthouse
place=.cache/lighthouse
stamp=$place/made-for

wanted() { cksum < "$from/package-lock.json"; }

recent() { command -v node > /dev/null && node -e 'process.exit(+(parseInt(process.versions.node) < 20))' 2> /dev/null; }

PATH=$PATH:$(pwd)/.venv/bin
export PATH
if ! { recent && command -v npm > /dev/null; }; then
    echo 'Installing Node for the tests (requirements/node.txt)'
    .venv/bin/python -m pip install --quiet --disable-pip-version-check --require-hashes --requirement requirements/node.txt
    PATH=$(pwd)/.venv/bin:$PATH
fi
[ "$(cat "$stamp" 2> /dev/null)" = "$(wanted)" ] && exit 0

[ -w "${HOME:-/nonexistent}" ] || export npm_config_cache="$(pwd)/.cache/npm"
echo "Installing Lighthouse for the tests ($from/package-lock.json)"
rm -rf "$place"
mkdir -p "$place"
cp "$from/package.json" "$from/package-lock.json" .npmrc "$place"
if ! (cd "$place" && npm ci --ignore-scripts --no-audit --no-fund --loglevel=error); then
    printf '\nmake: Lighthouse could not be installed; what is wrong stands above. Then the same command again.\n' >&2
    exit 1
fi
wanted > "$stamp"

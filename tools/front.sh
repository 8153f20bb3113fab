#!/bin/sh
# Fetches what the console's pages are given besides our own files, and copies the named ones into the package.
# Node is needed for this only. Doing it again costs nothing: a stamp says for which lock file it was done.
set -eu
cd "$(dirname "$0")/.."
python=.venv/bin/python
[ -x "$python" ] || python=python3
stamp=src/regulars/web/static/packed/NOTICE
place=.cache/front

wanted() { cat package-lock.json tools/pack.py | cksum; }

[ "$(sed -n '1s/^Packed for //p' "$stamp" 2> /dev/null)" = "$(wanted)" ] && exit 0

recent() { command -v npm > /dev/null && node -e 'process.exit(+(parseInt(process.versions.node) < 20))' 2> /dev/null; }

if ! recent; then
    echo 'Installing Node for the pages (requirements/node.txt); once they are made, nothing needs it'
    "$python" -m pip install --quiet --disable-pip-version-check --require-hashes --requirement requirements/node.txt
    PATH=$(cd "$(dirname "$(command -v "$python")")" && pwd):$PATH
    export PATH
fi
[ -w "${HOME:-/nonexistent}" ] || export npm_config_cache="$(pwd)/.cache/npm"

echo "Fetching what the pages are made with (package-lock.json)"
rm -rf "$place"
mkdir -p "$place"
cp package.json package-lock.json .npmrc "$place"
if ! (cd "$place" && npm ci --ignore-scripts --no-audit --no-fund --loglevel=error); then
    printf '\nmake: The front-end packages could not be fetched; what is wrong stands above. Then the same command again.\n' >&2
    exit 1
fi
"$python" tools/pack.py "$place/node_modules" "$(wanted)"
rm -rf "$place"

#!/bin/sh
# Makes .venv with everything that running ('run') or developing ('dev') Regulars needs, and what the pages are given.
# Doing it again costs nothing: a stamp in .venv says for which lock files it was made.
set -eu
cd "$(dirname "$0")/.."
kind=${1:-run}
root=$(pwd)

say() { printf '%s\n' "$*"; }

stop() {
    printf '\nmake: %s\n' "$1" >&2
    shift
    for line in "$@"; do printf '    %s\n' "$line" >&2; done
    exit 1
}

wanted() { { say "$root"; cat requirements/setup.txt "requirements/$1.txt" pyproject.toml tools/setup.sh; } | cksum; }

made_for() { [ -x .venv/bin/python ] && [ "$(cat ".venv/made-for-$1" 2> /dev/null)" = "$(wanted "$1")" ]; }

as_root() { if [ "$(id -u)" = 0 ]; then say "$*"; else say "sudo $*"; fi; }

python_advice() {
    if [ "$(uname -s)" = Darwin ]; then say 'brew install python@3.13     (Homebrew is at https://brew.sh)'
    elif command -v apt-get > /dev/null; then as_root 'apt-get install python3 python3-venv'
    elif command -v dnf > /dev/null; then as_root 'dnf install python3.12'
    elif command -v apk > /dev/null; then as_root 'apk add python3'
    else say "install Python 3.11 or later with your system's packages"; fi
}

works() { "$1" -c 'import sys; sys.exit(not (3, 11) <= sys.version_info < (3, 15))' > /dev/null 2>&1; }

find_python() {
    for name in python3.13 python3.12 python3.11 python3.14 python3; do
        if command -v "$name" > /dev/null && works "$name"; then say "$name"; return; fi
    done
    stop 'Python 3.11 or later is needed and was not found. Type:' "$(python_advice)"
}

check_venv() {
    "$1" -c 'import ensurepip, venv' > /dev/null 2>&1 && return
    version=$("$1" -c 'import sys; print("%d.%d" % sys.version_info[:2])')
    stop "$1 lacks venv (the module ensurepip is missing). Type:" "$(as_root "apt-get install python$version-venv")"
}

check_git() {
    command -v git > /dev/null && git --version > /dev/null 2>&1 && return
    case $(uname -s) in
        Darwin) stop 'git is needed. Type:' 'xcode-select --install' ;;
        *) stop 'git is needed. Type:' "$(as_root 'apt-get install git')" ;;
    esac
}

# uv looks for packages where pip would, and trusts whom the system trusts. Hashes say that they are the right ones.
follow_pip() {
    setting() { .venv/bin/python -m pip config get "global.$1" 2> /dev/null || true; }
    export UV_DEFAULT_INDEX="${UV_DEFAULT_INDEX:-${PIP_INDEX_URL:-$(setting index-url)}}"
    export UV_EXTRA_INDEX_URL="${UV_EXTRA_INDEX_URL:-${PIP_EXTRA_INDEX_URL:-$(setting extra-index-url)}}"
    export UV_INDEX_STRATEGY=unsafe-best-match
    export SSL_CERT_FILE="${SSL_CERT_FILE:-${PIP_CERT:-$(setting cert)}}"
    for name in UV_DEFAULT_INDEX UV_EXTRA_INDEX_URL SSL_CERT_FILE; do
        eval "[ -n \"\$$name\" ]" || unset "$name"
    done
    if [ "$(uname -s)" = Darwin ] || [ -s /etc/ssl/certs/ca-certificates.crt ]; then export UV_SYSTEM_CERTS=true; fi
}

install() {
    say "Installing what ${1} needs (requirements/${1}.txt)"
    .venv/bin/uv --quiet pip install --python .venv/bin/python --require-hashes --requirements "requirements/$1.txt" ||
        stop 'The packages could not be installed; what is wrong stands above. Then the same command again.'
    .venv/bin/uv --quiet pip install --python .venv/bin/python --no-deps --no-build-isolation --editable .
    wanted "$1" > ".venv/made-for-$1"
}

made_for "$kind" && .venv/bin/python -c '' 2> /dev/null && exec sh tools/front.sh

[ -w "${HOME:-/nonexistent}" ] || export UV_CACHE_DIR="$root/.cache/uv" PIP_CACHE_DIR="$root/.cache/pip"
export UV_LINK_MODE="${UV_LINK_MODE:-copy}" PIP_DISABLE_PIP_VERSION_CHECK=1

if ! .venv/bin/python -c '' 2> /dev/null || [ "$(cat .venv/made-at 2> /dev/null)" != "$root" ]; then
    check_git
    python=$(find_python)
    check_venv "$python"
    say "Making .venv with $("$python" --version)"
    "$python" -m venv --clear .venv
    .venv/bin/python -m pip install --quiet --require-hashes --requirement requirements/setup.txt ||
        stop 'uv could not be installed; what is wrong stands above. Is there a connection to your package index?'
    say "$root" > .venv/made-at
fi
follow_pip
install "$kind"
# what developing needs contains what running needs
if [ "$kind" = dev ]; then wanted run > .venv/made-for-run; fi
exec sh tools/front.sh

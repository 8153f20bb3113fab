#!/bin/sh
# Writes the hashed lock files, for every Python and system we support. They name no registry: yours is used.
set -eu
cd "$(dirname "$0")/.."

compile() {
    name=$1
    shift
    .venv/bin/uv --quiet pip compile --universal --python-version 3.11 --generate-hashes --upgrade \
        --no-header --no-annotate --no-emit-index-url --no-emit-find-links --output-file "requirements/$name.txt" \
        "$@" > /dev/null
}

compile setup --group setup
compile run pyproject.toml
compile dev pyproject.toml --extra apprise --extra oidc --extra otel --extra predict --group dev --group docs --constraint requirements/run.txt
compile node --group node
compile spark --group spark

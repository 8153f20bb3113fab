#!/bin/sh
# Installs what the tests start a Spark cluster with (requirements/spark.txt): PySpark, which brings all of Spark, and a
# JVM. It is half a gigabyte, so nothing but the tests has it. Doing it again costs nothing.
set -eu
cd "$(dirname "$0")/.."
stamp=.venv/made-for-spark
wanted=$(cksum < requirements/spark.txt)

[ "$(cat "$stamp" 2> /dev/null)" = "$wanted" ] && exit 0
echo 'Installing Spark for the tests (requirements/spark.txt)'
.venv/bin/python -m pip install --quiet --disable-pip-version-check --require-hashes --requirement requirements/spark.txt
echo "$wanted" > "$stamp"

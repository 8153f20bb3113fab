"""The embedded PostgreSQL's settings for this machine; its own defaults are for a smaller one."""

import shutil
from collections.abc import Mapping
from pathlib import Path

from regulars.store.machine import SMALL, memory, processors
from regulars.store.programs import MAJOR

_MB = 1024 * 1024
_MOST_BUFFERS = 1024
_LEAST_BUFFERS = 16
_SMALL_DISK = 20 * 1024

_HEAD = """# Written by Regulars at every start. Put settings of your own into postgres.local.conf beside this file.
"""


def settings(memory: int, disk: int, processors: int = 2) -> dict[str, str]:
    """Return the settings for so many MB of memory and of free disk, and so many processors."""
    small = memory < SMALL
    buffers = max(_LEAST_BUFFERS, min(memory // (8 if small else 4), _MOST_BUFFERS))
    chosen = {
        "listen_addresses": "",
        "unix_socket_permissions": "0700",
        "max_connections": "60" if small else "200",
        "shared_buffers": f"{buffers}MB",
        "effective_cache_size": f"{max(buffers, memory // 2)}MB",
        "maintenance_work_mem": f"{max(16, min(memory // 32, 256))}MB",
        "work_mem": "4MB" if small else "8MB",
        "fsync": "on",
        "synchronous_commit": "on",
        "full_page_writes": "on",
        "wal_compression": "pglz",
        "wal_level": "replica",
        "max_wal_size": "512MB" if small else "4GB" if disk > _SMALL_DISK else "1GB",
        "checkpoint_completion_target": "0.9",
        "jit": "off",
        "random_page_cost": "1.2",
        "default_text_search_config": "pg_catalog.simple",
        "timezone": "UTC",
        "log_timezone": "UTC",
        "log_line_prefix": "%m [%p] ",
        "log_checkpoints": "off",
        "autovacuum_naptime": "20s",
        "autovacuum_vacuum_scale_factor": "0.1",
        "autovacuum_analyze_scale_factor": "0.05",
        "autovacuum_vacuum_insert_scale_factor": "0.1",
        "idle_in_transaction_session_timeout": "10min",
    }
    if small or processors == 1:
        chosen |= {"max_parallel_workers_per_gather": "0", "max_parallel_maintenance_workers": "0"}
        chosen |= {"autovacuum_max_workers": "1", "io_method": "sync"}
    return chosen


def write(data: Path, extra: Mapping[str, str], memory_given: int = 0, major: int = MAJOR) -> Path:
    """Write the settings for this machine (or so many MB of it) and disk, `extra` on top, and return the file."""
    chosen = settings(memory(memory_given), shutil.disk_usage(data).free // _MB, processors()) | dict(extra)
    if major < MAJOR:
        chosen.pop("io_method", None)  # new in 18
    lines = [f"{name} = '{value}'" for name, value in chosen.items()]
    path = data / "postgres.conf"
    new = path.with_suffix(".new")
    new.write_text(_HEAD + "\n".join([*lines, "include_if_exists 'postgres.local.conf'", ""]), encoding="utf-8")
    new.chmod(0o644)
    new.replace(path)
    return path

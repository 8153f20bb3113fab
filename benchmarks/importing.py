"""`import`: lines a second that `regulars import` takes in, from UCI Online Retail (541,909 lines), and its memory.

The limit is bare binary COPY of the events they became, 2,000 a commit, into the same indexed log of another workspace,
in lines a second. The goal is 20,000 lines a second, and as much memory for a file four times as long.
"""

import gzip
import subprocess
import sys
from pathlib import Path

import msgspec

from benchmarks.bare import copy_again
from benchmarks.report import Result
from regulars.access.workspaces import create_workspace
from regulars.store.database import Database
from regulars.testing.serving import scratch, serving

NAME = "import"
FILE = Path(__file__).parents[1].parent / "shared" / "data" / "online_retail.csv.gz"
LINES_A_SECOND = 20_000
FLAT = 1.15
"""How much more memory a file four times as long may take: what Python does not give back at once."""
TIMES = 4

_RUN = """
import resource, sys
from pathlib import Path
from time import perf_counter
import msgspec
from regulars.hear.orders import import_orders
from regulars.store.database import Database
database = Database(sys.argv[1])
began = perf_counter()
done = import_orders(database, sys.argv[2], Path(sys.argv[3]))
seconds = perf_counter() - began
database.close()
try:  # Linux counts what the process had before it became this one into ru_maxrss, and not into this
    status = Path("/proc/self/status").read_text()
    peak = next(int(line.split()[1]) for line in status.splitlines() if line.startswith("VmHWM")) * 1024
except OSError:
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
print(msgspec.json.encode([done.rows, done.events, seconds, peak]).decode())
"""


def run() -> list[Result]:
    """Run it."""
    if not FILE.is_file():
        raise SystemExit(f"The benchmark 'import' needs {FILE}, UCI's Online Retail as CSV, and it is not there.")
    with scratch() as data, serving(data, work_processes=0) as house:
        database = Database(house.database_url)
        for name in ("once", "again", "bare"):
            create_workspace(database, name, name)
        database.close()
        rows, events, seconds, peak = _imported(house.database_url, "once", FILE)
        print(f"{rows:,} lines, {events:,} orders in {seconds:.1f} s; memory at most {peak / 1e6:.0f} MB", flush=True)
        limit = copy_again(house.database_url, "ws_once", "ws_bare") * rows / events
        longer = Path(data) / "longer.csv.gz"
        _lengthen(longer)
        more, _, took, most = _imported(house.database_url, "again", longer)
        print(f"{more:,} lines in {took:.1f} s; memory at most {most / 1e6:.0f} MB", flush=True)
    goal = round(LINES_A_SECOND / limit, 4)
    return [
        Result.less("import-memory", most / 1e6, "MB", limit=peak * FLAT / 1e6),
        Result.more(NAME, rows / seconds, "lines/s", limit=limit, goal=goal),
    ]


def _imported(url: str, workspace: str, path: Path) -> tuple[int, int, float, int]:
    command = [sys.executable, "-c", _RUN, url, workspace, str(path)]
    done = subprocess.run(command, check=True, capture_output=True, text=True)
    return msgspec.json.decode(done.stdout.splitlines()[-1], type=tuple[int, int, float, int])


def _lengthen(path: Path) -> None:
    """Write the file four times over, each time with invoice numbers of its own."""
    with gzip.open(FILE, "rt", encoding="utf-8", newline="") as lines:
        header, *rest = lines.readlines()
    with gzip.open(path, "wt", encoding="utf-8", newline="", compresslevel=1) as out:
        out.write(header)
        for time in range(TIMES):
            for line in rest:
                out.write(f"C{time}{line[1:]}" if line.startswith("C") else f"{time}{line}")

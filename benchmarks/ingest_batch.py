"""`ingest-batch`: events a second over HTTP, batches of 20 of 0.5 KB each, on disk before they are acknowledged.

The limit is bare binary COPY of the same rows, 2,000 a commit, into the same indexed log of another workspace, right
afterwards on the same server. Two web processes answer, on two processors, which they share with PostgreSQL and with
whoever asks.
"""

from benchmarks.bare import copy_again
from benchmarks.events import batches
from benchmarks.load import flood, request
from benchmarks.report import Result
from regulars.access.keys import create_key
from regulars.access.workspaces import create_workspace
from regulars.store.database import Database
from regulars.testing.serving import scratch, serving

NAME = "ingest-batch"
EVENTS = 200_000
WARM_UP = 20_000
CONNECTIONS = 200
"""As many events wait at each of the two processes as the bare engine commits at once."""
GOAL = 0.5


def run() -> Result:
    """Run it."""
    with scratch() as data, serving(data, web_processes=2, work_processes=0) as house:
        database = Database(house.database_url)
        create_workspace(database, "bench", "Benchmark")
        create_workspace(database, "bare", "Bare engine")
        key = create_key(database, "bench", "write")
        bodies = batches(EVENTS + WARM_UP, size=20, customers=20_000, run="ingest")
        requests = [request("127.0.0.1", "/v1/batch", key, body) for body in bodies]
        warm = WARM_UP // 20
        flood("127.0.0.1", house.port, requests[:warm], connections=CONNECTIONS)
        seconds, statuses = flood("127.0.0.1", house.port, requests[warm:], connections=CONNECTIONS)
        if statuses != {200: EVENTS // 20}:
            raise RuntimeError(f"not everything was acknowledged: {statuses}")
        database.close()
        limit = copy_again(house.database_url, "ws_bench", "ws_bare")
        return Result.more(NAME, EVENTS / seconds, "events/s", limit=limit, goal=GOAL)

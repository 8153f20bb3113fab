"""`GET /readyz`: whether this process should be given work, and if not, why; `GET /healthz`: whether it lives.

A process that lives and is not ready wants no restart: what it lacks, nobody's restart brings.
"""

from threading import Lock

from litestar import Response, get
from litestar.datastructures import State

from regulars.access.workspaces import list_workspaces
from regulars.store import checkup
from regulars.store.disk import check_room
from regulars.wiring import House
from regulars.words.errors import Unavailable


@get("/healthz", sync_to_thread=False)
def healthz() -> Response[str]:
    """Say that this process lives."""
    return Response("ok\n", media_type="text/plain")


@get("/readyz", sync_to_thread=True)
def readyz(state: State) -> Response[str]:
    """Say that this process can work; where it cannot, the error says why and becomes 503."""
    house: House = state.house
    with house.database.shared():
        pass
    check_room(house.settings.data)
    house.database.check_room()
    ready: Ready = state.ready
    ready.check_migrations(house)
    return Response("ok\n", media_type="text/plain")


class Ready:
    """Remembers which schemas were found up to date: a process meets no older ones afterwards."""

    def __init__(self) -> None:
        self._lock = Lock()
        self._seen: set[str | None] = set()

    def check_migrations(self, house: House) -> None:
        """Raise Unavailable where a schema is not the one that this version works with."""
        names = [None, *(workspace.name for workspace in list_workspaces(house.database))]
        with self._lock:
            for name in names:
                if name not in self._seen:
                    self._check(house, name)
                    self._seen.add(name)

    def _check(self, house: House, name: str | None) -> None:
        missing, newer = checkup.migrations(house.database, name)
        if newer:
            raise Unavailable(
                "The data was used by a newer Regulars (it has {name}). Install that version or a later one.",
                name=newer[-1],
            )
        if missing:
            raise Unavailable(
                "{count} migrations have not run yet, {name} first. Start 'regulars serve': it runs them.",
                count=len(missing),
                name=missing[0],
            )


ROUTES = [healthz, readyz]

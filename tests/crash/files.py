"""Files of the past that are taken in while the storm kills: each row once, whoever began it."""

from io import BytesIO

import msgspec

from regulars.hear import bringing
from regulars.hear import import_records as imports
from regulars.hear.import_records import Brought
from regulars.store.database import Database
from regulars.testing.serving import Served
from regulars.words.clock import utc_now

FILES = 3
ROWS = 15_000
"""A chunk has a thousand; every tenth row cannot be taken."""
REFUSED = ROWS // 10
TAKEN = ROWS - REFUSED
VISITED = "Visited The Old Shop"


def bring(target: Served, workspace: str) -> list[Brought]:
    """Bring the files, and have them taken in."""
    database = Database(target.database_url)
    try:
        return [_bring(database, target, workspace, number) for number in range(FILES)]
    finally:
        database.close()


def over(database: Database, workspace: str) -> bool:
    """Whether none of the files waits or is being taken in."""
    with database.shared() as tx:
        return not any(one.busy for one in imports.list_imports(tx, workspace, limit=FILES))


def judge(database: Database, target: Served, workspace: str) -> dict[str, bool]:
    """Return what would be wrong, and whether it is right: what the files and the log say of each other."""
    with database.workspace(workspace) as tx:
        done = imports.list_imports(tx, workspace, limit=FILES)
        events, people = tx.connection.execute(
            "select count(*), count(distinct e.identity_id) from store_event e "
            "join store_kind k on k.id = e.kind where k.name = %s",
            (VISITED,),
        ).fetchone() or (0, 0)
    said = [(one.state, one.outcome.get("rows"), one.outcome.get("events"), one.outcome.get("known")) for one in done]
    folder = target.data / "imports"
    refused = [len((folder / one.rejects).read_text("utf-8").splitlines()) - 1 for one in done]
    return {
        f"the files came to {said}": said == [("done", ROWS, TAKEN, 0)] * FILES,
        f"{events} events of {people} in the log, {TAKEN * FILES} rows": events == people == TAKEN * FILES,
        f"{refused} rows came back, {REFUSED} of each file cannot be taken": refused == [REFUSED] * FILES,
    }


def _bring(database: Database, target: Served, workspace: str, number: int) -> Brought:
    rows = "".join(
        f"old{number}-{row},{'never' if row % 10 == 0 else f'2024-05-03T10:00:{row % 60:02}Z'}\n" for row in range(ROWS)
    )
    file = (f"visits-{number}.csv", BytesIO(f"user id,timestamp\n{rows}".encode()).read)
    brought = bringing.bring(database, workspace, target.data / "imports", file, "storm", utc_now(), "events")
    with database.workspace(workspace) as tx:
        plan = msgspec.structs.replace(brought.planned(), event=VISITED)
        bringing.change(tx, target.data / "imports", brought, plan, utc_now())
        imports.ask(tx, brought, dry=False)
    return brought

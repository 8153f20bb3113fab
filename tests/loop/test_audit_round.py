"""The audit log keeps what the house's setting says, and notes what it lets go of."""

from datetime import timedelta
from pathlib import Path

from regulars.access import audit_records
from regulars.access.audit import COMMAND_LINE, Deed, Filter
from regulars.loop.rounds import hold_due
from regulars.settings import Settings
from regulars.wiring import audit_round, build
from regulars.words.clock import utc_now


def test_what_is_older_than_the_setting_goes_by_itself(postgres, database, workspace):
    house = build(Settings(data=Path("unused"), database_url=postgres, audit_days=30))
    try:
        now = utc_now()
        with database.workspace(workspace) as tx:
            for days in (31, 29):
                house.audit.note(tx, COMMAND_LINE, Deed("key.made", "key", str(days)), now - timedelta(days=days))
        assert "audit" in hold_due(database, workspace, now, [audit_round(house)])
        with database.workspace(workspace) as tx:
            found = audit_records.list_entries(tx, Filter(), (None, 0, 0), 9)
        assert [(one.who, one.action) for one in found] == [("the house", "audit.swept"), ("command line", "key.made")]
        assert "audit" not in hold_due(database, workspace, now, [audit_round(house)])
    finally:
        house.close()

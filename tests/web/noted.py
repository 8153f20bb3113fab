"""What the audit log of a workspace holds, read past every page."""

from regulars.access import audit_records
from regulars.access.audit import Filter
from regulars.access.audit_check import verify


def noted_in(house, workspace, **wanted):
    """The entries that are wanted, the oldest first; every chain is whole."""
    with house.database.workspace(workspace) as tx:
        assert verify(tx, house.audit).broken == []
        return audit_records.list_entries(tx, Filter(**wanted), (None, 0, 0), 1000)[::-1]


def said(entries):
    return [(one.action, one.kind, one.name) for one in entries]

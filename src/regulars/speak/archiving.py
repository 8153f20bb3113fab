"""Templates that are used no more: archived, with every version kept, and brought back."""

from collections.abc import Sequence
from datetime import datetime

from regulars.speak import template_records as records
from regulars.speak.library import get_template
from regulars.speak.rows import UNDER_WAY
from regulars.store.database import Tx
from regulars.words.errors import Conflict


def archive(tx: Tx, names: Sequence[str], now: datetime) -> list[str]:
    """Archive templates, all or none; return those that were not archived before.

    Raise Unknown where there is no such template, Conflict while a live campaign sends one; a campaign that is being
    launched is waited for.
    """
    for name in names:
        get_template(tx, name)
    for campaign in records.campaigns_sending(tx, names):
        if campaign.state in UNDER_WAY:
            raise Conflict(
                "The campaign '{campaign}' is live and sends the template '{template}'. Stop it first.",
                campaign=campaign.name,
                template=campaign.template,
            )
    new = set(records.archive_templates(tx, names, now))
    return [name for name in dict.fromkeys(names) if name in new]


def bring_back(tx: Tx, names: Sequence[str]) -> list[str]:
    """Let archived templates be used again; return those that were archived. Raise Unknown where there is none."""
    for name in names:
        get_template(tx, name)
    back = set(records.bring_templates_back(tx, names))
    return [name for name in dict.fromkeys(names) if name in back]

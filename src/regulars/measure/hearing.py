"""Who hears of what is wrong: people of the team by mail, and a program by webhook."""

from collections.abc import Collection

import msgspec

from regulars.measure import alert_records as records
from regulars.measure import webhooks
from regulars.outbound import Outbound
from regulars.store.database import Tx


class Hearing(msgspec.Struct, frozen=True):
    """Who hears of a workspace: addresses of the team, the webhook's address (or nothing), and the language."""

    people: list[str]
    webhook: str
    language: str


def hearing(tx: Tx) -> Hearing:
    """Return who hears of a workspace."""
    hook = records.get_webhook(tx)
    people = [one.email for one in records.people(tx) if one.listens]
    return Hearing(people, hook.url if hook else "", records.get_language(tx))


def set_people(tx: Tx, ids: Collection[int]) -> None:
    """Let these of the team get alerts by mail, and nobody else."""
    records.set_listeners(tx, ids)


def set_webhook(tx: Tx, url: str, outbound: Outbound) -> None:
    """Post alerts to an address from now on, or nowhere; raise Invalid for one that cannot be posted to."""
    if not url.strip():
        records.drop_webhook(tx)
        return
    outbound.check(url)
    records.set_webhook(tx, url.strip(), webhooks.new_secret(), fresh=False)


def renew_secret(tx: Tx) -> None:
    """Sign with a fresh secret from now on."""
    hook = records.get_webhook(tx)
    if hook is not None:
        records.set_webhook(tx, hook.url, webhooks.new_secret(), fresh=True)


def set_language(tx: Tx, locale: str) -> None:
    """Write alerts in a language from now on."""
    records.set_language(tx, locale)

"""Builds the house from its settings. It sees everything and is seen by `web` and `cli` only."""

import logging
from collections.abc import Callable, Generator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import partial
from gettext import NullTranslations
from pathlib import Path
from threading import Event

import structlog

from regulars.access.audit import Audit, open_audit
from regulars.access.audit_check import sweep
from regulars.access.keys import Keys
from regulars.access.links import Links, open_links
from regulars.access.vault import Vault
from regulars.access.workspaces import Workspace
from regulars.channels import open_channel, steps_of_channels
from regulars.channels.sandbox import NAME as HOME
from regulars.channels.smtp import telling
from regulars.channels.smtp.reader import read_box
from regulars.decide.policy import EMAIL
from regulars.engage.asking import first_question
from regulars.hear.aside import Aside
from regulars.hear.door import Door
from regulars.loop.conductor import Conductor
from regulars.loop.forgetting import Forgetting, all_steps
from regulars.loop.retention_rounds import retention_round
from regulars.loop.rounds import Round
from regulars.measure.telling import Ways
from regulars.measure.watching import EVERY, look
from regulars.outbound import Outbound
from regulars.settings import Settings
from regulars.speak import ways
from regulars.speak.channel import Channel
from regulars.speak.outbox import Sender
from regulars.speak.touching import Touches
from regulars.store.database import Database
from regulars.store.disk import check_room
from regulars.store.erasures import ErasureList
from regulars.store.export import file_exporter
from regulars.store.gone import Step
from regulars.store.waking import Waker
from regulars.words.clock import utc_now


@dataclass(frozen=True)
class House:
    """What a process holds open to serve requests or to work."""

    settings: Settings
    database: Database
    waker: Waker
    door: Door
    aside: Aside
    keys: Keys
    links: Links
    audit: Audit
    touches: Touches
    vault: Vault

    @property
    def base_url(self) -> str:
        """The base of every link we give away, without a slash at its end."""
        return self.settings.outside_url

    @property
    def exports(self) -> Path:
        """The folder of the files in which everything of a workspace is taken along."""
        return self.settings.data / "exports"

    @property
    def imports(self) -> Path:
        """The folder of the files that were brought, and of the rows of them that were not taken."""
        return self.settings.data / "imports"

    @property
    def has_mail(self) -> bool:
        """Whether there is a mail server by which the team can be written to."""
        return bool(self.settings.smtp_url)

    def tell(self, email: str, subject: str, text: str) -> bool:
        """Send a plain mail to somebody of the team; return whether the mail server took it.

        It never raises for a mail that was refused; it may take as long as the mail server does.
        """
        return telling.tell(self.settings, email, subject, text)

    def channel(self, workspace: Workspace, channel: str) -> Channel:
        """Open what carries a workspace's messages of a channel; raise Unknown where they have no way to leave.

        A workspace that tries things out in the sandbox has all of them there. Mail without a way of its own leaves by
        the mail server of the installation.
        """
        name, settings, database = workspace.name, self.settings, self.database
        if workspace.delivery == HOME:
            return open_channel(HOME, settings, database, name)
        with database.workspace(name) as tx:
            way = ways.get(tx, channel) if channel != EMAIL else ways.get_way(tx, channel)
        if way is None:
            return open_channel(workspace.delivery, settings, database, name)
        return open_channel(way.adapter, settings, database, name, ways.values_of(way, self.vault, name))

    def ways(self, texts: Callable[[str], NullTranslations]) -> Ways:
        """Return what carries alerts outside; `texts` are the catalogues of languages."""
        return Ways(self.tell, Outbound(private=self.settings.outbound_private), self.base_url, texts)

    def close(self) -> None:
        """Write what is waiting and let go of everything."""
        self.door.close()
        self.aside.close()
        self.touches.close()
        self.keys.settle()
        self.waker.close()
        self.database.close()


def _speak(form: str) -> None:
    """Log a line per happening, and of an error its trace without the values in it: they may be customers' words."""
    plain = [structlog.dev.ConsoleRenderer(colors=False, exception_formatter=structlog.dev.plain_traceback)]
    lines = [structlog.processors.format_exc_info, structlog.processors.JSONRenderer()]
    structlog.configure(
        processors=[
            structlog.processors.add_log_level,
            structlog.processors.TimeStamper(fmt="iso", utc=True),
            *(lines if form == "json" else plain),
        ],
        cache_logger_on_first_use=True,
    )
    logging.getLogger("psycopg.pool").setLevel(logging.ERROR)  # what it warns of, we say once ourselves


def build(settings: Settings, database_url: str | None = None) -> House:
    """Open the house on a database that is running and migrated."""
    _speak(settings.log)
    database = Database(database_url or settings.database_url, erasures=ErasureList.of(settings))
    waker = Waker(database)
    door, keys = Door(database, waker, room=partial(check_room, settings.data)), Keys(database)
    return House(
        settings,
        database,
        waker,
        door,
        Aside(database, waker),
        keys,
        open_links(database),
        open_audit(database),
        Touches(database),
        Vault(settings),
    )


@contextmanager
def opened(settings: Settings, database_url: str | None = None) -> Generator[House]:
    """Open the house for the length of a block."""
    house = build(settings, database_url)
    try:
        yield house
    finally:
        house.close()


def audit_round(house: House) -> Round:
    """Return the round that lets go of what is too old in the audit log."""

    def hold(database: Database, workspace: str, now: datetime) -> None:
        sweep(database, house.audit, workspace, timedelta(days=house.settings.audit_days), now)

    return Round("audit", timedelta(hours=6), hold)


def erasing_steps(settings: Settings, audit: Audit, of_web: Sequence[Step] = ()) -> list[Step]:
    """Return by which steps a customer is forgotten whole; `of_web` are those of the web, which is not seen here."""
    more = [*steps_of_channels(), *of_web]
    exports, imports = settings.data / "exports", settings.data / "imports"
    return all_steps(audit, archive=settings.archive, exports=exports, imports=imports, more=more)


def forgetting_of(house: House, of_web: Sequence[Step] = ()) -> Forgetting:
    """Return what carries out erasures in a house."""
    return Forgetting(
        house.database,
        erasing_steps(house.settings, house.audit, of_web),
        house.audit,
        utc_now,
        mirrors=house.settings.mirror_folder,
    )


def _rounds(house: House, texts: Callable[[str], NullTranslations], forgetting: Forgetting) -> list[Round]:
    """Return the rounds that need more of the house than its database."""
    settings = house.settings

    def look_around(database: Database, workspace: str, now: datetime) -> None:
        look(database, workspace, settings, house.ways(texts), now)

    def sweep_up(database: Database, workspace: str, now: datetime) -> None:
        del database
        forgetting.sweep(workspace, now)

    def read_mail(database: Database, workspace: str, now: datetime) -> None:
        read_box(database, house.vault, workspace, now, private=settings.outbound_private)

    return [
        Round("alerts", EVERY, look_around),
        audit_round(house),
        retention_round(settings.archive),
        Round("returned mail", timedelta(minutes=1), read_mail),
        Round("stragglers", timedelta(minutes=5), sweep_up),
    ]


def work(
    house: House,
    stop: Event,
    texts: Callable[[str], NullTranslations] = lambda _: NullTranslations(),
    of_web: Sequence[Step] = (),
) -> None:
    """Follow the logs, send and hold the rounds until told to stop: what a work process does.

    `texts` are the catalogues of languages, for what is said to the team without a page; `of_web` the steps by which
    the web lets go of a customer who is forgotten.
    """
    database, settings = house.database, house.settings

    def open_sender(workspace: Workspace, channel: str) -> Sender:
        carries = house.channel(workspace, channel)
        return Sender(
            database, workspace.name, carries, house.links, house.base_url, asker=first_question, serves=channel
        )

    forgetting = forgetting_of(house, of_web)
    archive = [file_exporter(settings.archive)] if settings.archive else []
    Conductor(
        database,
        house.waker,
        open_sender,
        more_followers=archive,
        more_rounds=_rounds(house, texts, forgetting),
        exports=house.exports,
        imports=house.imports,
        mirrors=settings.mirror_folder,
        archives=[folder for folder in (settings.archive, settings.mirror_folder) if folder],
        audit=house.audit,
        forgetting=forgetting,
    ).run(stop)

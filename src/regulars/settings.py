"""Settings: one table of name, default and help; one frozen `Settings`, built once from file and environment."""

import os
import tomllib
from collections.abc import Mapping
from pathlib import Path

import msgspec
from platformdirs import user_data_path

from regulars.words.errors import Invalid

PREFIX = "REGULARS_"


class Settings(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Everything an operator can set, by `regulars.toml` in the data folder or by `REGULARS_<NAME>`."""

    data: Path
    """Where everything is kept."""
    database_url: str = ""
    """A PostgreSQL 18 or later by URL; empty: one of our own, in the data folder."""
    host: str = "127.0.0.1"
    """The address to listen on."""
    port: int = 8080
    """The port to listen on."""
    base_url: str = ""
    """The address customers reach us by, for links in messages; empty: http://host:port."""
    smtp_url: str = ""
    """The mail server: smtp://user:password@host:port, or smtps://."""
    smtp_connections: int = 4
    """How many connections to the mail server are kept open."""
    team_sender: str = ""
    """The From of mail to your team, 'Name <address>'; empty: Regulars, at the host of base_url."""
    trusted_proxies: str = "127.0.0.0/8, ::1"
    """Networks of the proxies before us, which say in X-Forwarded-For whose request it is; others are not believed."""
    oidc_issuer: str = ""
    """Where your team logs in besides (OpenID Connect), such as https://accounts.google.com; empty: nowhere."""
    oidc_client_id: str = ""
    """What that provider calls this house."""
    oidc_client_secret: str = ""
    """The secret that it gave for it."""
    oidc_name: str = ""
    """What your team calls it: 'Log in with ...'; empty: its host."""
    web_processes: int = 1
    """How many processes answer HTTP."""
    work_processes: int = 1
    """How many processes follow the log and send."""
    api_rate: int = 100
    """How many requests a second each key may make of /api, over all processes; 0: as many as it likes."""
    api_burst: int = 200
    """How many requests a key may make of /api at once, before api_rate holds."""
    memory: int = 0
    """MB of memory that our own PostgreSQL is fitted to; 0: all that this machine or container has."""
    metrics_key: str = ""
    """The key with which /metrics tells the figures of all workspaces and processes; empty: a workspace's own only."""
    log: str = "plain"
    """How the log is written: plain, for people, or json, a line each for programs."""
    outbound_private: bool = False
    """Whether webhooks may go to addresses inside your own network, and without https."""
    otel_endpoint: str = ""
    """Where traces are sent by OpenTelemetry's protocol over HTTP, such as http://localhost:4318; empty: nowhere."""
    archive: Path | None = None
    """A folder in which the log is kept as files of JSON lines as well; empty: nowhere."""
    mirror: Path | None = None
    """A folder in which events and customers are kept as Parquet files as well, such as mirror; empty: nowhere."""
    spark_url: str = ""
    """A Spark cluster that is asked of everybody over the same Parquet files, spark://host:port; empty: none."""
    erasures: Path | None = None
    """The list of what was forgotten, which a restore reads; empty: erasures.jsonl in the data folder."""
    backup_max_age: int = 26
    """Hours after which the last backup is too old, where backups are made."""
    vault_key: str = ""
    """The key that seals secrets of channels, 64 hexadecimal digits; empty: made in vault.key of the data folder."""
    audit_days: int = 400
    """Days after which an entry of the audit log goes."""
    restore_max_age: int = 90
    """Days after which a backup is not restored any more, and the list of erasures forgets."""

    @property
    def outside_url(self) -> str:
        """The base of every link we give away, without a slash at its end."""
        return (self.base_url or f"http://{self.host}:{self.port}").rstrip("/")

    @property
    def mirror_folder(self) -> Path | None:
        """Where the mirrors of all workspaces lie, a folder each; None for nowhere."""
        return self.data / self.mirror if self.mirror else None

    @property
    def erasure_list(self) -> Path:
        """Where the list of erasures lies."""
        return self.erasures or self.data / "erasures.jsonl"


def load(environment: Mapping[str, str] = os.environ, **given: object) -> Settings:
    """Build the settings: what is given goes before the environment, and that before the file."""
    named = {
        name.removeprefix(PREFIX).lower(): value
        for name, value in environment.items()
        if name.startswith(PREFIX) and name.removeprefix(PREFIX).lower() in Settings.__struct_fields__
    }
    named |= {name: str(value) for name, value in given.items() if value is not None}
    data = Path(named.get("data") or default_data()).expanduser().absolute()
    file = data / "regulars.toml"
    written = tomllib.loads(file.read_text(encoding="utf-8")) if file.is_file() else {}
    try:
        return msgspec.convert({**written, **named, "data": data}, Settings, strict=False, dec_hook=_path)
    except msgspec.ValidationError as error:
        raise Invalid("A setting cannot be read: {problem}. See 'regulars settings'.", problem=str(error)) from error


def default_data() -> Path:
    """Return the user's data folder for Regulars; for root, a place that a service's own user can reach."""
    return Path("/var/lib/regulars") if os.name == "posix" and os.geteuid() == 0 else user_data_path("regulars")


def _path(kind: type, value: object) -> object:
    return Path(str(value)) if issubclass(kind, Path) else value

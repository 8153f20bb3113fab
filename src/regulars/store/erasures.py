"""The list of erasures: what somebody had forgotten, kept outside the database, so that a restored backup hears of it.

A line of JSON each, on the disk before the transaction that forgets may commit. A line names nobody: it holds hashes
of identifiers, made with a secret that only the database has. A transaction that fails after its line was written
leaves one that the database never hears of; replayed, it forgets what somebody did ask to have forgotten.
"""

import fcntl
import os
from collections.abc import Collection, Generator, Iterable
from contextlib import contextmanager, suppress
from datetime import datetime, timedelta
from pathlib import Path
from uuid import UUID, uuid4

import msgspec
import structlog

from regulars.settings import Settings
from regulars.store.backup import sync_folder
from regulars.store.database import Tx
from regulars.store.statements import load
from regulars.words.errors import Invalid, Unavailable

log = structlog.get_logger()
SQL = load(__package__ or "regulars.store", "erasures.sql")

SLACK = timedelta(days=1)
"""How far a line's moment and a backup's may be apart by clocks and long transactions; ids decide in between."""

WORKSPACE = "workspace"
"""The kind of an erasure that took a whole workspace."""

_FORMAT = 1


class Erasure(msgspec.Struct, frozen=True, omit_defaults=True):
    """One thing that was forgotten, and for whom."""

    at: datetime
    workspace: str
    kind: str
    """What it is about: `facts` of somebody, or a whole `workspace`. Who replays it knows more."""
    who: list[str] = []
    """The hashes of all identifiers that somebody had."""
    names: list[str] = []
    key: str = ""
    """By which secret the hashes were made: the beginning of its own hash."""
    id: UUID = msgspec.field(default_factory=uuid4)


class _Head(msgspec.Struct, frozen=True):
    """The first line."""

    since: datetime
    erasures: int = _FORMAT


class Heard(msgspec.Struct, frozen=True):
    """What a list holds."""

    since: datetime
    """From when on nothing is missing in it."""
    erasures: list[Erasure]
    torn: int
    """Lines that were cut short as they were written: nobody was told that these were done."""


class ErasureList:
    """The list in a file. Any number of processes may write to it, on any number of machines that share its disk."""

    def __init__(self, path: Path, *, make_folder: bool = False) -> None:
        self.path = path
        self._make_folder = make_folder
        """Whether its folder is made where missing; a disk that should be shared may just not be there."""

    @classmethod
    def of(cls, settings: Settings) -> "ErasureList":
        """Return the list of a house."""
        return cls(settings.erasure_list, make_folder=settings.erasures is None)

    def begin(self, now: datetime) -> None:
        """Make the list where there is none: whatever is forgotten from now on is in it."""
        with self._opened(now):
            pass

    def add(self, erasures: Collection[Erasure], now: datetime) -> None:
        """Append lines; they are on the disk when this returns."""
        with self._opened(now) as file:
            size = os.fstat(file).st_size
            torn = b"\n" if os.pread(file, 1, size - 1) != b"\n" else b""
            _write(file, torn + msgspec.json.Encoder().encode_lines(erasures))

    def read(self) -> Heard | None:
        """Return what it holds, or None where there is no list."""
        try:
            lines = self.path.read_bytes().splitlines()
        except FileNotFoundError:
            return None
        except OSError as error:
            raise self._problem(error) from error
        try:
            head = msgspec.json.decode(lines[0] if lines else b"", type=_Head)
        except msgspec.DecodeError as error:
            raise Invalid("{file} is no list of erasures. Name the right one.", file=self.path) from error
        if head.erasures > _FORMAT:
            raise Invalid("{file} was written by a newer Regulars. Restore with that one.", file=self.path)
        found, torn = dict[UUID, Erasure](), 0
        for line in filter(None, lines[1:]):
            try:
                one = msgspec.json.decode(line, type=Erasure)
            except msgspec.DecodeError:
                torn += 1
            else:
                found[one.id] = one
        return Heard(head.since, list(found.values()), torn)

    def prune(self, before: datetime) -> int:
        """Drop what is older than any backup may be; return how many lines went."""
        with self._opened(before) as file:
            heard = self.read()
            if heard is None or heard.since >= before:
                return 0
            kept = [one for one in heard.erasures if one.at >= before]
            self._replace(_Head(before), kept, os.fstat(file))
            return len(heard.erasures) - len(kept)

    def take_over(self, others: Iterable[Heard], now: datetime) -> None:
        """Make sure that everything others hold is in this list: a restored house goes on with it."""
        sources = list(others)
        mine = self.read()
        if mine is None:
            _write_new(self.path, _Head(max((one.since for one in sources), default=now)), [])
        known = {one.id for one in mine.erasures} if mine else set[UUID]()
        missing = {one.id: one for heard in sources for one in heard.erasures if one.id not in known}
        if missing:
            self.add(list(missing.values()), now)

    @contextmanager
    def _opened(self, now: datetime) -> Generator[int]:
        """Open the list, locked; another process may just have put a new file in its place."""
        try:
            while True:
                if not self.path.exists():
                    if self._make_folder:
                        self.path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
                    _write_new(self.path, _Head(now), [])
                file = os.open(self.path, os.O_RDWR | os.O_APPEND | os.O_CLOEXEC)
                fcntl.flock(file, fcntl.LOCK_EX)
                if _same(file, self.path):
                    break
                os.close(file)
        except OSError as error:
            raise self._problem(error) from error
        try:
            yield file
        except OSError as error:
            raise self._problem(error) from error
        finally:
            os.close(file)

    def _replace(self, head: _Head, kept: list[Erasure], was: os.stat_result) -> None:
        new = self.path.with_name(f"{self.path.name}.new")
        new.unlink(missing_ok=True)
        _write_new(new, head, kept)
        new.chmod(was.st_mode & 0o777)
        _give(new, was)
        new.replace(self.path)
        sync_folder(self.path.parent)

    def _problem(self, error: OSError) -> Unavailable:
        log.error("the list of erasures cannot be used", file=str(self.path), problem=error.strerror)
        return Unavailable(
            "The list of erasures {file} cannot be read or written: {problem}. Give it a place that every process "
            "can write (REGULARS_ERASURES).",
            file=self.path,
            problem=error.strerror or str(error),
        )


def note(tx: Tx, erasures: Collection[Erasure], now: datetime) -> None:
    """Put erasures on the list, and note in the database that it has heard of them. It goes before the forgetting."""
    if tx.erasures is None:
        raise RuntimeError("this database was opened without its list of erasures")
    heard_of(tx, erasures)
    try:
        tx.erasures.add(erasures, now)
    except Unavailable as error:
        raise Unavailable(
            "What should be forgotten could not be noted safely just now, so nothing was changed. Try again in a "
            "moment."
        ) from error


def heard_of(tx: Tx, erasures: Collection[Erasure]) -> None:
    """Note in the database that it has heard of erasures."""
    tx.run(SQL["note"], ids=[str(one.id) for one in erasures], ats=[one.at for one in erasures])


def known_since(tx: Tx, since: datetime) -> set[UUID]:
    """Return which erasures since a moment the database has heard of."""
    return {UUID(one) for one in tx.values(SQL["known"], since=since)}


def _same(file: int, path: Path) -> bool:
    with suppress(FileNotFoundError):
        return os.path.samestat(os.fstat(file), path.stat())
    return False


def _write_new(path: Path, head: _Head, erasures: list[Erasure]) -> None:
    """Make a list; leave it where another process was quicker."""
    with suppress(FileExistsError):
        beside = path.with_name(f"{path.name}.{uuid4().hex}")
        file = os.open(beside, os.O_RDWR | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC, 0o600)
        try:
            _give(beside, path.parent.stat())
            _write(file, msgspec.json.Encoder().encode_lines([head, *erasures]))
            os.link(beside, path)
        finally:
            os.close(file)
            beside.unlink()
        sync_folder(path.parent)


def _give(path: Path, to: os.stat_result) -> None:
    """Give what root made to the user whose house this is, who has to go on with it."""
    if os.geteuid() == 0:
        os.chown(path, to.st_uid, to.st_gid)


def _write(file: int, text: bytes) -> None:
    if os.write(file, text) != len(text):
        raise OSError(0, "the disk is full")
    os.fsync(file)

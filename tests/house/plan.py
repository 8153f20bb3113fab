"""The plan that the rules are about: the rooms in their order, and the files that make up the project."""

import subprocess
import tomllib
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).parents[2]
PACKAGE = ROOT / "src" / "regulars"


def _rooms() -> tuple[str, ...]:
    """The rooms, first to last, as the layers contract in pyproject.toml names them: the plan is written once."""
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    contract = next(c for c in project["tool"]["importlinter"]["contracts"] if c["id"] == "rooms")
    return tuple(room.strip(" ()") for layer in reversed(contract["layers"]) for room in layer.split("|"))


ROOMS = _rooms()


def files_of_project() -> list[Path]:
    """Every file that git tracks, or would track if it were added now."""
    listed = subprocess.run(
        ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"],
        cwd=ROOT,
        capture_output=True,
        check=True,
    ).stdout.decode()
    return sorted(path for name in listed.split("\0") if name and (path := ROOT / name).is_file())


def named(path: Path) -> str:
    """A file's name for a message: from the repository's root."""
    return path.relative_to(ROOT).as_posix()


def python_of_package() -> list[Path]:
    return sorted(PACKAGE.rglob("*.py"))


@dataclass(frozen=True)
class Place:
    """Where SQL stands: in which room, and under which prefix its tables go."""

    room: str
    prefix: str


def place_of(path: Path) -> Place:
    """The room of a file; a channel's tables are prefixed by its own folder, everything else's by the room."""
    parts = path.relative_to(PACKAGE).parts
    room = parts[0].removesuffix(".py")
    return Place(room, parts[1] if room == "channels" and len(parts) > 2 else room)


def room_of_table(table: str) -> str | None:
    """The room a table belongs to by its prefix, or None where it is no room's."""
    prefix = table.split("_", maxsplit=1)[0]
    if prefix in ROOMS:
        return prefix
    return "channels" if (PACKAGE / "channels" / prefix).is_dir() else None


def list_of(lines: list[str]) -> str:
    """Findings, one a line, for the message of an assertion."""
    return "\n  " + "\n  ".join(lines)

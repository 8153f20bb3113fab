"""The brand of a workspace: its title, colour, tone, languages, clock, logo, and from whom its mail comes."""

import re
from collections.abc import Sequence
from datetime import datetime
from email.utils import formataddr, getaddresses
from hashlib import blake2b
from typing import Any
from zoneinfo import available_timezones

import msgspec

from regulars.access import records, workspace_records
from regulars.access.pictures import read_picture
from regulars.access.records import Workspace
from regulars.store.database import Tx
from regulars.words.colour import read_colour
from regulars.words.errors import Invalid, Unknown, concerning

TONES = ("friendly", "formal")
LANGUAGES_OF_ALL: tuple[str, ...] = ()
"""No language chosen: customers read in whichever of ours they like best."""
LONGEST_TITLE = 120
_LONGEST_SENDER = 250
_LANGUAGE = re.compile(r"[a-z]{2,3}")
_ADDRESS = re.compile(r"[^\s@<>,;:\"()\[\]\\]{1,64}@[a-z0-9-]+(\.[a-z0-9-]+)+", re.IGNORECASE)


def change_brand(
    tx: Tx,
    workspace: Workspace,
    *,
    title: str,
    accent: str,
    tone: str,
    languages: Sequence[str],
    zone: str,
    delivery: str,
    sender: str,
) -> None:
    """Change how a workspace looks, speaks and sends; it holds for the next page and the next message.

    Raise Invalid for what cannot be. Whether there is such a channel and such a catalogue is for the caller to say.
    """
    tried = try_brand(workspace, title=title, accent=accent, tone=tone, languages=languages, zone=zone, sender=sender)
    given = {name: getattr(tried, name) for name in ("title", "accent", "tone", "zone", "sender")}
    workspace_records.set_brand(tx, workspace.name, {**given, "languages": list(tried.languages), "delivery": delivery})


def try_brand(
    workspace: Workspace, *, title: str, accent: str, tone: str, languages: Sequence[str], zone: str, sender: str
) -> Workspace:
    """Return a workspace as it would be; raise Invalid, naming the field, for what cannot be. Nothing is kept."""
    given: dict[str, Any] = {}
    for field, check, value in (
        ("title", check_title, title),
        ("accent", read_colour, accent),
        ("tone", check_tone, tone),
        ("languages", check_languages, languages),
        ("zone", check_zone, zone),
        ("sender", check_sender, sender),
    ):
        with concerning(field):
            given[field] = check(value)  # pyright: ignore[reportArgumentType]
    return msgspec.structs.replace(workspace, **given)


def change_logo(tx: Tx, workspace: str, image: bytes, now: datetime) -> None:
    """Keep a picture and show it as the logo; raise Invalid or TooLarge for what cannot be one.

    It takes a transaction in the workspace. Those it had before stay: mail that was sent shows them.
    """
    worn = try_logo(standing(tx, workspace), image)
    workspace_records.add_logo(tx, worn.logo, image, now)
    wear_logo(tx, workspace, worn)


def try_logo(workspace: Workspace, image: bytes) -> Workspace:
    """Return a workspace as it would be with a picture for its logo; raise Invalid or TooLarge for what cannot be one.

    Nothing is kept.
    """
    picture = read_picture(image)
    name = f"{blake2b(image, digest_size=12).hexdigest()}.{picture.kind}"
    return msgspec.structs.replace(workspace, logo=name, logo_width=picture.width, logo_height=picture.height)


def standing(tx: Tx, name: str) -> Workspace:
    """Return a workspace as it stands inside a transaction; raise Unknown for none."""
    found = records.get_workspace(tx, name)
    if found is None:
        raise Unknown("There is no workspace '{name}'.", name=name)
    return found


def drop_logo(tx: Tx, workspace: str) -> None:
    """Show no logo from now on."""
    workspace_records.set_logo(tx, workspace, "", (0, 0))


def wear_logo(tx: Tx, workspace: str, worn: Workspace) -> None:
    """Show again the logo that a workspace had, or none where it had none."""
    workspace_records.set_logo(tx, workspace, worn.logo, (worn.logo_width, worn.logo_height))


def logo(tx: Tx, name: str) -> bytes:
    """Return a logo that this workspace has or had; raise Unknown for none."""
    found = workspace_records.get_logo(tx, name)
    if found is None:
        raise Unknown("There is no such picture.")
    return found


def check_title(title: str) -> str:
    """Return a title without what surrounds it; raise Invalid where it is empty, too long, or not one line."""
    tidy = title.strip()
    if not 0 < len(tidy) <= LONGEST_TITLE or not tidy.isprintable():
        raise Invalid("A workspace's title is one line of 1 to {most} characters.", most=LONGEST_TITLE)
    return tidy


def check_tone(tone: str) -> str:
    """Return a tone; raise Invalid for none."""
    if tone not in TONES:
        raise Invalid("'{tone}' is no tone. Choose one of: {tones}.", tone=tone[:40], tones=", ".join(TONES))
    return tone


def check_languages(languages: Sequence[str]) -> list[str]:
    """Return languages, each once; raise Invalid for what is no code of one."""
    for one in languages:
        if not _LANGUAGE.fullmatch(one):
            raise Invalid("'{language}' is no language. Write two letters, for example lv.", language=one[:40])
    return list(dict.fromkeys(languages))


def check_zone(zone: str) -> str:
    """Return a time zone; raise Invalid for none."""
    if zone not in zones():
        raise Invalid("'{zone}' is no time zone. Write it as Europe/Riga or Asia/Kolkata.", zone=zone[:60])
    return zone


def zones() -> set[str]:
    """Return the time zones there are, by continent and city, and UTC."""
    return {one for one in available_timezones() if "/" in one and not one.startswith("Etc/")} | {"UTC"}


def check_sender(sender: str) -> str:
    """Return from whom mail comes, as 'Name <address>', or nothing; raise Invalid for what cannot be."""
    tidy = sender.strip()
    if not tidy:
        return ""
    read = getaddresses([tidy])
    name, address = read[0]
    if len(read) > 1 or len(tidy) > _LONGEST_SENDER or not (tidy.isprintable() and _ADDRESS.fullmatch(address)):
        raise Invalid(
            "'{sender}' cannot be the sender of mail. Write it as The Gift House <hello@gifthouse.example>.",
            sender=tidy[:80],
        )
    return _written(name, address)


def _written(name: str, address: str) -> str:
    """Return 'Name <address>' with the name as it is read, quoted only where it must be."""
    if not name:
        return address
    return formataddr((name, address)) if name.isascii() else f'"{name.replace(chr(34), chr(39))}" <{address}>'

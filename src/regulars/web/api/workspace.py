"""The workspace itself: its brand, its logo, and its end."""

from datetime import datetime
from typing import Any

import msgspec
from litestar import Response, get, post

from regulars.access import brands
from regulars.access.workspaces import KEPT, Workspace, close_workspace, get_workspace
from regulars.store.database import Tx
from regulars.web.api.entry import AnyRequest
from regulars.web.api.once import once
from regulars.web.api.replacing import check_newest, hold
from regulars.web.api.telling import told
from regulars.web.brands import brand_of, check_delivery, check_offered
from regulars.web.noting import notes, slip_of
from regulars.wiring import House
from regulars.words.clock import utc_now
from regulars.words.errors import Invalid, concerning

_PIXEL = "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAIAAACQd1PeAAAADElEQVR42mOQj/cCAAFpAMkOR4ODAAAAAElFTkSuQmCC"
_SHOWN = ("title", "accent", "tone", "zone", "delivery", "sender")
_CHANGED = (*_SHOWN, "languages")


class WorkspaceBrand(msgspec.Struct, frozen=True):
    """How the workspace looks, speaks and sends.

    `languages` are those offered to customers, the default first; none: all there are. `logo` is where it is, null
    for none.
    """

    name: str
    title: str
    accent: str
    tone: str
    languages: list[str]
    zone: str
    delivery: str
    sender: str
    logo: str | None


class NewBrand(msgspec.Struct, frozen=True, forbid_unknown_fields=True, omit_defaults=True):
    """What is to be different; what is left out stays as it is.

    `replaces`: how it was when you looked, as GET gave it. Where it is something else by now, it is refused with 409
    and overwrites nothing; the answer tells in `stands` what there is.
    """

    title: str | None = None
    accent: str | None = None
    tone: str | None = None
    languages: list[str] | None = None
    zone: str | None = None
    delivery: str | None = None
    sender: str | None = None
    replaces: WorkspaceBrand | None = None


class NewLogo(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A PNG, JPEG or WebP in Base64; null shows the title instead."""

    image: bytes | None


class Deletion(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """That this is meant: `sure` is true."""

    sure: bool


class Deleted(msgspec.Struct, frozen=True):
    """A workspace that was deleted. Until its day comes an owner can take it back, in the console."""

    name: str
    gone_at: datetime


@get("/workspace", sync_to_thread=True)
def get_brand(request: AnyRequest) -> WorkspaceBrand:
    """Return how the workspace looks, speaks and sends."""
    house: House = request.app.state.house
    return _shown(house, get_workspace(house.database, request.state.workspace))


@post(
    "/workspace",
    sync_to_thread=True,
    opt=told(
        takes=NewBrand,
        gives=WorkspaceBrand,
        body={"title": "The Gift House", "accent": "#1f5f4a", "tone": "formal", "languages": ["en", "lv"]},
    )
    | notes("workspace.changed", "workspace"),
)
def change_brand(request: AnyRequest) -> Response[bytes]:
    """Change how the workspace looks, speaks and sends; it holds for the next page and the next message."""
    house: House = request.app.state.house

    def change(tx: Tx, said: NewBrand) -> WorkspaceBrand:
        given = {name: one for name in _CHANGED if (one := getattr(said, name)) is not None}
        hold(tx, "workspace")
        known = brands.standing(tx, request.state.workspace)
        stands = _seen(known)
        with concerning("languages"):
            check_offered(given.get("languages", ()))
        with concerning("delivery"):
            check_delivery(house, known, given.get("delivery", known.delivery))
        seen = _seen(said.replaces) if said.replaces else None
        check_newest(stands, seen, stands | given, shown=_shown(house, known))
        before = {name: getattr(known, name) for name in _CHANGED}
        brands.change_brand(tx, known, **(before | given))
        slip_of(request).tell(
            known.name, before={name: before[name] for name in given if name in _SHOWN}, after=_noted(given)
        )
        return _shown(house, brands.standing(tx, known.name))

    return once(request, NewBrand, change)


@post(
    "/workspace/logo",
    sync_to_thread=True,
    opt=told(takes=NewLogo, gives=WorkspaceBrand, body={"image": _PIXEL})
    | notes("workspace.logo.changed", "workspace"),
)
def change_logo(request: AnyRequest) -> Response[bytes]:
    """Show another logo, or none."""
    house: House = request.app.state.house

    def change(tx: Tx, said: NewLogo) -> WorkspaceBrand:
        name = request.state.workspace
        hold(tx, "workspace")
        with concerning("image"):
            if said.image is None:
                brands.drop_logo(tx, name)
            else:
                brands.change_logo(tx, name, said.image, utc_now())
        return _shown(house, brands.standing(tx, name))

    return once(request, NewLogo, change)


@post(
    "/workspace/delete",
    sync_to_thread=True,
    opt=told(takes=Deletion, gives=Deleted, body={"sure": True}) | notes("workspace.deleted", "workspace"),
)
def delete_workspace(request: AnyRequest) -> Response[bytes]:
    """Delete the workspace: it closes at once, its keys with it, and is gone after seven days."""
    name = request.state.workspace

    def delete(tx: Tx, said: Deletion) -> Deleted:
        if not said.sure:
            raise Invalid("Nothing was deleted: send true for 'sure'.")
        now = utc_now()
        close_workspace(tx, name, slip_of(request).who, now)
        return Deleted(name, now + KEPT)

    house: House = request.app.state.house
    answer = once(request, Deletion, delete)
    house.keys.forget()
    return answer


def _shown(house: House, workspace: Workspace) -> WorkspaceBrand:
    logo = brand_of(workspace).logo
    return WorkspaceBrand(
        name=workspace.name,
        languages=list(workspace.languages),
        logo=f"{house.base_url}{logo.path}" if logo else None,
        **{name: getattr(workspace, name) for name in _SHOWN},
    )


def _seen(brand: Workspace | WorkspaceBrand) -> dict[str, Any]:
    return {name: getattr(brand, name) for name in _SHOWN} | {"languages": list(brand.languages)}


def _noted(given: dict[str, object]) -> dict[str, object]:
    return {name: " ".join(one) if isinstance(one, list) else one for name, one in given.items()}


HANDLERS = [get_brand, change_brand, change_logo, delete_workspace]

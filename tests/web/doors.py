"""Every way into a house over HTTP: the routes of the real application, each in one class, and what is public."""

import re
from dataclasses import dataclass

from litestar import Litestar
from litestar.handlers import BaseRouteHandler

from regulars.access.rights import Right
from regulars.web import app

PUBLIC = {
    ("GET", "/"): "leads to the console",
    ("GET", "/healthz"): "whether the process lives",
    ("GET", "/readyz"): "whether the database answers",
    ("GET", "/static/{file_path:path}"): "styles, scripts, icons",
    ("HEAD", "/static/{file_path:path}"): "the same",
    ("GET", "/styles/console.css"): "the console's style",
    ("GET", "/i.js"): "the script for other people's pages",
    ("GET", "/console"): "leads to the log-in, or to one's workspace",
    ("GET", "/console/login"): "how to log in",
    ("POST", "/console/login"): "asks for a link by mail, or brings a password",
    ("POST", "/console/login/passkey/begin"): "what a passkey is to sign",
    ("POST", "/console/login/passkey"): "what a passkey signed",
    ("GET", "/console/login/elsewhere"): "leads to where the house's people log in for everything",
    ("GET", "/console/login/elsewhere/back"): "what was said there",
    ("POST", "/console/logout"): "ends whatever session there is",
    ("POST", "/language"): "keeps in which language a customer reads",
    ("GET", "/brand/{sheet:str}"): "the colours of a brand, for mails and pages of customers",
    ("GET", "/brand/{workspace:str}/{picture:str}"): "the logo of a brand",
    ("GET", "/f/{form:str}"): "a form, which anybody may answer",
    ("GET", "/f/{form:str}/{step:int}"): "its questions",
    ("POST", "/f/{form:str}/{step:int}"): "its answers",
    ("GET", "/f/{form:str}/thanks"): "the thanks for them",
    ("GET", "/api/openapi.json"): "the description of the API",
}
"""What answers anybody, and why. Whoever adds a line here opens the house there."""

BY_TOKEN = ("/console/login/{token:str}", "/console/invitation/{token:str}", "/me/{", "/u/{", "/why/{", "/confirm/{")
BY_TOKEN += ("/l/{", "/o/{", "/look/{", "/export/{", "/import/{", "/bring/{", "/hooks/{")
OWN = ("/console/account", "/console/workspaces")

LENT = {
    "/customers/{customer_id:int}/pause": Right.CARE,
    "/customers/{customer_id:int}/frequency": Right.CARE,
    "/customers/{customer_id:int}/stop": Right.CARE,
    "/customers/{customer_id:int}/restrict": Right.CARE,
    "/customers/{customer_id:int}/split": Right.CARE,
    "/customers/{customer_id:int}/join": Right.CARE,
    "/customers/{customer_id:int}/apart": Right.CARE,
    "/duplicates": Right.CARE,
    "/duplicates/rules": Right.COMPOSE,
    "/customers/{customer_id:int}/fact": Right.CARE,
    "/customers/{customer_id:int}/fact/again": Right.CARE,
    "/customers/{customer_id:int}/fact/forget": Right.CARE,
    "/fact": Right.COMPOSE,
    "/facts/versions/{version:int}/restore": Right.COMPOSE,
    "/imports": Right.COMPOSE,
    "/imports/{number:int}": Right.COMPOSE,
    "/imports/{number:int}/cancel": Right.COMPOSE,
    "/mappings/{name:str}/delete": Right.COMPOSE,
    "/deleted/mappings": Right.COMPOSE,
    "/deleted/funnels": Right.COMPOSE,
    "/groups": Right.COMPOSE,
    "/groups/{number:int}": Right.COMPOSE,
    "/drafts": Right.COMPOSE,
    "/drafts/on": Right.COMPOSE,
    "/drafts/away": Right.COMPOSE,
    "/customers/file": Right.EXPORT,
    "/undo/{number:int}": Right.CARE,
    "/customers/stop": Right.SEND,
    "/customers/list": Right.COMPOSE,
    "/customers/{customer_id:int}/list": Right.COMPOSE,
    "/segments/{name:str}/off": Right.COMPOSE,
    "/segments/{name:str}/more": Right.COMPOSE,
    "/new/list": Right.COMPOSE,
    "/stopped/campaigns": Right.SEND,
    "/deleted/segments": Right.COMPOSE,
    "/mailbox/delete": Right.COMPOSE,
    "/new/segment": Right.COMPOSE,
    "/segments/{name:str}/edit": Right.COMPOSE,
    "/segments/{name:str}/versions/{version:int}/restore": Right.COMPOSE,
    "/segments/{name:str}/delete": Right.COMPOSE,
    "/deleted/segments/{number:int}/back": Right.COMPOSE,
    "/new/funnel": Right.COMPOSE,
    "/funnels/{name:str}/edit": Right.COMPOSE,
    "/funnels/{name:str}/versions/{version:int}/restore": Right.COMPOSE,
    "/funnels/{name:str}/delete": Right.COMPOSE,
    "/deleted/funnels/{number:int}/back": Right.COMPOSE,
    "/new/form": Right.COMPOSE,
    "/forms/{name:str}/edit": Right.COMPOSE,
    "/forms/{name:str}/close": Right.COMPOSE,
    "/forms/{name:str}/reopen": Right.COMPOSE,
    "/forms/{name:str}/undo/{version:int}": Right.COMPOSE,
    "/archived/templates": Right.COMPOSE,
    "/archived/templates/back": Right.COMPOSE,
    "/closed/forms": Right.COMPOSE,
    "/closed/forms/back": Right.COMPOSE,
    "/new/template": Right.COMPOSE,
    "/templates/{name:str}": Right.COMPOSE,
    "/new/campaign": Right.COMPOSE,
    "/campaigns/{name:str}/edit": Right.COMPOSE,
    "/campaigns/{name:str}/undo": Right.COMPOSE,
    "/campaigns/{name:str}/launch": Right.SEND,
    "/campaigns/{name:str}/stop": Right.SEND,
    "/campaigns/{name:str}/pause": Right.SEND,
    "/campaigns/{name:str}/resume": Right.SEND,
    "/campaigns/{name:str}/cancel": Right.SEND,
}
"""What changes something in a workspace and is for others than its owners too, with the right that it takes."""


@dataclass(frozen=True)
class Door:
    """One route with one method."""

    method: str
    path: str
    handler: BaseRouteHandler

    @property
    def changes(self) -> bool:
        return self.method not in {"GET", "HEAD"}

    @property
    def kind(self) -> str:
        """Return what opens it; '' where nothing is known that should."""
        if (self.method, self.path) in PUBLIC:
            return "public"
        if self.path.startswith(BY_TOKEN):
            return "token"
        if self.path.startswith(OWN):
            return "session"
        if self.path.startswith("/console/{workspace:str}"):
            return "role"
        return "key" if self.path.startswith("/api/") or self.path == "/metrics" else ""

    def at(self, **places: object) -> str:
        """Return its address, with these places filled, and others by what names nothing."""

        def fill(place: re.Match[str]) -> str:
            return str(places.get(place[1], {"int": "1"}.get(place[2], "x")))

        return re.sub(r"\{(\w+):(\w+)\}", fill, self.path)


def doors(house) -> list[Door]:
    """Return every route of the application of a house, as it is served."""
    made: list[Litestar] = []

    class Kept(Litestar):
        def __init__(self, *arguments, **named) -> None:
            super().__init__(*arguments, **named)
            made.append(self)

    usual, app.Litestar = app.Litestar, Kept
    try:
        app.create_app(house)
    finally:
        app.Litestar = usual
    (litestar,) = made
    found = [
        Door(method, route.path, handler)
        for route in litestar.routes
        for handler in getattr(route, "route_handlers", [])
        for method in handler.http_methods - {"OPTIONS"}
    ]
    assert len(found) > 100
    assert all(hasattr(route, "route_handlers") for route in litestar.routes), "a route that is no HTTP route"
    return found

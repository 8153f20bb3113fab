"""Keys: what machines come in with. Made and shown once, seen in use, revoked. Only owners come here."""

from typing import Any, NamedTuple

from litestar import Response, get, post
from litestar.params import FromPath, FromQuery
from litestar.response import Redirect

from regulars.access.keys import SCOPES, add_key, list_keys, revoke_key
from regulars.access.rights import Right
from regulars.remember.folding import holds
from regulars.web.console import undoing
from regulars.web.console.asking_once import ask, sure
from regulars.web.console.desk import AtDesk, Desk, needs
from regulars.web.console.listing import FEW, Way, nothing, numbers_picked, part
from regulars.web.i18n import say, translator
from regulars.web.noting import notes
from regulars.web.roles import scope_called, scope_choices
from regulars.words.errors import Invalid, Unknown

_EVENTS = {"browser": '{"event":"Hello","anonymousId":"a-1"}', "write": '{"event":"Hello","userId":"u-1"}'}


@get("/keys", sync_to_thread=True, opt=needs(Right.MANAGE))
def keys(desk: AtDesk, q: FromQuery[str] = "", only: FromQuery[str] = "", after: FromQuery[str] = "") -> Response[str]:
    """Show the keys, and when each was last used: all, or those of a name or scope; from a place in the list."""
    return _page(desk, _Shown(q.strip(), only if only in SCOPES else "", after))


@post("/keys", sync_to_thread=True, opt=needs(Right.MANAGE) | notes("key.made", "key"))
def make(desk: AtDesk) -> Response[str]:
    """Make a key and show it, this once. What was typed stays, with the error beside its field."""
    try:
        with desk.noted() as tx:
            made, key = add_key(tx, desk.workspace.name, desk.form.get("scope", ""), desk.form.get("name", ""))
            desk.slip.tell(made.id, label=made.name, after={"scope": made.scope})
    except Invalid as error:
        return _page(desk, status=400, form=desk.form, errors={error.field: say(error, desk.locale)})
    return _page(desk, status=201, fresh=made, key=key, example=example(desk.house.base_url, made.scope, key))


@post("/keys/{key:int}/revoke", sync_to_thread=True, opt=needs(Right.MANAGE) | notes("key.revoked", "key", by="key"))
def revoke(desk: AtDesk, key: FromPath[int]) -> Response[str] | Redirect:
    """Revoke a key: it opens nothing any more, in this process at once and in others within ten seconds."""
    try:
        with desk.noted() as tx:
            gone = revoke_key(tx, desk.workspace.name, key)
            desk.slip.tell(label=gone.name, before={"scope": gone.scope})
    except Unknown as error:
        return _page(desk, status=404, problem=say(error, desk.locale))
    desk.house.keys.forget()
    return desk.go("/keys")


@post("/keys/revoke", sync_to_thread=True, opt=needs(Right.MANAGE) | notes("key.revoked", "key"))
def revoke_many(desk: AtDesk) -> Response[str] | Redirect:
    """Revoke the keys that were ticked, asked once; one that is gone meanwhile is left out."""
    chosen = set(numbers_picked(desk))
    texts = translator(desk.locale)
    with desk.tx() as tx:
        found = [one for one in list_keys(tx, desk.workspace.name) if one.id in chosen]
    if not found:
        return nothing(desk, "/keys")
    names = [one.name or scope_called(one.scope, texts.gettext) for one in found]
    if not sure(desk):
        question = texts.gettext("Whatever uses these is refused within ten seconds. It cannot be taken back.")
        text = texts.gettext("Revoke")
        return ask(desk, title=texts.gettext("Revoke keys"), question=question, text=text, back="/keys", names=names)
    with desk.noted() as tx:
        for one in found:
            revoke_key(tx, desk.workspace.name, one.id)
        desk.slip.tell(", ".join(str(one.id) for one in found), before={str(one.id): one.name for one in found})
        done = undoing.did(desk, tx, "keys.revoked", names)
    desk.house.keys.forget()
    return undoing.land(desk, "/keys", done)


def example(base_url: str, scope: str, key: str) -> str:
    """Return a command that shows that a key works."""
    if scope in {"read", "admin"}:
        return f"curl -H 'Authorization: Bearer {key}' {base_url}/api/customers?limit=3"
    return f"curl -u '{key}:' -H 'Content-Type: application/json' {base_url}/v1/track -d '{_EVENTS[scope]}'"


class _Shown(NamedTuple):
    """What of the keys is shown: those found, from a place in the list."""

    q: str = ""
    only: str = ""
    after: str = ""


_ALL = _Shown()


def _page(desk: Desk, shows: _Shown = _ALL, *, status: int = 200, **context: Any) -> Response[str]:
    gettext = translator(desk.locale).gettext
    q, only = shows.q, shows.only
    with desk.tx() as tx:
        whole = list_keys(tx, desk.workspace.name)
    way = Way(f"{desk.home}/keys", {"q": q, "only": only})
    called = {one: scope_called(one, gettext) for one in SCOPES}
    chips = [way.chip(desk.quoted(q), "q")] if q else []
    chips += [way.chip(called[only], "only")] if only else []
    found = [one for one in whole if only in {"", one.scope} and holds(q, one.name, called[one.scope])]
    blank: dict[str, Any] = {"form": {"scope": "write"}, "errors": {}, "problem": "", "fresh": None}
    return desk.page(
        "machine_keys.html",
        status=status,
        part=part(way, found, shows.after, lambda one: str(one.id)),
        any=bool(whole),
        searched=bool(chips) or len(whole) > FEW,
        q=q,
        only=only,
        way=way,
        chips=chips,
        called=called,
        scopes=scope_choices(gettext),
        **blank | context,
    )


ROUTES = [keys, make, revoke, revoke_many]

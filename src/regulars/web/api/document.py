"""`GET /api/openapi.json`: the API described by itself (OpenAPI 3.1), made of the handlers and the shapes they use.

What each takes, gives and shows as its example stands beside the handler; the tests send every example.
"""

import inspect
import re
from collections.abc import Iterator
from functools import lru_cache
from typing import Any, get_args, get_type_hints

import msgspec
from litestar import Response, get
from litestar.datastructures import State
from litestar.handlers import HTTPRouteHandler
from litestar.params import QueryParameter
from msgspec import inspect as inspect_

from regulars import __version__
from regulars.web.api.once import IDEMPOTENCY_KEY
from regulars.web.api.routes import HANDLERS
from regulars.web.api.telling import Told, told_by
from regulars.web.statuses import PROBLEM, Problem
from regulars.wiring import House

_PLACE = re.compile(r"\{(\w+):(\w+)\}")
_JSON = "application/json"
_METHODS = frozenset({"GET", "POST", "PUT", "PATCH", "DELETE"})
_CALLED = {
    "regulars.measure.talk.Said": "ConversationSaid",
    "regulars.measure.talk.Answer": "ConversationAnswer",
    "regulars.measure.feed.Said": "ToldAnswer",
    "regulars.engage.responses.Said": "FormSaid",
    "regulars.engage.responses.Answer": "FormAnswer",
    "regulars.understand.records.Said": "EvidenceSaid",
}
"""What shapes are called that have one name in different rooms."""
_REFERENCE = "#/components/schemas/"
_MEANING = {
    "archived": "Those that are archived instead of those in use.",
    "ref": "A customer: a number, or an identifier such as user:u-17 or email:ieva@example.com.",
    "name": "The name: of the kind of event, fact, segment, form, template, campaign or follower; the domain of a key "
    "that signs mail.",
    "other": "The name of the segment that it is compared with.",
    "number": "The number of a message (its mail has the same), of a key, of an export, of an order or a product, of "
    "an event that was not taken, or of an identifier that nothing is sent to.",
    "product": "Only orders, or what is bought together, with the product of this number.",
    "given": "Only what is bought with the product of this number.",
    "by": "By what it is sorted: lift, confidence or orders, the most first.",
    "lift": "How many times as often as by chance, at least.",
    "confidence": "The share of the orders with what is given, at least: 0 to 1.",
    "orders": "How many orders it rests on, at least.",
    "stage": "The purchase stage: intent, evaluation, purchase or after_sale.",
    "of": "What the first time is of: orders, visits, anything, or event:NAME, a kind of event.",
    "step": "Which step of the funnel; the first is 1.",
    "every": "By month or week of the workspace's clock.",
    "began": "The day on which the month or week of the first time began, as 2026-03-01.",
    "after": "How many months or weeks after the first one: 0 is everybody of the cohort.",
    "recency": "How lately they bought, from 1 to 5.",
    "frequency": "How often they bought, from 1 to 5.",
    "customer": "Only orders of this customer: a number, or an identifier such as user:u-17.",
    "category": "Of this category of products.",
    "recipient": "An address.",
    "only": "What became of it: a message is sent, waiting, refused, failed or uncertain; an export waiting, running, "
    "done, failed or gone; an order in the state it is in; of a timeline said, spoken, bought or looked; of what is "
    "bought together pairs, or more; of a step of a funnel those who stopped there; of products standard, compared, "
    "at_sight or unknown.",
    "channel": "Only what is of this channel, as email.",
    "seq": "The sequence of an event in the log.",
    "q": "Words to look for, as the console's search does: of names, addresses, identifiers, or what is said.",
    "why": "Why nothing is sent there: bounced, soft or complained.",
    "role": "Of this role: owner, marketer, agent, analyst or viewer.",
    "segment": "Who is in this segment; all others with `no:` before it.",
    "fact": "Of whom this fact is known; all others with `no:` before it.",
    "value": "With `fact`: of whom it is this.",
    "consent": "Who may be written to, as marketing/email; all others with `no:` before it.",
    "seen": "Who was here within so many days; all others with `no:` before it.",
    "email": "The e-mail address of somebody of the team, or of who was invited to it.",
    "version": "Which version; the newest if left out.",
    "who": "The e-mail address of a person, the name or scope of a key, 'command line' or 'the house'.",
    "action": "What was done, such as customer.seen or campaign.launched.",
    "on": "On what: a name, or a kind and a name such as customer:12.",
    "since": "The first day, in UTC.",
    "until": "The last day, in UTC.",
    "days": "Count what is older than so many days, instead of each kind's own term.",
    "kind": "The call of Segment's protocol, or the name of what was tracked.",
    "key": "The number of the key that it came with.",
    "library": "What sent it, as it says itself.",
    "taken": "Only what was taken (yes) or was not (no).",
    "limit": "How many items at most.",
    "cursor": "Where to go on: the `next` of the part before.",
}
_ABOUT = (
    "What Regulars knows, and what its console does, for programs. Send a key as `Authorization: Bearer KEY`: one "
    "with scope `read` may ask, one with scope `admin` may change things too; only that one sees people, keys and the "
    "audit log. Lists take `limit` and `cursor`, and tell their `total` and the cursor of what follows; they are "
    "read on from behind the last item, so what arrives "
    "meanwhile moves nothing. With an `Idempotency-Key` a change is made once, however often it is sent within a day: "
    "the same request gets the same answer, another one 409. Every answer tells in `RateLimit-Policy` and `RateLimit` "
    "how much a key may ask; 429 and 503 tell in `Retry-After` when to try again. Errors are problem+json (RFC 9457), "
    "say what to do, and name in `errors` the fields that are wrong. Accept-Language chooses the language of "
    "questions, answers and segments' sentences; errors are in English."
)
_REPEAT = {
    "name": IDEMPOTENCY_KEY,
    "in": "header",
    "description": "A text of your own for this change; what is sent again under it is not done again.",
    "schema": {"type": "string", "maxLength": 255},
}


@get("/api/openapi.json", sync_to_thread=False)
def openapi(state: State) -> Response[bytes]:
    """Describe the API. It needs no key: nothing of any workspace is in it."""
    house: House = state.house
    return Response(msgspec.json.encode(document(house.base_url)), media_type=_JSON)


@lru_cache(maxsize=4)
def document(base_url: str) -> dict[str, Any]:
    """Return the whole document, for an installation that is reached at this address."""
    shapes = list(dict.fromkeys([Problem, *_shapes()]))
    found, components = _components(shapes)
    schemas = dict(zip(shapes, found, strict=True))
    paths: dict[str, dict[str, Any]] = {}
    for handler in HANDLERS:
        for path in handler.paths:
            for method in handler.http_methods & _METHODS:
                shown = "/api" + _PLACE.sub(r"{\1}", path)
                paths.setdefault(shown, {})[method.lower()] = _operation(handler, path, schemas)
    return {
        "openapi": "3.1.0",
        "info": {"title": "Regulars", "version": __version__, "description": _ABOUT},
        "servers": [{"url": base_url}],
        "security": [{"key": []}],
        "paths": paths,
        "components": {"schemas": components, "securitySchemes": {"key": {"type": "http", "scheme": "bearer"}}},
    }


def _components(shapes: list[Any]) -> tuple[list[dict[str, Any]], dict[str, Any]]:
    """Return the schemas of shapes. Where two have one name, they are called as the table says, or by module too."""
    found, components = msgspec.json.schema_components(shapes, ref_template=_REFERENCE + "{name}")
    for struct in _structs(shapes):
        _tell_moments(struct, components)
    called = {name: _called(name) for name in components}
    text = msgspec.json.encode([found, components]).decode()
    for name, better in called.items():
        text = text.replace(f'"{_REFERENCE}{name}"', f'"{_REFERENCE}{better}"')
    found, components = msgspec.json.decode(text)
    return found, {called[name]: schema for name, schema in components.items()}


def _structs(shapes: list[Any]) -> list[inspect_.StructType]:
    """Return all structs that shapes are made of."""
    found: dict[type, inspect_.StructType] = {}
    waiting: list[Any] = list(inspect_.multi_type_info(shapes))
    while waiting:
        one = waiting.pop()
        if isinstance(one, inspect_.StructType):
            if one.cls not in found:
                found[one.cls] = one
                waiting += [field.type for field in one.fields]
        else:
            inner = [getattr(one, name, None) for name in ("item_type", "key_type", "value_type")]
            waiting += [kind for kind in (*inner, *getattr(one, "types", ()), *getattr(one, "item_types", ())) if kind]
    return list(found.values())


def _tell_moments(struct: inspect_.StructType, components: dict[str, Any]) -> None:
    """Say of texts that they are moments: all of ours have a zone, but msgspec says it only where that is checked."""
    whole = f"{struct.cls.__module__}.{struct.cls.__qualname__}"
    schema = components.get(whole) or components.get(struct.cls.__name__, {})
    for field in struct.fields:
        kinds = field.type.types if isinstance(field.type, inspect_.UnionType) else (field.type,)
        if any(isinstance(kind, inspect_.DateTimeType) for kind in kinds):
            told = schema.get("properties", {}).get(field.encode_name, {})
            for one in told.get("anyOf", [told]):
                if one.get("type") == "string":
                    one["format"] = "date-time"


def _called(name: str) -> str:
    module, _, shape = name.rpartition(".")
    if name in _CALLED:
        return _CALLED[name]
    return f"{module.rpartition('.')[2].title()}{shape}" if module else name


def _shapes() -> Iterator[Any]:
    for handler in HANDLERS:
        told = told_by(handler.opt)
        if not told.file:
            yield gives(handler)
        if told.takes is not None:
            yield told.takes


def gives(handler: HTTPRouteHandler) -> Any:
    """Return the shape of what a handler answers."""
    return told_by(handler.opt).gives or get_type_hints(handler.fn)["return"]


def _operation(handler: HTTPRouteHandler, path: str, schemas: dict[Any, Any]) -> dict[str, Any]:
    told = told_by(handler.opt)
    text = inspect.getdoc(handler.fn) or ""
    given = {told.file: {}} if told.file else {_JSON: {"schema": schemas[gives(handler)]}}
    operation: dict[str, Any] = {
        "operationId": handler.fn.__name__,
        "tags": [handler.fn.__module__.rpartition(".")[2]],
        "summary": text.partition("\n")[0],
        "parameters": [*_in_path(path, told), *_in_query(handler, path, told)],
        "responses": {
            str(told.status): {"description": "Done.", "content": given},
            "default": {
                "description": "It was not done; `detail` says why, and what to do.",
                "content": {PROBLEM: {"schema": schemas[Problem]}},
            },
        },
    }
    if handler.opt.get("only") == "admin":
        operation["description"] = "Only an admin key sees this."
    if told.takes is not None:
        operation["parameters"].append(_REPEAT)
    if told.takes is not None and handler.http_methods != {"DELETE"}:
        operation["requestBody"] = {
            "required": told.body is not None,
            "content": {_JSON: {"schema": schemas[told.takes], "example": told.body or {}}},
        }
    return operation


def _in_path(path: str, told: Told) -> Iterator[dict[str, Any]]:
    for name, kind in _PLACE.findall(path):
        shape = {"type": "integer"} if kind == "int" else {"type": "string"}
        yield _parameter(name, "path", shape, told.path[name]) | {"required": True}


def _in_query(handler: HTTPRouteHandler, path: str, told: Told) -> Iterator[dict[str, Any]]:
    places = {name for name, _ in _PLACE.findall(path)}
    hints = get_type_hints(handler.fn, include_extras=True)
    for name, given in inspect.signature(handler.fn).parameters.items():
        if name == "request" or name in places:
            continue
        kind, *notes = get_args(hints[name])
        shape = msgspec.json.schema(kind)
        for note in notes:
            if isinstance(note, QueryParameter):
                bounds = {"minimum": note.ge, "maximum": note.le, "maxLength": note.max_length}
                shape |= {bound: value for bound, value in bounds.items() if value is not None}
        needed = given.default is inspect.Parameter.empty
        if given.default and not needed:
            shape["default"] = given.default
        yield _parameter(name, "query", shape, told.query.get(name)) | ({"required": True} if needed else {})


def _parameter(name: str, place: str, shape: dict[str, Any], example: str | int | None) -> dict[str, Any]:
    shown = {} if example is None else {"example": int(example) if shape.get("type") == "integer" else example}
    return {"name": name, "in": place, "description": _MEANING[name], "schema": shape, **shown}

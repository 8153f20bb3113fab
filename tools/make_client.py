"""Write the areas of the Python client (`src/regulars/client/areas/`) from the API's own description.

    python tools/make_client.py

A module for each area of the API, with the shapes that only it uses; shapes that several use are in `shapes.py`. The
test in `tests/client/` fails where what stands there is not what the API says.
"""

import re
import subprocess
import sys
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from regulars.web.api.document import document

FOLDER = Path(__file__).parents[1] / "src" / "regulars" / "client" / "areas"
_SCHEMAS = "#/components/schemas/"
_LISTING = re.compile(r"Listing_(\w+)_")
_FILE = "bytes"
_VERBS = ("list", "get")
_FORMATS = {"date-time": "datetime", "date": "date", "duration": "timedelta", "uuid": "UUID"}
_PLAIN = {"string": "str", "integer": "int", "number": "float", "boolean": "bool", "null": "None"}
_WHERE = {
    "datetime": "datetime",
    "date": "datetime",
    "timedelta": "datetime",
    "UUID": "uuid",
    "Any": "typing",
    "Literal": "typing",
}


def files() -> dict[str, str]:
    """Return the text of every file, by its name."""
    whole = document("")
    schemas: dict[str, Any] = whole["components"]["schemas"]
    tags = _tags(schemas)
    areas: dict[str, list[tuple[str, str, dict[str, Any]]]] = {}
    for path, methods in whole["paths"].items():
        for method, told in methods.items():
            areas.setdefault(told["tags"][0], []).append((method.upper(), path, told))
    used = {area: _closure(_given(operations), schemas) for area, operations in areas.items()}
    shared = {name for area, names in used.items() for name in names if _elsewhere(name, area, used)}
    shared |= {inner for name in shared for inner in _closure([name], schemas)}
    texts = {"shapes.py": _shapes_module(sorted(shared), schemas, tags)}
    for area, operations in sorted(areas.items()):
        texts[f"{area}.py"] = _area_module(area, operations, sorted(used[area] - shared), schemas, tags, shared)
    texts["__init__.py"] = _whole_module(sorted(areas))
    return {name: _formatted(text) for name, text in sorted(texts.items())}


def _elsewhere(name: str, area: str, used: Mapping[str, set[str]]) -> bool:
    return any(name in names for other, names in used.items() if other != area)


def _given(operations: list[tuple[str, str, dict[str, Any]]]) -> Iterator[str]:
    for _, _, told in operations:
        name = _answer(told).removeprefix(_SCHEMAS)
        listed = _LISTING.fullmatch(name)
        yield listed[1] if listed else name


def _answer(told: dict[str, Any]) -> str:
    (answer,) = [one for status, one in told["responses"].items() if status != "default"]
    return answer["content"].get("application/json", {"schema": {"$ref": _FILE}})["schema"]["$ref"]


def _closure(names: Any, schemas: Mapping[str, Any]) -> set[str]:
    """Return shapes with all that they are made of."""
    found: set[str] = set()
    waiting = [name for name in names if name in schemas]
    while waiting:
        name = waiting.pop()
        if name not in found:
            found.add(name)
            waiting += [ref.removeprefix(_SCHEMAS) for ref in _references(schemas[name].get("properties", {}))]
    return found


def _in_order(names: list[str], schemas: Mapping[str, Any]) -> list[str]:
    """Return shapes behind those that they are made of."""
    found: list[str] = []
    for name in names:
        found += [one for one in _in_order(_made_of(name, names, schemas), schemas) if one not in found]
        found += [name] if name not in found else []
    return found


def _made_of(name: str, among: list[str], schemas: Mapping[str, Any]) -> list[str]:
    return sorted((_closure([name], schemas) - {name}).intersection(among))


def _references(schema: Any) -> Iterator[str]:
    if isinstance(schema, dict):
        if "$ref" in schema:
            yield schema["$ref"]
        for key, inner in schema.items():
            if key != "discriminator":
                yield from _references(inner)
    elif isinstance(schema, list):
        for inner in schema:
            yield from _references(inner)


def _tags(schemas: Mapping[str, Any]) -> dict[str, tuple[str, str]]:
    """Return, of shapes that are told apart by a field, which field that is and what it says."""
    found: dict[str, tuple[str, str]] = {}
    waiting: list[Any] = list(schemas.values())
    while waiting:
        one = waiting.pop()
        if isinstance(one, dict):
            if told := one.get("discriminator"):
                for value, ref in told["mapping"].items():
                    found[ref.removeprefix(_SCHEMAS)] = (told["propertyName"], value)
            waiting += list(one.values())
        elif isinstance(one, list):
            waiting += one
    return found


def _kind(schema: Mapping[str, Any]) -> str:
    """Return the Python type of a schema."""
    match schema:
        case {"$ref": name}:
            kind = str(name).removeprefix(_SCHEMAS)
        case {"anyOf": some}:
            kind = " | ".join(_kind(one) for one in some)
        case {"enum": values}:
            kind = f"Literal[{', '.join(repr(one) for one in values)}]"
        case {"type": "array", "prefixItems": parts}:
            kind = f"tuple[{', '.join(_kind(one) for one in parts)}]"
        case {"type": "array"}:
            kind = f"list[{_kind(schema.get('items') or {})}]"
        case {"type": "object"}:
            kind = f"dict[str, {_kind(schema.get('additionalProperties') or {})}]"
        case {"type": "string", "format": format_}:
            kind = _FORMATS.get(format_, "str")
        case _:
            kind = _PLAIN.get(str(schema.get("type")), "Any")
    return kind


def _shape(name: str, schema: Mapping[str, Any], tags: Mapping[str, tuple[str, str]]) -> str:
    field, value = tags.get(name, ("", ""))
    tagged = f", tag_field={field!r}, tag={value!r}" if field else ""
    about = " ".join(schema.get("description", "What is told.").split("\n\n")[0].split())
    lines = [f"class {name}(msgspec.Struct, frozen=True, kw_only=True{tagged}):", f'    """{about}"""', ""]
    for one, kind in schema.get("properties", {}).items():
        if one != field:
            default = f" = {_default(kind['default'])}" if "default" in kind else ""
            lines.append(f"    {one}: {_kind(kind)}{default}")
    return "\n".join(lines)


def _default(value: object) -> str:
    return repr(value)


def _method(area: str, method: str, path: str, told: dict[str, Any]) -> str:
    called = _method_name(area, told["operationId"])
    places = [one for one in told["parameters"] if one["in"] == "path"]
    asked = [one for one in told["parameters"] if one["in"] == "query" and one["name"] != "cursor"]
    body = told.get("requestBody", {}).get("content", {}).get("application/json", {}).get("schema", {})
    sent = _body_of(body)
    name = _answer(told).removeprefix(_SCHEMAS)
    listed = _LISTING.fullmatch(name)
    gives = f"Pages[{listed[1]}]" if listed else name
    where = re.sub(r"\{(\w+)\}", lambda found: "{place(" + found[1] + ")}", path)
    address = f'f"{where}"' if places else f'"{where}"'
    arguments = [f"{one['name']}: {_kind(one['schema'])}" for one in places]
    named = [f"{one}: {_argument(schema)}" for one, schema in sent.items()]
    named += [f"{one['name']}: {_kind(one['schema'])} | None = None".replace("None | None", "None") for one in asked]
    if method != "GET":
        named.append("once: str | None = None")
        given = "{" + ", ".join(f'"{one}": {one}' for one in sent) + "}"
        call = f'self._line.change("{method}", {address}, {name}, {given}, once)'
    elif name == _FILE:
        call = f"self._line.file({address})"
    else:
        query = "{" + ", ".join(f'"{one["name"]}": {one["name"]}' for one in asked) + "}"
        more = f", {query}" if asked else ""
        call = f"self._line.{'pages' if listed else 'ask'}({address}, {listed[1] if listed else name}{more})"
    signature = ", ".join(["self", *arguments, *(["*"] if named else []), *named])
    return f'    def {called}({signature}) -> {gives}:\n        """{told["summary"]}"""\n        return {call}'


def _body_of(body: Mapping[str, Any]) -> dict[str, Any]:
    """Return the fields of a body, those that must be there first."""
    if "$ref" not in body:
        return {}
    schema = document("")["components"]["schemas"][body["$ref"].removeprefix(_SCHEMAS)]
    fields = schema.get("properties", {})
    return dict(sorted(fields.items(), key=lambda one: "default" in one[1]))


def _argument(schema: Mapping[str, Any]) -> str:
    kind = _kind(schema).replace("list[", "Sequence[").replace("dict[", "Mapping[")
    return f"{kind} = {_default(schema['default'])}" if "default" in schema else kind


def _method_name(area: str, operation: str) -> str:
    """Return what an operation is called in its area: `list_members` of segments is `members`."""
    words = operation.split("_")
    about = "_".join(words[1:])
    if words[0] in _VERBS and about and about not in {area, area.removesuffix("s")}:
        return about
    return words[0] if about in {area, area.removesuffix("s")} else operation


def _imports(text: str, *, shared: set[str], own: set[str]) -> str:
    code = re.sub(r'""".*?"""', "", text, flags=re.DOTALL)
    used = set(re.findall(r"\b[A-Z]\w+\b|(?<=[\[ ])(?:datetime|date|timedelta)\b(?!:)", code))
    lines: list[str] = []
    for module in ("collections.abc", "datetime", "typing", "uuid"):
        places = {"collections.abc": {"Mapping", "Sequence"}}.get(
            module, {name for name, where in _WHERE.items() if where == module}
        )
        if names := sorted(used & places):
            lines.append(f"from {module} import {', '.join(names)}")
    if "msgspec." in text:
        lines += ["", "import msgspec", ""]
    if "self._line" in text:
        takes = ["Line", *(["place"] if "place(" in text else [])]
        if names := sorted((used & shared) - own):
            lines.append(f"from regulars.client.areas.shapes import {', '.join(names)}")
        lines.append(f"from regulars.client.line import {', '.join(takes)}")
        if "Pages[" in text:
            lines.append("from regulars.client.lists import Pages")
    return "\n".join(lines)


def _shapes_module(names: list[str], schemas: Mapping[str, Any], tags: Mapping[str, tuple[str, str]]) -> str:
    text = "\n\n\n".join(_shape(name, schemas[name], tags) for name in _in_order(names, schemas))
    head = '"""What the API tells in several of its areas. Made by tools/make_client.py: do not edit."""'
    return f"{head}\n\n{_imports(text, shared=set(), own=set(names))}\n\n\n{text}\n"


def _area_module(
    area: str,
    operations: list[tuple[str, str, dict[str, Any]]],
    own: list[str],
    schemas: Mapping[str, Any],
    tags: Mapping[str, tuple[str, str]],
    shared: set[str],
) -> str:
    shapes = [_shape(name, schemas[name], tags) for name in _in_order(own, schemas)]
    methods = [_method(area, *one) for one in operations]
    title = _class(area)
    lines = [f"class {title}:", f'    """What can be asked and done about {area}."""', ""]
    lines += ["    def __init__(self, line: Line) -> None:", "        self._line = line", ""]
    text = "\n\n\n".join([*shapes, "\n".join(lines) + "\n" + "\n\n".join(methods)])
    head = f'"""The API\'s {area}. Made by tools/make_client.py: do not edit."""'
    return f"{head}\n\n{_imports(text, shared=shared, own=set(own))}\n\n\n{text}\n"


def _class(area: str) -> str:
    return "".join(part.title() for part in area.split("_")) + "Api"


def _whole_module(areas: list[str]) -> str:
    lines = ['"""Every area of the API. Made by tools/make_client.py: do not edit."""', ""]
    lines += [f"from regulars.client.areas.{area} import {_class(area)}" for area in areas]
    lines += ["from regulars.client.line import Line", "", "", "class Areas:"]
    lines += ['    """All that can be asked and done, by what it is about."""', ""]
    lines += ["    def __init__(self, line: Line) -> None:"]
    lines += [f"        self.{area} = {_class(area)}(line)" for area in areas]
    return "\n".join(lines) + "\n"


def _formatted(text: str) -> str:
    """Return a text as ruff writes it."""
    ruff = Path(sys.executable).with_name("ruff")
    command = [ruff, "format", "--quiet", "--stdin-filename", str(FOLDER / "made.py"), "-"]
    return subprocess.run(command, input=text, capture_output=True, text=True, check=True).stdout  # noqa: S603 (ours)


def main() -> None:
    """Write the files, and drop those that are no more."""
    texts = files()
    FOLDER.mkdir(exist_ok=True)
    for old in FOLDER.glob("*.py"):
        if old.name not in texts:
            old.unlink()
    for name, text in texts.items():
        (FOLDER / name).write_text(text, encoding="utf-8")


if __name__ == "__main__":
    main()

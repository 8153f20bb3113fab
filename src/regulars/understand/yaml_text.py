"""A rule as people write it: YAML (https://yaml.org/spec/1.2.2/), of which JSON is a part.

Only what JSON can say is read: no anchors (a few lines could unfold to any size), no tags, no dates of its own, and
`yes`, `no` and `on` are the words they are, as in YAML 1.2.
"""

import re
from typing import Any

import msgspec
import yaml

from regulars.hear.decoding import DEEPEST, too_deep
from regulars.understand import writing
from regulars.understand.rules import Rule
from regulars.words.errors import Invalid

LONGEST = 200_000
"""Characters of YAML; as JSON a rule may be as long as any body."""
_BEGINS = (yaml.MappingStartEvent, yaml.SequenceStartEvent)
_ENDS = (yaml.MappingEndEvent, yaml.SequenceEndEvent)


class _Loader(yaml.CSafeLoader):
    """Reads YAML's core schema, with integers and floats as JSON has them."""

    yaml_implicit_resolvers: dict[str, Any] = {}  # noqa: RUF012 (as its base has it)


_Loader.add_implicit_resolver("tag:yaml.org,2002:null", re.compile(r"^(?:null|~|)$"), ["n", "~", ""])
_Loader.add_implicit_resolver("tag:yaml.org,2002:bool", re.compile(r"^(?:true|false)$"), ["t", "f"])
_NUMBER = list("-0123456789")
_Loader.add_implicit_resolver("tag:yaml.org,2002:int", re.compile(r"^-?(?:0|[1-9][0-9]*)$"), _NUMBER)
_FLOAT = re.compile(r"^-?(?:0|[1-9][0-9]*)(?:\.[0-9]+(?:[eE][-+]?[0-9]+)?|[eE][-+]?[0-9]+)$")
_Loader.add_implicit_resolver("tag:yaml.org,2002:float", _FLOAT, _NUMBER)


def _mapping(loader: _Loader, node: yaml.MappingNode) -> dict[Any, Any]:
    found: dict[Any, Any] = {}
    for key, value in node.value:
        name = loader.construct_object(key, deep=True)
        if not isinstance(name, str):
            raise yaml.MarkedYAMLError(problem=f"{name!r} is no name", problem_mark=key.start_mark)
        if name in found:
            raise yaml.MarkedYAMLError(problem=f"'{name}' stands here twice", problem_mark=key.start_mark)
        found[name] = loader.construct_object(value, deep=True)
    return found


def _number(loader: _Loader, node: yaml.ScalarNode) -> int | float:
    return msgspec.json.decode(loader.construct_scalar(node), type=int | float)


_Loader.add_constructor("tag:yaml.org,2002:map", _mapping)
_Loader.add_constructor("tag:yaml.org,2002:int", _number)
_Loader.add_constructor("tag:yaml.org,2002:float", _number)


def read(text: str) -> Any:
    """Return what a text of JSON or YAML says; raise Invalid, naming the line, where it is neither."""
    said = _json(text)
    if said is not None:
        return said
    if len(text) > LONGEST:
        raise Invalid("As YAML a rule may have {most} characters. Write it as JSON.", most=LONGEST)
    try:
        _check(text)
        return yaml.load(text, _Loader)  # noqa: S506 (a safe loader that makes less than the safe one)
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark
        problem = f"{error.problem or error.context}"
        raise Invalid("Line {line}: {problem}.", line=mark.line + 1 if mark else 1, problem=problem) from error
    except (yaml.YAMLError, msgspec.MsgspecError, ValueError) as error:
        raise Invalid("This is neither JSON nor YAML: {problem}.", problem=str(error).splitlines()[0]) from error


def _json(text: str) -> Any:
    """Return what a text says as JSON; None where it is none, or says nothing."""
    try:
        said = msgspec.json.decode(text)
    except (msgspec.DecodeError, RecursionError):
        return None
    if too_deep(said):
        raise Invalid("This is nested more than {most} deep. Write it flatter.", most=DEEPEST)
    return said


def _check(text: str) -> None:
    """Raise for what is never unfolded: anchors, tags, bottomless nesting, and more than one document."""
    depth = documents = 0
    for event in yaml.parse(text, yaml.CSafeLoader):
        depth += isinstance(event, _BEGINS) - isinstance(event, _ENDS)
        documents += isinstance(event, yaml.DocumentStartEvent)
        if depth > DEEPEST:
            raise Invalid("This is nested more than {most} deep. Write it flatter.", most=DEEPEST)
        if documents > 1:
            raise yaml.MarkedYAMLError(problem="a second document begins", problem_mark=event.start_mark)
        if isinstance(event, yaml.AliasEvent) or getattr(event, "anchor", None) or getattr(event, "tag", None):
            raise yaml.MarkedYAMLError(problem="anchors and tags are not read", problem_mark=event.start_mark)


def of_rule(rule: Rule) -> str:
    """Return a rule as YAML, in the order in which one says it."""
    return written(writing.written(rule))


def written(said: Any) -> str:
    """Return JSON as YAML that is read as the same."""
    return yaml.dump(said, Dumper=_Dumper, allow_unicode=True, sort_keys=False, width=100)


class _Dumper(yaml.CSafeDumper):
    """Writes lists below their names, never by reference."""

    def ignore_aliases(self, data: Any) -> bool:  # noqa: ARG002  # pyright: ignore[reportImplicitOverride]
        return True


def _text(dumper: _Dumper, text: str) -> yaml.ScalarNode:
    """Write a text; in quotes where any reader of YAML, also an older one, might take it for something else."""
    plain = yaml.SafeLoader("").resolve(yaml.ScalarNode, text, (True, False)) == "tag:yaml.org,2002:str"
    own = _Loader("").resolve(yaml.ScalarNode, text, (True, False)) == "tag:yaml.org,2002:str"
    return dumper.represent_scalar("tag:yaml.org,2002:str", text, style=None if plain and own else '"')


_Dumper.add_representer(str, _text)

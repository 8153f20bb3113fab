"""The client is what the API says of itself."""

import importlib.util
from pathlib import Path

import pytest

from regulars.client import Regulars
from regulars.web.api.document import document

TOOL = Path(__file__).parents[2] / "tools" / "make_client.py"


@pytest.fixture(scope="module")
def tool():
    spec = importlib.util.spec_from_file_location("make_client", TOOL)
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def test_what_stands_there_is_what_the_tool_writes(tool):
    there = {path.name: path.read_text(encoding="utf-8") for path in tool.FOLDER.glob("*.py")}
    assert there == tool.files(), "The API has changed: run 'python tools/make_client.py'"


def test_every_operation_has_a_method_of_its_own(tool):
    client = Regulars("http://x.example", "key")
    names = {
        (told["tags"][0], tool._method_name(told["tags"][0], told["operationId"]))
        for methods in document("http://x.example")["paths"].values()
        for told in methods.values()
    }
    assert len(names) == sum(len(methods) for methods in document("http://x.example")["paths"].values())
    for area, method in names:
        assert callable(getattr(getattr(client, area), method)), (area, method)

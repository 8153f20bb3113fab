"""The benchmark of pages opens every page there is, with what the page cannot do without."""

from inspect import Parameter, signature
from typing import get_args
from urllib.parse import parse_qsl

import pytest
from benchmarks.pages import ASKED, routes
from litestar.params import QueryParameter

PAGES = list(routes())


@pytest.mark.parametrize(("path", "handler"), PAGES, ids=[path for path, _ in PAGES])
def test_a_page_that_needs_a_query_is_measured_with_it(path, handler):
    needed = {
        one.name
        for one in signature(handler.fn, eval_str=True).parameters.values()
        if one.default is Parameter.empty and any(isinstance(part, QueryParameter) for part in get_args(one.annotation))
    }
    asked = next((query for end, query in ASKED.items() if path.endswith(end)), "")
    assert needed <= dict(parse_qsl(asked.removeprefix("?"))).keys()


def test_something_is_needed_by_what_the_benchmark_asks_for():
    assert all(any(path.endswith(end) for path, _ in PAGES) for end in ASKED)

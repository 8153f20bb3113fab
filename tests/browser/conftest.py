"""The demo as a newcomer starts it, and a real browser to walk it in."""

from collections.abc import Iterator

import pytest
from tests.browser.demo import Demo

from regulars.testing.serving import scratch, serving, wait_until


@pytest.fixture
def demo() -> Iterator[Demo]:
    """A demo of one's own: the story begins anew."""
    with scratch() as data, serving(data, command="demo") as served:
        said = data.with_suffix(".log")
        wait_until(lambda: "Ctrl-C ends it" in said.read_text(), "the demo prints its links")
        yield Demo(served, said.read_text())

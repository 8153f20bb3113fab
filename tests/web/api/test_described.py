"""What the API's description allows, and what it forbids, is sent to a house in processes of its own.

Whatever schemathesis (https://schemathesis.readthedocs.io) makes of the description is answered as it says there, never
with a 500, and soon. `make fuzz` does it longer, and tells how much memory the web process takes meanwhile.
"""

import os
from collections import Counter
from time import monotonic

import pytest
import schemathesis
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from schemathesis import GenerationMode, checks
from schemathesis.specs.openapi import checks as described
from tests.crash.house import processes
from tests.web.console_story import Shop

from regulars.access.keys import create_key
from regulars.access.workspaces import create_workspace
from regulars.settings import Settings
from regulars.testing.serving import scratch, serving
from regulars.web.api.document import document
from regulars.wiring import build

DEEP = os.environ.get("HYPOTHESIS_PROFILE") == "fuzz"
SOON = 10.0
"""Seconds in which everything is answered, on a busy machine."""
WARM = 120.0
"""Seconds after which what is loaded once is loaded."""
MORE = 32
"""MB that a web process may take besides then, for what it remembers: a template that it has compiled takes 45 kB."""
PROMISES = [
    checks.not_a_server_error,
    described.status_code_conformance,
    described.content_type_conformance,
    described.response_schema_conformance,
]
DOCUMENT = {name: told for name, told in document("http://fuzzed.example").items() if name != "security"}
"""The description without who may ask: else one request in six says nothing but that its key is missing."""
SCHEMA = schemathesis.openapi.from_dict(DOCUMENT)
SENT = SCHEMA.exclude(path="/api/workspace/delete")  # it would leave nothing to send anything to
CASES = st.sampled_from([*GenerationMode]).flatmap(lambda mode: SENT.as_strategy(generation_mode=mode))
EXAMPLES = {
    (method.upper(), path): {one["name"]: one["example"] for one in told["parameters"] if one["in"] == "path"}
    for path, methods in DOCUMENT["paths"].items()
    for method, told in methods.items()
}
"""What stands in the path of each operation so that it leads to something there is."""


class Fuzzed:
    """A served house with the story of a shop, and what is sent to it."""

    def __init__(self, target, house, workspace):
        self.target, self.house, self.workspace = target, house, workspace
        self.began, self.told, self.warm, self.statuses = monotonic(), 0.0, 0, Counter()
        self.renew()

    def renew(self):
        """Make a key: the one there was may have been revoked by what was sent."""
        self.key = create_key(self.house.database, self.workspace, "admin")

    def send(self, case, *, there):
        """Send something; to something that is there, or that may be."""
        if there:
            case.path_parameters = {name: str(one) for name, one in EXAMPLES[case.method, case.path].items()}
        answer = self._answer(case)
        if answer.status_code == 401:
            self.renew()
            answer = self._answer(case)
            assert answer.status_code != 401
        self.statuses[answer.status_code] += 1
        case.validate_response(answer, checks=PROMISES)

    def _answer(self, case):
        case.headers["Authorization"] = f"Bearer {self.key}"
        return case.call(self.target.url, timeout=SOON)

    def memory(self):
        """MB that each web process takes."""
        return [one.memory_info().rss // 2**20 for one in processes(self.target)["web"]]

    def tell(self, out):
        """Say once a minute how it goes; raise AssertionError where a web process takes ever more memory."""
        passed = monotonic() - self.began
        if DEEP and passed - self.told > 60:
            self.told = passed
            takes = max(self.memory())
            if passed > WARM and not self.warm:
                self.warm = takes
            with out.disabled():
                print(f"\n{passed / 60:.0f} min, {dict(self.statuses)}, web takes {takes} MB", end="", flush=True)
            assert not self.warm or takes - self.warm < MORE, f"web took {self.warm} MB, and now {takes}"


@pytest.fixture(scope="module")
def fuzzed():
    with scratch() as data, serving(data, api_rate=0) as target:
        house = build(Settings(data=target.data, database_url=target.database_url, base_url=target.url))
        try:
            create_workspace(house.database, "fuzzed", "Fuzzed")
            Shop(house, "fuzzed").tell()
            yield Fuzzed(target, house, "fuzzed")
        finally:
            house.close()


@settings(
    max_examples=settings().max_examples if DEEP else 100,
    suppress_health_check=[*HealthCheck],
)
@given(case=CASES, there=st.booleans())
def test_what_is_sent_by_the_description_is_answered_by_it(fuzzed, capsys, case, there):
    fuzzed.send(case, there=there)
    fuzzed.tell(capsys)

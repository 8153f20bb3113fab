"""Every finding has its paragraph in docs/health.md, and every paragraph its finding."""

import re

from tests.house.plan import ROOT

from regulars.measure.findings import NAMES


def test_every_finding_has_its_paragraph_and_every_paragraph_its_finding():
    text = (ROOT / "docs" / "health.md").read_text(encoding="utf-8")
    sections = re.split(r"^#+ ", text, flags=re.MULTILINE)
    named = {found[1]: body for body in sections if (found := re.match(r"`([\w.]+)`: .+\n", body))}
    assert set(named) == set(NAMES)
    for name, body in named.items():
        assert len(body.splitlines()[1:]) >= 2, f"docs/health.md: {name} wants more than a line"

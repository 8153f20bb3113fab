"""A running demo and the links it printed."""

import re
from dataclasses import dataclass
from pathlib import Path

from regulars.testing.serving import Served

SCREENSHOTS = Path(__file__).parents[2] / "screenshots"


@dataclass(frozen=True)
class Demo:
    """What `regulars demo` serves and said."""

    served: Served
    said: str

    def link(self, before: str) -> str:
        found = re.search(re.escape(before) + r"[^\n]*?\s+(http\S+)", self.said)
        assert found, f"the demo printed no link after {before!r}:\n{self.said}"
        return found[1]

    @property
    def home(self) -> str:
        return self.link("The console:")

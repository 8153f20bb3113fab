"""The site's contents name every decision by themselves: whoever adds one has only that page to write."""

from pathlib import Path
from typing import Any


def on_config(config: Any) -> Any:
    """Add the pages of docs/adr to the contents, in their order."""
    folder = Path(config.docs_dir)
    pages = [path.relative_to(folder).as_posix() for path in sorted(folder.glob("adr/*.md"))]
    config.nav.append({"Decisions": pages})
    return config

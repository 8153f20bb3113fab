"""Refuses to build a wheel that lacks what its pages are given by others: the wheel's user has no Node."""

from pathlib import Path
from typing import Any

from hatchling.builders.hooks.plugin.interface import BuildHookInterface


class PackedOrNothing(BuildHookInterface[Any]):
    """Looks whether `tools/front.sh` has been here."""

    def initialize(self, version: str, build_data: dict[str, Any]) -> None:  # noqa: ARG002 (the hook's own shape)
        """Stop a build, other than one for developing, where the folder is not there."""
        packed = Path(self.root) / "src" / "regulars" / "web" / "static" / "packed" / "NOTICE"
        if version != "editable" and not packed.is_file():
            raise RuntimeError("The pages are not complete: run 'sh tools/front.sh' first (it needs Node or pip).")

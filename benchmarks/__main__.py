"""`make bench NAME=...` runs one benchmark; without a name, all, and the table in the README is written anew."""

import re
import sys
from importlib import import_module
from pathlib import Path

import msgspec

from benchmarks.report import Result

NAMES = (
    "ingest-batch",
    "ingest-single",
    "react",
    "segment-live",
    "pages",
    "timeline",
    "console-100",
    "merge",
    "small",
    "import",
    "baskets",
    "segment-bulk",
    "claim",
    "render",
    "links",
)
LONG = ("size",)
"""Run by name only: they take an hour."""
MODULES = {"import": "importing"}
"""What cannot be called as its benchmark is: Python keeps the word for itself."""
README = Path(__file__).parent.parent / "README.md"
_TABLE = re.compile(r"(<!-- bench -->\n).*?(<!-- /bench -->)", re.DOTALL)


def run(name: str) -> list[Result]:
    """Run one benchmark; one that measures several things says the worst last."""
    print(f"-- {name}", flush=True)
    found = import_module(f"benchmarks.{MODULES.get(name, name.replace('-', '_'))}").run()
    results = found if isinstance(found, list) else [found]
    for result in results:
        print(msgspec.json.encode(result).decode(), flush=True)
    return results


def main(names: list[str]) -> int:
    """Run the named benchmarks, or all."""
    unknown = [name for name in names if name not in (*NAMES, *LONG)]
    if unknown:
        print(f"There is no benchmark {unknown[0]!r}. There are: {', '.join((*NAMES, *LONG))}.")
        return 2
    results = [result for name in names or NAMES for result in run(name)]
    if not names:
        write_table(results)
    return 0 if all(result.ok for result in results) else 1


def write_table(results: list[Result]) -> None:
    """Put the figures into the README."""
    lines = ["| benchmark | measured | limit in the same run | ratio | goal |", "| --- | --- | --- | --- | --- |"]
    lines += [f"| {r.name} | {r.value:,} {r.unit} | {r.limit:,} | {r.ratio} | {r.goal} |" for r in results]
    table = "\n".join(lines)
    README.write_text(_TABLE.sub(lambda found: f"{found[1]}{table}\n{found[2]}", README.read_text()))


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))

"""Copies the named files of the front-end packages into `static/packed/`, with a NOTICE of whose they are.

python tools/pack.py <node_modules> <what it is packed for>
"""

import re
import shutil
import sys
from pathlib import Path

PACKED = Path(__file__).parents[1] / "src" / "regulars" / "web" / "static" / "packed"

FILES = {
    "htmx.js": "htmx.org/dist/htmx.min.js",
    "htmx-sse.js": "htmx.org/dist/ext/hx-sse.min.js",
    "serif-latin.woff2": "@fontsource-variable/source-serif-4/files/source-serif-4-latin-wght-normal.woff2",
    "serif-latin-ext.woff2": "@fontsource-variable/source-serif-4/files/source-serif-4-latin-ext-wght-normal.woff2",
}
"""What each file is called here, and where its package has it."""

ICONS = """
archive arrow-down arrow-left arrow-up bell book-open briefcase building calendar chart-column check chevron-down
chevron-left chevron-right circle circle-alert circle-check circle-dot circle-question-mark clipboard-list clock copy
download ellipsis external-link eye eye-off file-text filter flag gift globe hash heart-pulse house image inbox info
key-round keyboard languages layers layout-dashboard link list lock lock-open log-in log-out mail megaphone menu
message-circle minus monitor palette pause pencil play plus quote radio refresh-cw rotate-ccw save search send
settings shield shield-check smartphone sparkles split square-check star store tag toggle-left trash-2 triangle-alert
undo-2 upload user user-plus users webhook x zap
""".split()  # noqa: SIM905 (a list of words is read as words)
"""The icons of lucide that pages may show, by their names there."""

LICENCES = ("htmx.org", "@fontsource-variable/source-serif-4", "lucide-static")


def sprite(icons: Path) -> str:
    """Return the icons as one file of symbols, which a page shows by name in its own colour."""
    symbols = [_symbol(name, (icons / f"{name}.svg").read_text(encoding="utf-8")) for name in ICONS]
    return '<svg xmlns="http://www.w3.org/2000/svg">\n' + "\n".join(symbols) + "\n</svg>\n"


def _symbol(name: str, drawn: str) -> str:
    shapes = re.sub(r".*<svg[^>]*>|</svg>|\s+", " ", drawn, flags=re.DOTALL).strip()
    pen = 'fill="none" stroke="currentColor" stroke-width="1.75" stroke-linecap="round" stroke-linejoin="round"'
    return f'<symbol id="{name}" viewBox="0 0 24 24" {pen}>{shapes}</symbol>'


def main(modules: Path, packed_for: str) -> None:
    """Make the folder anew."""
    shutil.rmtree(PACKED, ignore_errors=True)
    PACKED.mkdir(parents=True)
    for name, source in FILES.items():
        text = (modules / source).read_bytes()
        (PACKED / name).write_bytes(re.sub(rb"\n?//# sourceMappingURL=\S+\s*$", b"\n", text))
    (PACKED / "icons.svg").write_text(sprite(modules / "lucide-static" / "icons"), encoding="utf-8")
    notice = [f"Packed for {packed_for}", "These files are made by others; their licences follow."]
    for package in LICENCES:
        notice += ["", "=" * 100, package, "", (modules / package / "LICENSE").read_text(encoding="utf-8").strip()]
    (PACKED / "NOTICE").write_text("\n".join(notice) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main(Path(sys.argv[1]), sys.argv[2])

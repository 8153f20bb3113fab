"""A device in words, of what its browser says of itself: enough to recognise one's own."""

import re
from typing import NamedTuple


class Device(NamedTuple):
    """A browser and the system it runs on; empty where it does not say."""

    browser: str
    system: str


_BROWSERS = (
    (r"\bEdg(?:e|A|iOS)?/", "Edge"),
    (r"\b(?:OPR|OPiOS|Opera)/", "Opera"),
    (r"\bSamsungBrowser/", "Samsung Internet"),
    (r"\bVivaldi/", "Vivaldi"),
    (r"\bYaBrowser/", "Yandex"),
    (r"\b(?:Firefox|FxiOS)/", "Firefox"),
    (r"\b(?:Chrome|CriOS|Chromium|HeadlessChrome)/", "Chrome"),
    (r"\bVersion/[\d.]+ .*\bSafari/", "Safari"),
)
"""The order counts: most of them claim to be those below them too."""
_SYSTEMS = (
    (r"\biPhone\b", "iPhone"),
    (r"\biPad\b", "iPad"),
    (r"\bAndroid\b", "Android"),
    (r"\bWindows\b", "Windows"),
    (r"\bCrOS\b", "ChromeOS"),
    (r"\bMac OS X\b|\bMacintosh\b", "Mac"),
    (r"\bLinux\b|\bX11\b", "Linux"),
)


def device(agent: str) -> Device:
    """Return what a browser's name for itself means to people."""
    return Device(_first(_BROWSERS, agent), _first(_SYSTEMS, agent))


def _first(known: tuple[tuple[str, str], ...], agent: str) -> str:
    return next((name for sign, name in known if re.search(sign, agent)), "")

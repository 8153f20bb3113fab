"""Signs by which a request for a link or a picture of a message is told to be no person's.

docs/tracking.md says of each where it is known from. None of it is certain: what shows no sign counts as a person.
"""

import re
from collections.abc import Mapping

_PREFETCHING = {"purpose": "prefetch", "sec-purpose": "prefetch", "x-moz": "prefetch", "x-purpose": "preview"}
_GMAIL_AHEAD = "Edge/12.246 Mozilla/5.0"
"""How the agent ends by which Gmail loads pictures before its reader sees the message."""
_PREVIEW = re.compile(
    r"facebookexternalhit|facebot|twitterbot|linkedinbot|slackbot|slack-imgproxy|discordbot|telegrambot|whatsapp/"
    r"|skypeuripreview|bingpreview|google-pagerenderer|embedly|redditbot|applebot|pinterestbot|mastodon",
    re.IGNORECASE,
)
_SCANNER = re.compile(
    r"barracuda|proofpoint|mimecast|ironport|ciscosecureemail|fireeye|trend ?micro|\btmes\b|fortimail|sophos|symantec"
    r"|messagelabs|forcepoint|safelinks|bitdefender|kaspersky|vade ?secure|cloudmark|trustwave|urlscan|virustotal",
    re.IGNORECASE,
)
_PROGRAM = re.compile(
    r"bot\b|crawl|spider|scan|monitor|headless|phantomjs|curl/|wget/|python|aiohttp|httpx/|go-http-client|java/"
    r"|okhttp|apache-httpclient|libwww|perl|ruby|guzzle|node-fetch|axios/|\bahc/",
    re.IGNORECASE,
)


def sign_of(method: str, headers: Mapping[str, str]) -> str:
    """Return by which sign a request is a machine's; nothing where it may be a person's. Names are in lower case."""
    if method == "HEAD":
        return "head"
    if any(word in headers.get(name, "").lower() for name, word in _PREFETCHING.items()):
        return "prefetch"
    agent = headers.get("user-agent", "").strip()
    signs = {
        "apple": agent == "Mozilla/5.0",
        "gmail": agent.endswith(_GMAIL_AHEAD),
        "preview": _PREVIEW.search(agent),
        "scanner": _SCANNER.search(agent),
        "program": not agent or _PROGRAM.search(agent),
    }
    return next((sign for sign, shown in signs.items() if shown), "")

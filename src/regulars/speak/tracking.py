"""The links of a message, as they are counted: an address of ours that leads to nowhere but where the message did.

An address names the message, the place of its link, and a signature over both and the target. The target itself is read
from the message, as its template's version and values say it; so no address can be made to lead elsewhere. Counted is
only what the template itself leads to: where a customer's own words name a site, the link stays as it is.
"""

import re
from collections.abc import Callable
from hmac import compare_digest
from html import escape, unescape
from urllib.parse import parse_qsl, urlencode, urlsplit

import msgspec

from regulars.access.links import Links
from regulars.decide.policy import Verdict
from regulars.decide.tracking import counted
from regulars.speak.asking import Addresses
from regulars.speak.context import Rendered
from regulars.speak.rows import Plan, Utm
from regulars.speak.templates import Template
from regulars.store.database import Tx
from regulars.words.errors import Invalid, LinkDead, concerning

_ANCHOR = re.compile(
    r"""(?P<start><(?:a|area)(?:\s+(?!href\b)[^\s<>"'=]+(?:\s*=\s*(?:"[^"]*"|'[^']*'|[^\s"'<>]+))?)*\s+href\s*=\s*)"""
    r"""(?:"(?P<double>[^"]*)"|'(?P<single>[^']*)'|(?P<bare>[^\s"'<>]+))""",
    re.IGNORECASE,
)
_BARE = re.compile(r"""https?://[^\s<>"']*[^\s<>"'.,;:!?)\]}]""")
_SITE = re.compile(r"https?://[^/?#\s\\\"'<>]+(?=[/?#]|\Z)", re.IGNORECASE)
_ENDS = r"(?=[/?#\s\"'<)]|$)"
"""What may stand after the name of a site in a template: nothing by which it would be another."""
_UNFIT = re.compile(r"[\x00-\x20\x7f\\]")
_TOKEN = re.compile(
    r"(?P<workspace>[a-z][a-z0-9_]*)\.(?P<message>\d{1,18})(?:\.(?P<position>\d{1,6}))?\.(?P<sign>[\w-]{20})",
    re.ASCII,
)
_LONGEST_UTM = 100
_CLICK = "click"
_PICTURE = "picture"


class Address(msgspec.Struct, frozen=True):
    """What an address of ours in a message says: which message it stands in, and where; 0 is the picture."""

    workspace: str
    message_id: int
    position: int
    sign: str


class Tracker(msgspec.Struct, frozen=True):
    """Writes the links of one workspace's messages, so that it can be counted who follows them."""

    addresses: Addresses

    def led(self, rendered: Rendered, template: Template, utm: Utm, counted: int | None) -> Rendered:
        """Return a message whose links tell the shop's own statistics where a visit comes from.

        `counted`: the number of the message, where it is counted who opens it and follows its links.
        """
        source = f"{template.html}\n{template.text}"

        def put(position: int, url: str) -> str | None:
            if url.startswith(f"{self.addresses.base_url}/") or not held(url, source):
                return None
            return tagged(url, utm) if counted is None else self._click(counted, position, url)

        html, text = _walked(rendered.html, rendered.text, put)
        if counted is not None and html:
            html = _with_picture(html, self._picture(counted))
        return msgspec.structs.replace(rendered, html=html, text=text)

    def _click(self, message_id: int, position: int, url: str) -> str:
        at = self.addresses
        sign = at.links.brief(_CLICK, at.workspace, message_id, position, url)
        return f"{at.base_url}/l/{at.workspace}.{message_id}.{position}.{sign}"

    def _picture(self, message_id: int) -> str:
        at = self.addresses
        sign = at.links.brief(_PICTURE, at.workspace, message_id)
        return f"{at.base_url}/o/{at.workspace}.{message_id}.{sign}"


def read(token: str) -> Address:
    """Read an address; raise LinkDead for what is none. Whether it is ours is said by `target` and `check_picture`."""
    found = _TOKEN.fullmatch(token)
    if found is None:
        raise not_whole()
    return Address(found["workspace"], int(found["message"]), int(found["position"] or 0), found["sign"])


def target(links: Links, address: Address, rendered: Rendered) -> str:
    """Return where an address leads, of all that its message leads to; raise LinkDead where that is nowhere."""
    for url in _urls(rendered):
        sign = links.brief(_CLICK, address.workspace, address.message_id, address.position, url)
        if compare_digest(sign, address.sign):
            return url
    raise not_whole()


def check_picture(links: Links, address: Address) -> None:
    """Raise LinkDead where the address of a picture was not made by us."""
    if not compare_digest(links.brief(_PICTURE, address.workspace, address.message_id), address.sign):
        raise not_whole()


def held(url: str, source: str) -> bool:
    """Whether a template itself leads to the site of a link: nothing that a customer said is part of its name."""
    site = _SITE.match(url)
    if site is None or _UNFIT.search(url):
        return False
    return re.search(re.escape(site[0]) + _ENDS, source) is not None


def tagged(url: str, utm: Utm) -> str:
    """Return a link with what tells the shop's own statistics where a visit comes from; what is there stays."""
    said, mark, place = url.partition("#")
    there = {name for name, _ in parse_qsl(urlsplit(said).query, keep_blank_values=True)}
    given = {f"utm_{name}": value for name, value in msgspec.structs.asdict(utm).items() if value}
    more = urlencode({name: value for name, value in given.items() if name not in there})
    if not more:
        return url
    joint = "" if said.endswith(("?", "&")) else "&" if "?" in said else "?"
    return f"{said}{joint}{more}{mark}{place}"


def check_utm(utm: Utm) -> None:
    """Raise Invalid for what cannot be added to links."""
    for name, value in msgspec.structs.asdict(utm).items():
        with concerning(f"utm_{name}"):
            if len(value) > _LONGEST_UTM or not value.isprintable():
                raise Invalid("What is added to links is one line of at most {most} characters.", most=_LONGEST_UTM)


def _urls(rendered: Rendered) -> list[str]:
    found: list[str] = []

    def see(_: int, url: str) -> None:
        found.append(url)

    _walked(rendered.html, rendered.text, see)
    return list(dict.fromkeys(found))


def _walked(html: str, text: str, put: Callable[[int, str], str | None]) -> tuple[str, str]:
    """Return both bodies with what is put in place of each link to a page, counted from 1; None leaves it."""
    position = 0

    def put_next(url: str) -> str | None:
        nonlocal position
        position += 1
        return put(position, url)

    def in_html(found: re.Match[str]) -> str:
        said = next(one for one in (found["double"], found["single"], found["bare"]) if one is not None)
        url = unescape(said).strip()
        new = put_next(url) if _SITE.match(url) else None
        return found[0] if new is None else f'{found["start"]}"{escape(new)}"'

    def in_text(found: re.Match[str]) -> str:
        return put_next(found[0]) or found[0]

    return _ANCHOR.sub(in_html, html), _BARE.sub(in_text, text)


_LOOKS = 'width="1" height="1" alt="" style="display:block;border:0">'
_PICTURE_IN_IT = re.compile(rf'<img src="[^"]*/o/[^"]*" {_LOOKS}')


def _with_picture(html: str, address: str) -> str:
    picture = f'<img src="{escape(address)}" {_LOOKS}'
    before, end, after = html.rpartition("</body>")
    return f"{before}{picture}{end}{after}" if end else html + picture


def without_picture(html: str) -> str:
    """Return a message without the picture by which it is counted: whoever of the team looks at it is no customer."""
    return _PICTURE_IN_IT.sub("", html)


def not_whole() -> LinkDead:
    """Return what is said of an address that we have not made, whatever is wrong with it."""
    return LinkDead("This link is not whole. Open it again from the message it came in.")


def tracked(tx: Tx, way: str, plans: dict[str, Plan], verdicts: dict[tuple[str, int], Verdict]) -> set[tuple[str, int]]:
    """Return of whom, by channel, it is counted whether they open their message and follow its links."""
    asked = {(plans[campaign].channel, customer) for (campaign, customer), one in verdicts.items() if one.allowed}
    willing = counted(tx, {customer for _, customer in asked}, way)
    return {(channel, customer) for channel, customer in asked if customer in willing}

"""What stands around the blocks of a mail: the page that mail programs ask for, the brand above, the way out below."""

import re
from collections.abc import Iterable
from html import escape

from regulars.speak.blocks import Blocks
from regulars.speak.markup import plain_html, plain_text
from regulars.speak.syntax import mentions
from regulars.words.errors import Invalid, RegularsError, concerning

FONT = "font-family:Helvetica,Arial,sans-serif"
SERIF = "font-family:Georgia,'Times New Roman',serif"
_RIGHT_TO_LEFT = frozenset({"ar", "arc", "ckb", "dv", "fa", "he", "ks", "ku", "ps", "sd", "ug", "ur", "yi"})
_LANGUAGE = re.compile(r"[A-Za-z]{2,3}(-[A-Za-z0-9]{2,8}){0,3}")


def row(inside: str, space: str = "8px 32px") -> str:
    """Return a line of the mail: a row of its table."""
    style = f"padding:{space};{FONT};font-size:17px;line-height:1.6;color:#2b2622"
    return f'<tr><td class="ink pad" style="{style}">{inside}</td></tr>\n'


_DARK = """\
:root { color-scheme: light dark; }
@media (prefers-color-scheme: dark) {
.paper { background: #171411 !important; }
.sheet { background: #231f1b !important; }
.ink { color: #f1ece4 !important; }
.soft { color: #bdb3a6 !important; }
.line { border-color: #4b443c !important; }
}
@media (max-width: 480px) { .pad { padding-left: 20px !important; padding-right: 20px !important; } }
"""


def _direction(language: str) -> str:
    return "rtl" if language.partition("-")[0].lower() in _RIGHT_TO_LEFT else "ltr"


def framed(blocks: Blocks, rows: Iterable[str], *, whole: bool) -> str:
    """Return the rows as a page of their own: what the mail programs ask for around, the brand above, the end below."""
    language = blocks.language.strip()
    if not _LANGUAGE.fullmatch(language):
        if whole:
            with concerning("language"):
                raise Invalid("'{language}' is no language. Write its code, as in en or lv.", language=language[:40])
        language = "en"
    side = _direction(language)
    hidden = (
        "display:none;font-size:1px;line-height:1px;max-height:0;max-width:0;opacity:0;overflow:hidden;mso-hide:all"
    )
    preheader = f'<div style="{hidden}">{_preheader(blocks, whole=whole)}</div>\n' if blocks.preheader.strip() else ""
    return (
        f'<!doctype html>\n<html lang="{escape(language)}" dir="{side}">\n<head>\n<meta charset="utf-8">\n'
        '<meta name="viewport" content="width=device-width, initial-scale=1">\n'
        '<meta name="color-scheme" content="light dark">\n<meta name="supported-color-schemes" content="light dark">\n'
        f"<title>{{{{ brand.title }}}}</title>\n<style>\n{_DARK}</style>\n</head>\n"
        f'<body class="paper" style="margin:0;padding:0;background:#f5f1eb">\n{preheader}'
        '<table role="presentation" class="paper" width="100%" cellpadding="0" cellspacing="0" border="0" '
        'style="background:#f5f1eb"><tr><td align="center" style="padding:24px 8px">\n'
        '<!--[if mso]><table role="presentation" width="600"><tr><td><![endif]-->\n'
        f'<table role="presentation" class="sheet" dir="{side}" width="100%" cellpadding="0" cellspacing="0" '
        'border="0" style="max-width:600px;background:#ffffff;border-radius:14px;text-align:start">\n'
        f"{_brand()}{''.join(rows)}{_end(blocks)}</table>\n<!--[if mso]></td></tr></table><![endif]-->\n"
        "</td></tr></table>\n</body>\n</html>\n"
    )


def _preheader(blocks: Blocks, *, whole: bool) -> str:
    try:
        with concerning("preheader"):
            said = plain_html(" ".join(blocks.preheader.split()))
            if any(not mention.covered for mention in mentions(said, "HTML")):
                raise Invalid("Say what those read who have not told: {names} has no fallback.", names=blocks.preheader)
            return said
    except RegularsError:
        if whole:
            raise
        return ""


def _brand() -> str:
    logo = (
        '<img src="{{ brand.logo }}" alt="{{ brand.title }}" height="44" border="0" style="display:block;height:44px">'
    )
    name = f'<span class="ink" style="{SERIF};font-size:21px;font-style:italic;color:{{{{ brand.colour }}}}">'
    return row(
        f"{{% if brand.logo %}}{logo}{{% else %}}{name}{{{{ brand.title }}}}</span>{{% endif %}}", "28px 32px 8px"
    )


def _end(blocks: Blocks) -> str:
    """Return what stands below every mail: why it was sent, and the way out."""
    style = f"{FONT};font-size:14px;line-height:1.6;color:#6b6259"
    links = " · ".join(
        f'<a class="soft" href="{{{{ {url} }}}}" style="color:#6b6259">{plain_html(words.strip() or usual)}</a>'
        for url, words, usual in (
            ("why_url", blocks.why, Blocks().why),
            ("unsubscribe_url", blocks.leave, Blocks().leave),
        )
    )
    return f'<tr><td class="soft pad" style="padding:16px 32px 28px;{style}">{links}</td></tr>\n'


def end_as_text(blocks: Blocks) -> str:
    """Return the same below the text of every mail."""
    why, leave = blocks.why.strip() or Blocks().why, blocks.leave.strip() or Blocks().leave
    return f"{plain_text(why)}: {{{{ why_url }}}}\n{plain_text(leave)}: {{{{ unsubscribe_url }}}}\n"

"""The template that blocks are: HTML that mail programs of every age show, and the same as text.

Tables and styles in the elements, because some programs know nothing else; a style sheet only for the dark. What is
written here goes through the same checks and the same renderer as a template that somebody wrote by hand.
"""

import re
from collections.abc import Callable, Iterable
from html import escape

import msgspec

from regulars.speak.blocks import (
    LONGEST_TEXT,
    MOST_BLOCKS,
    Ask,
    Block,
    Blocks,
    Button,
    Divider,
    Heading,
    Image,
    Only,
    Paragraph,
    Signature,
    TheirWords,
)
from regulars.speak.markup import (
    as_html,
    as_text,
    linked,
    linked_as_text,
    plain_html,
    plain_text,
    quoted,
    safe_address,
    told,
)
from regulars.speak.syntax import mentions
from regulars.words.errors import Invalid, RegularsError, concerning

_FONT = "font-family:Helvetica,Arial,sans-serif"
_SERIF = "font-family:Georgia,'Times New Roman',serif"
_RIGHT_TO_LEFT = frozenset({"ar", "arc", "ckb", "dv", "fa", "he", "ks", "ku", "ps", "sd", "ug", "ur", "yi"})
_LANGUAGE = re.compile(r"[A-Za-z]{2,3}(-[A-Za-z0-9]{2,8}){0,3}")


class Source(msgspec.Struct, frozen=True):
    """What blocks come to: the two bodies of a template, and the form whose question it asks."""

    html: str
    text: str
    ask: str | None


def source_of(blocks: Blocks, *, whole: bool = True) -> Source:
    """Return blocks as a template. Raise Invalid, concerning `block:NUMBER`, for one that cannot be sent.

    Where they need not be `whole`, those that are not finished are left out: somebody is composing them.
    """
    if len(blocks.body) > MOST_BLOCKS:
        with concerning("blocks"):
            raise Invalid("A mail has at most {most} blocks.", most=MOST_BLOCKS)
    if whole and not blocks.body:
        with concerning("blocks"):
            raise Invalid("There is nothing in this mail yet. Add a block.")
    ask, written = blocks.ask, list[tuple[str, str]]()
    for number, block in enumerate(blocks.body):
        try:
            with concerning(f"block:{number}"):
                written.append(_written(block, ask))
        except RegularsError:
            if whole:
                raise
    return Source(_framed(blocks, [html for html, _ in written], whole=whole), _as_text(blocks, written), ask)


def problem_of(block: Block, ask: str | None) -> RegularsError | None:
    """Return what is wrong with a block; None where it can be sent. `ask`: the form that the mail asks from."""
    try:
        _written(block, ask)
    except RegularsError as error:
        return error
    return None


def _written(block: Block, ask: str | None) -> tuple[str, str]:
    """Return a block as HTML and as text, for whom it is and with what the others read."""
    for name in block.__struct_fields__:
        if isinstance(value := getattr(block, name), str) and len(value) > LONGEST_TEXT:
            raise Invalid("A block has at most {most} characters in each of its fields.", most=LONGEST_TEXT)
    html, text = _KINDS[type(block)](block)
    if isinstance(block, Ask) and block.form != ask:
        raise Invalid("A mail asks the question of one form. Take the other question out.")
    tests = _tests(block)
    if tests:
        start, middle, end = f"{{% if {' and '.join(tests)} %}}", "{% else %}", "{% endif %}"
        others = _PARAGRAPH[0](block.otherwise), _PARAGRAPH[1](block.otherwise)
        html, text = (
            f"{start}{said}{middle + other if block.otherwise.strip() else ''}{end}"
            for said, other in zip((html, text), others, strict=True)
        )
    for mention in mentions(html, "HTML"):
        if not mention.covered:
            raise Invalid(
                "Say what those read who have not told: {names} has no fallback.",
                names=mention.variable,
            )
    return html, text


def _tests(block: Block) -> list[str]:
    """Return what must hold for whoever reads a block, as a template asks it."""
    only = block.only or Only()
    tests = [told(fact) for fact in (only.fact, block.fact if isinstance(block, TheirWords) else "") if fact]
    if only.segment:
        tests.append(f'segments["{quoted(only.segment)}"]')
    if isinstance(block, Ask):
        tests.append("ask")
    return list(dict.fromkeys(tests))


def _row(inside: str, space: str = "8px 32px") -> str:
    style = f"padding:{space};{_FONT};font-size:17px;line-height:1.6;color:#2b2622"
    return f'<tr><td class="ink pad" style="{style}">{inside}</td></tr>\n'


def _paragraphs(text: str) -> list[str]:
    return [one.strip("\n") for one in re.split(r"\n[ \t]*\n", text.replace("\r\n", "\n").strip()) if one.strip()]


def _paragraph_html(text: str) -> str:
    return _row("".join(f'<p style="margin:0 0 12px">{as_html(one)}</p>' for one in _paragraphs(text)))


def _paragraph_text(text: str) -> str:
    return "\n\n".join(as_text(one) for one in _paragraphs(text)) + "\n\n"


_PARAGRAPH = (_paragraph_html, _paragraph_text)


def _needed(text: str) -> str:
    if not text.strip():
        raise Invalid("It says nothing yet.")
    return text.strip()


def _heading(block: Heading) -> tuple[str, str]:
    said = _needed(block.text)
    inside = f'<h1 class="ink" style="margin:0;{_FONT};font-size:26px;line-height:1.25;font-weight:700;color:#2b2622">'
    return _row(f"{inside}{plain_html(said)}</h1>", "16px 32px 8px"), f"{plain_text(said)}\n\n"


def _paragraph(block: Paragraph) -> tuple[str, str]:
    return _paragraph_html(_needed(block.text)), _paragraph_text(block.text)


def _tap(href: str, words: str) -> str:
    """Return a button: a table, because Outlook pads nothing else."""
    return (
        '<table role="presentation" width="100%" cellpadding="0" cellspacing="0" border="0" style="margin:0 0 10px">'
        '<tr><td align="center" bgcolor="{{ brand.colour }}" style="border-radius:10px;background:{{ brand.colour }}">'
        f'<a href="{href}" style="display:block;padding:13px 20px;{_FONT};font-size:17px;line-height:1.3;'
        f'font-weight:700;color:{{{{ brand.on_colour }}}};text-decoration:none">{words}</a></td></tr></table>'
    )


def _button(block: Button) -> tuple[str, str]:
    said = _needed(block.text)
    return _row(_tap(linked(block.to), plain_html(said))), f"{plain_text(said)}: {linked_as_text(block.to)}\n\n"


def _image(block: Image) -> tuple[str, str]:
    url = safe_address(block.url)
    if not url.startswith(("https://", "http://")):
        raise Invalid("'{address}' is no address of a page. Begin it with https://.", address=url[:80])
    picture = (
        f'<img src="{linked(url)}" alt="{plain_html(" ".join(block.alt.split()))}" width="536" border="0" '
        f'style="display:block;width:100%;max-width:536px;height:auto;border-radius:10px;{_FONT};font-size:15px">'
    )
    alt = plain_text(" ".join(block.alt.split()))
    if not block.to:
        return _row(picture), f"[{alt}]\n\n" if alt else ""
    text = f"{alt}: " if alt else ""
    return _row(f'<a href="{linked(block.to)}">{picture}</a>'), f"{text}{linked_as_text(block.to)}\n\n"


def _ask(block: Ask) -> tuple[str, str]:
    if not block.form:
        raise Invalid("Choose the form whose question it asks.")
    choices = f"{{% for choice in ask.choices %}}{_tap('{{ choice.url }}', '{{ choice.text }}')}"
    title = '<p style="margin:0 0 12px;font-weight:700">{{ ask.title }}</p>'
    other = f"{{% else %}}{_tap('{{ ask.url }}', plain_html(block.text.strip() or Ask().text))}{{% endfor %}}"
    return _row(f"{title}{choices}{other}"), "{{ ask.title }}\n{{ ask.url }}\n\n"


def _quote(block: TheirWords) -> tuple[str, str]:
    if not block.fact:
        raise Invalid("Choose what it quotes.")
    words = f"{{{{ {told(block.fact)} }}}}"
    lead = f'<p style="margin:0 0 8px">{as_html(block.lead.strip())}</p>' if block.lead.strip() else ""
    bar = "background:{{ brand.colour }};width:4px;font-size:1px"
    style = f"padding:4px 16px;{_SERIF};font-style:italic;font-size:22px;line-height:1.4;color:#2b2622"
    said = (
        '<table role="presentation" cellpadding="0" cellspacing="0" border="0" style="margin:0 0 8px"><tr>'
        f'<td width="4" bgcolor="{{{{ brand.colour }}}}" style="{bar}">&nbsp;</td><td class="ink" style="{style}">'
        f"“{words}”</td></tr></table>"
    )
    above = f"{as_text(block.lead.strip())}\n" if block.lead.strip() else ""
    return _row(lead + said), f"{above}“{words}”\n\n"


def _divider(_: Divider) -> tuple[str, str]:
    line = '<div class="line" style="border-top:1px solid #ded6cc;font-size:1px;line-height:1px">&nbsp;</div>'
    return _row(line, "16px 32px"), "- - -\n\n"


def _signature(block: Signature) -> tuple[str, str]:
    said = _needed(block.text)
    return _row(f'<p style="margin:0 0 12px">{as_html(said)}</p>', "16px 32px 8px"), f"{as_text(said)}\n\n"


_KINDS: dict[type, Callable[..., tuple[str, str]]] = {
    Heading: _heading,
    Paragraph: _paragraph,
    Button: _button,
    Image: _image,
    Ask: _ask,
    TheirWords: _quote,
    Divider: _divider,
    Signature: _signature,
}

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


def _framed(blocks: Blocks, rows: Iterable[str], *, whole: bool) -> str:
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
    name = f'<span class="ink" style="{_SERIF};font-size:21px;font-style:italic;color:{{{{ brand.colour }}}}">'
    return _row(
        f"{{% if brand.logo %}}{logo}{{% else %}}{name}{{{{ brand.title }}}}</span>{{% endif %}}", "28px 32px 8px"
    )


def _end(blocks: Blocks) -> str:
    """Return what stands below every mail: why it was sent, and the way out."""
    style = f"{_FONT};font-size:14px;line-height:1.6;color:#6b6259"
    links = " · ".join(
        f'<a class="soft" href="{{{{ {url} }}}}" style="color:#6b6259">{plain_html(words.strip() or usual)}</a>'
        for url, words, usual in (
            ("why_url", blocks.why, Blocks().why),
            ("unsubscribe_url", blocks.leave, Blocks().leave),
        )
    )
    return f'<tr><td class="soft pad" style="padding:16px 32px 28px;{style}">{links}</td></tr>\n'


def _as_text(blocks: Blocks, written: Iterable[tuple[str, str]]) -> str:
    why, leave = blocks.why.strip() or Blocks().why, blocks.leave.strip() or Blocks().leave
    end = f"{plain_text(why)}: {{{{ why_url }}}}\n{plain_text(leave)}: {{{{ unsubscribe_url }}}}\n"
    return "".join(text for _, text in written) + end

"""The template that blocks are: HTML that mail programs of every age show, and the same as text.

Tables and styles in the elements, because some programs know nothing else; a style sheet only for the dark. What is
written here goes through the same checks and the same renderer as a template that somebody wrote by hand.
"""

import re
from collections.abc import Callable

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
from regulars.speak.mail_frame import FONT, SERIF, end_as_text, framed, row
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
    return Source(
        framed(blocks, [html for html, _ in written], whole=whole),
        "".join(text for _, text in written) + end_as_text(blocks),
        ask,
    )


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


def _paragraphs(text: str) -> list[str]:
    return [one.strip("\n") for one in re.split(r"\n[ \t]*\n", text.replace("\r\n", "\n").strip()) if one.strip()]


def _paragraph_html(text: str) -> str:
    return row("".join(f'<p style="margin:0 0 12px">{as_html(one)}</p>' for one in _paragraphs(text)))


def _paragraph_text(text: str) -> str:
    return "\n\n".join(as_text(one) for one in _paragraphs(text)) + "\n\n"


_PARAGRAPH = (_paragraph_html, _paragraph_text)


def _needed(text: str) -> str:
    if not text.strip():
        raise Invalid("It says nothing yet.")
    return text.strip()


def _heading(block: Heading) -> tuple[str, str]:
    said = _needed(block.text)
    inside = f'<h1 class="ink" style="margin:0;{FONT};font-size:26px;line-height:1.25;font-weight:700;color:#2b2622">'
    return row(f"{inside}{plain_html(said)}</h1>", "16px 32px 8px"), f"{plain_text(said)}\n\n"


def _paragraph(block: Paragraph) -> tuple[str, str]:
    return _paragraph_html(_needed(block.text)), _paragraph_text(block.text)


def _tap(href: str, words: str) -> str:
    """Return a button: a table, because Outlook pads nothing else."""
    return (
        '<table role="presentation" width="100%" cellpadding="0" cellspacing="0" border="0" style="margin:0 0 10px">'
        '<tr><td align="center" bgcolor="{{ brand.colour }}" style="border-radius:10px;background:{{ brand.colour }}">'
        f'<a href="{href}" style="display:block;padding:13px 20px;{FONT};font-size:17px;line-height:1.3;'
        f'font-weight:700;color:{{{{ brand.on_colour }}}};text-decoration:none">{words}</a></td></tr></table>'
    )


def _button(block: Button) -> tuple[str, str]:
    said = _needed(block.text)
    return row(_tap(linked(block.to), plain_html(said))), f"{plain_text(said)}: {linked_as_text(block.to)}\n\n"


def _image(block: Image) -> tuple[str, str]:
    url = safe_address(block.url)
    if not url.startswith(("https://", "http://")):
        raise Invalid("'{address}' is no address of a page. Begin it with https://.", address=url[:80])
    picture = (
        f'<img src="{linked(url)}" alt="{plain_html(" ".join(block.alt.split()))}" width="536" border="0" '
        f'style="display:block;width:100%;max-width:536px;height:auto;border-radius:10px;{FONT};font-size:15px">'
    )
    alt = plain_text(" ".join(block.alt.split()))
    if not block.to:
        return row(picture), f"[{alt}]\n\n" if alt else ""
    text = f"{alt}: " if alt else ""
    return row(f'<a href="{linked(block.to)}">{picture}</a>'), f"{text}{linked_as_text(block.to)}\n\n"


def _ask(block: Ask) -> tuple[str, str]:
    if not block.form:
        raise Invalid("Choose the form whose question it asks.")
    choices = f"{{% for choice in ask.choices %}}{_tap('{{ choice.url }}', '{{ choice.text }}')}"
    title = '<p style="margin:0 0 12px;font-weight:700">{{ ask.title }}</p>'
    other = f"{{% else %}}{_tap('{{ ask.url }}', plain_html(block.text.strip() or Ask().text))}{{% endfor %}}"
    return row(f"{title}{choices}{other}"), "{{ ask.title }}\n{{ ask.url }}\n\n"


def _quote(block: TheirWords) -> tuple[str, str]:
    if not block.fact:
        raise Invalid("Choose what it quotes.")
    words = f"{{{{ {told(block.fact)} }}}}"
    lead = f'<p style="margin:0 0 8px">{as_html(block.lead.strip())}</p>' if block.lead.strip() else ""
    bar = "background:{{ brand.colour }};width:4px;font-size:1px"
    style = f"padding:4px 16px;{SERIF};font-style:italic;font-size:22px;line-height:1.4;color:#2b2622"
    said = (
        '<table role="presentation" cellpadding="0" cellspacing="0" border="0" style="margin:0 0 8px"><tr>'
        f'<td width="4" bgcolor="{{{{ brand.colour }}}}" style="{bar}">&nbsp;</td><td class="ink" style="{style}">'
        f"“{words}”</td></tr></table>"
    )
    above = f"{as_text(block.lead.strip())}\n" if block.lead.strip() else ""
    return row(lead + said), f"{above}“{words}”\n\n"


def _divider(_: Divider) -> tuple[str, str]:
    line = '<div class="line" style="border-top:1px solid #ded6cc;font-size:1px;line-height:1px">&nbsp;</div>'
    return row(line, "16px 32px"), "- - -\n\n"


def _signature(block: Signature) -> tuple[str, str]:
    said = _needed(block.text)
    return row(f'<p style="margin:0 0 12px">{as_html(said)}</p>', "16px 32px 8px"), f"{as_text(said)}\n\n"


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

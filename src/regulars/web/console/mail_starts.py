"""Good starting points for a mail, in the language of the workspace; and the words a new block begins with."""

from collections.abc import Callable, Sequence

import msgspec

from regulars.access.records import Workspace
from regulars.speak.blocks import KINDS, Ask, Block, Blocks, Button, Heading, Only, Paragraph, Signature, TheirWords
from regulars.speak.markup import FORM, Place
from regulars.web.i18n import translator

STARTS = ("welcome", "reminder", "question", "thanks")


class Has(msgspec.Struct, frozen=True):
    """What a workspace has that a mail can use, the likeliest first: facts by name, and forms that can be answered.

    `newest` is the newest of these forms, or nothing.
    """

    facts: Sequence[str]
    forms: Sequence[str]
    newest: str


def language_of(workspace: Workspace) -> str:
    """Return the language that a workspace writes in first."""
    return workspace.languages[0] if workspace.languages else "en"


def start(name: str, workspace: Workspace, has: Has) -> tuple[str, Blocks]:
    """Return the subject and the blocks of one of `STARTS`; nothing in them for any other name."""
    language = language_of(workspace)
    gettext = translator(language).gettext
    subject, preheader, body = _MAILS[name](gettext, has) if name in _MAILS else ("", "", ())
    why, leave = gettext("Why we wrote"), gettext("Stop these e-mails")
    return subject, Blocks(body, preheader, language, why, leave)


def fresh(kind: str, workspace: Workspace, has: Has) -> Block:
    """Return a new block of a kind."""
    gettext = translator(language_of(workspace)).gettext
    if kind == "signature":
        return _bye(gettext)
    if kind == "question":
        return _asks(gettext, has)
    if kind == "quote":
        return _quotes(gettext, has)
    return KINDS[kind]()


Gettext = Callable[[str], str]
Mail = tuple[str, str, tuple[Block, ...]]


def _greeted(gettext: Gettext) -> str:
    return gettext("Hello %(name)s,") % {"name": Place.written("first_name", gettext("there"))}


def _bye(gettext: Gettext) -> Signature:
    return Signature(gettext("See you soon,") + "\n{{ brand.title }}")


def _asks(gettext: Gettext, has: Has) -> Ask:
    return Ask(has.newest, gettext("Tell us"))


def _quotes(gettext: Gettext, has: Has) -> TheirWords:
    return TheirWords(
        has.facts[0] if has.facts else "",
        gettext("you told us:"),
        otherwise=gettext("we would like to know you better."),
    )


def _welcome(gettext: Gettext, has: Has) -> Mail:
    to = FORM + has.forms[0] if has.forms else ""
    thanks = gettext("thank you for joining us. We write when we have something for *you*.")
    body = (
        Heading(gettext("Good to have you with us")),
        Paragraph(f"{_greeted(gettext)}\n\n{thanks}"),
        Paragraph(gettext("The more you tell us, the better it fits. It takes half a minute.")),
        Button(gettext("Tell us what you like"), to),
        _bye(gettext),
    )
    return gettext("Welcome"), gettext("Half a minute, and we know what to write about."), body


def _reminder(gettext: Gettext, has: Has) -> Mail:
    to = FORM + has.forms[0] if has.forms else ""
    body = (
        Paragraph(_greeted(gettext)),
        _quotes(gettext, has),
        Paragraph(
            gettext("We have kept it in mind, and **now is a good time**."),
            only=Only(fact=has.facts[0]) if has.facts else None,
        ),
        Button(gettext("See what fits"), to),
        _bye(gettext),
    )
    return gettext("You told us, and we remember"), gettext("A small reminder, in good time."), body


def _question(gettext: Gettext, has: Has) -> Mail:
    question = gettext("we have one small question. A tap is enough.")
    body = (
        Paragraph(f"{_greeted(gettext)}\n\n{question}"),
        _asks(gettext, has),
        _bye(gettext),
    )
    return gettext("One small question"), gettext("A tap is enough."), body


def _thanks(gettext: Gettext, has: Has) -> Mail:
    body = (
        Heading(gettext("Thank you")),
        Paragraph(_greeted(gettext)),
        _quotes(gettext, has),
        Paragraph(gettext("It helps us to write only what is of use to you.")),
        _bye(gettext),
    )
    return gettext("Thank you for telling us"), gettext("We will remember it."), body


_MAILS: dict[str, Callable[[Gettext, Has], Mail]] = {
    "welcome": _welcome,
    "reminder": _reminder,
    "question": _question,
    "thanks": _thanks,
}

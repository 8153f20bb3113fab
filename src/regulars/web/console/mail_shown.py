"""What the composer of mails shows: what can be chosen, each block in a line, what to look at, and the mail itself."""

import re
from collections.abc import Collection, Mapping
from contextlib import suppress
from typing import Any

import msgspec

from regulars.engage import forms
from regulars.remember import catalogue, facts
from regulars.speak.block_mail import problem_of, source_of
from regulars.speak.blocks import KINDS, Ask, Block, Blocks, Image, TheirWords, kind_of
from regulars.speak.context import worn
from regulars.speak.markup import FORM, Place, addresses, places, plain_text, told
from regulars.speak.preview import preview
from regulars.speak.templates import Template
from regulars.store.database import Tx
from regulars.understand import segments
from regulars.web.console.desk import Desk
from regulars.web.console.mail_looks import Look, customer_chosen, look_of, people_to_see
from regulars.web.console.mail_starts import Has
from regulars.web.console.offering import doubles
from regulars.web.i18n import say, translator
from regulars.words.errors import RegularsError

NOBODY = "nobody"
"""Stands in the list of customers for somebody who told us nothing."""
_WHO = ("email", "name", "first_name", "phone")
"""Who they are and how they are reached: known, and nothing to be quoted."""
_USUAL = ("first_name", "firstName", "name")
_LOOKED_AT = 20
"""Forms, the newest first, of which is looked at what they ask."""
_LONG_SUBJECT = 60
_TEXTS = ("text", "lead", "otherwise")


class Offered(msgspec.Struct, frozen=True):
    """What can be chosen here: names with what they are called."""

    facts: list[tuple[str, str]]
    computed: Collection[str]
    """Which facts are computed from what customers did: nobody said them."""
    forms: list[tuple[str, str]]
    segments: list[tuple[str, str]]
    usual: list[tuple[str, str]]
    """What mails mostly fill in, as templates call it; `brand.title` is known for everybody."""
    others: list[tuple[str, str]]
    """The facts that can be filled in besides."""
    counted: Collection[str]
    """Which of the others were computed."""

    @property
    def places(self) -> list[tuple[str, str]]:
        """All that can be filled in."""
        return self.usual + self.others


class Line(msgspec.Struct, frozen=True):
    """A block in the list."""

    kind: str
    text: str
    only: str
    problem: str
    warnings: list[str]


def has(desk: Desk, tx: Tx) -> Has:
    """Return what a new mail can begin with: what most customers have told, and first the forms that ask it."""
    del desk
    open_ = list(forms.open_forms(tx))
    asks = {form: _asked_by(tx, form) for form in open_[:_LOOKED_AT]}
    asked = dict.fromkeys(fact for form in asks.values() for fact in form)
    others = [one.name for one in facts.catalogue(tx).values() if not one.computed and "." not in one.name]
    known = catalogue.how_many(tx, asked)
    told = sorted(asked, key=lambda name: -known.get(name, 0))
    likely = sorted(dict.fromkeys([*told, *others]), key=lambda name: name in _WHO)
    leading = sorted(open_, key=lambda form: not set(likely[:1]) & set(asks.get(form, ())))
    return Has(likely, leading, next(iter(open_), ""))


def _asked_by(tx: Tx, form: str) -> list[str]:
    questions = forms.get_form(tx, form).survey.questions
    return [question.fact for question in questions if question.fact and question.consent is None]


def offered(desk: Desk, tx: Tx) -> Offered:
    """Return what can be chosen."""
    gettext = translator(desk.locale).gettext
    hidden = doubles(tx)
    listed = {name: one for name, one in facts.catalogue(tx).items() if name not in hidden}
    named = [(name, desk.called(name, one.label)) for name, one in listed.items()]
    named.sort(key=lambda one: (one[1].casefold(), one[0]))
    usual = [
        ("first_name", gettext("First name")),
        ("name", gettext("Name")),
        ("brand.title", gettext("Your name, the sender")),
    ]
    others = [(name, label) for name, label in named if name not in _USUAL and '"' not in name]
    computed = {name for name, one in listed.items() if one.computed}
    return Offered(
        named,
        computed,
        list(forms.open_forms(tx).items()),
        list(segments.titles(tx).items()),
        usual,
        [(told(name), label) for name, label in others],
        {told(name) for name, _ in others if name in computed},
    )


def shown(
    desk: Desk, tx: Tx, blocks: Blocks, form: Mapping[str, str], at: int | None, *, checking: bool
) -> dict[str, Any]:
    """Return what the page shows of blocks."""
    choice = offered(desk, tx)
    gettext = translator(desk.locale).gettext
    called = dict(choice.places)

    def places_in(text: str) -> list[tuple[str, Place]]:
        return [(called.get(one.what, one.what), one) for one in places(text)]

    open_ = blocks.body[at] if at is not None else None
    lines = [_line(desk, block, blocks, choice, checking=checking) for block in blocks.body]
    subject = form.get("subject", "")
    warnings = []
    if len(subject) > _LONG_SUBJECT and "{" not in subject:
        warnings.append(
            gettext("The subject is long: a phone shows about %(most)s characters of it.") % {"most": _LONG_SUBJECT}
        )
    if not blocks.preheader.strip():
        warnings.append(
            gettext("Without a preheader, mail programs show the first words of the mail beside its subject.")
        )
    return {
        "blocks": blocks,
        "lines": lines,
        "at": at,
        "open": open_,
        "open_kind": kind_of(open_) if open_ is not None else "",
        "offered": choice,
        "kinds": list(KINDS),
        "warnings": warnings,
        "places_in": places_in,
        **seen(desk, tx, blocks, form),
    }


def seen(desk: Desk, tx: Tx, blocks: Blocks, form: Mapping[str, str]) -> dict[str, Any]:
    """Return the mail as it looks for whoever was chosen, as far as it is finished."""
    people = [*people_to_see(desk, tx), (NOBODY, translator(desk.locale).gettext("Somebody who told you nothing"))]
    chosen = form.get("customer") or people[0][0]
    customer = None if chosen == NOBODY else customer_chosen(tx, chosen)
    source = source_of(blocks, whole=False)
    draft = Template(0, "", 0, form.get("subject", ""), source.html, source.text, source.ask)
    look = Look(None) if customer is None and chosen != NOBODY else look_of(desk, tx, draft, customer)
    with suppress(RegularsError):
        aside = Template(0, "", 0, "", "", plain_text(" ".join(blocks.preheader.split())), None)
        brand = worn(desk.workspace, desk.house.base_url)
        beside = preview(tx, aside, customer, ask=None, brand=brand, now=desk.now).text
        return {"people": people, "customer": chosen, "look": look, "beside": beside}
    return {"people": people, "customer": chosen, "look": look, "beside": ""}


def next_of(desk: Desk, tx: Tx, chosen: str) -> str:
    """Return whose eyes come after the chosen customer's."""
    order = [*(number for number, _ in people_to_see(desk, tx)), NOBODY]
    return order[(order.index(chosen) + 1) % len(order)] if chosen in order else order[0]


def outline(desk: Desk, tx: Tx, blocks: Blocks) -> str:
    """Return blocks as one reads them, to be compared."""
    choice = offered(desk, tx)
    said: list[str] = []
    for block in blocks.body:
        line = _line(desk, block, blocks, choice, checking=False)
        fields = [
            str(getattr(block, name)) for name in block.__struct_fields__ if name != "only" and getattr(block, name)
        ]
        said.append("\n".join([f"— {line.kind}{f' ({line.only})' if line.only else ''}", *fields]))
    return "\n\n".join(said)


def _line(desk: Desk, block: Block, blocks: Blocks, choice: Offered, *, checking: bool) -> Line:
    wrong = problem_of(block, blocks.ask) if checking else None
    return Line(
        kind_of(block),
        _words(block, choice),
        _only(desk, block, choice),
        say(wrong, desk.locale) if wrong else "",
        _warnings(desk, block, choice),
    )


def _words(block: Block, choice: Offered) -> str:
    """Return what a block says, in a line: places by what they are called."""
    if isinstance(block, Ask):
        return dict(choice.forms).get(block.form, block.form)
    if isinstance(block, TheirWords):
        return f"{block.lead.strip()} “{dict(choice.facts).get(block.fact, block.fact) or '…'}”"
    said = block.alt or block.url if isinstance(block, Image) else getattr(block, "text", "")
    for place in places(said):
        said = said.replace(place.source, f"‹{dict(choice.places).get(place.what, place.what)}›")
    said = re.sub(r"\*+|\[([^\[\]\n]+)\]\([^()\s]+\)", r"\1", said)
    return " ".join(said.split())[:140]


def _only(desk: Desk, block: Block, choice: Offered) -> str:
    gettext = translator(desk.locale).gettext
    if block.only is None:
        return ""
    of = (
        [gettext("of whom we know %(fact)s") % {"fact": dict(choice.facts).get(block.only.fact, block.only.fact)}]
        if block.only.fact
        else []
    )
    name = block.only.segment
    in_ = [gettext("in “%(segment)s”") % {"segment": dict(choice.segments).get(name, name)}] if name else []
    return gettext("only for those %(whom)s") % {"whom": ", ".join(of + in_)}


def _warnings(desk: Desk, block: Block, choice: Offered) -> list[str]:
    """Return what somebody should look at, though it can be sent."""
    gettext = translator(desk.locale).gettext
    found: list[str] = []
    texts = [str(getattr(block, name)) for name in _TEXTS if name in block.__struct_fields__]
    leads = [address for text in texts for address in addresses(text)]
    leads += [getattr(block, name) for name in ("to", "url") if getattr(block, name, "")]
    if isinstance(block, Image) and not block.alt.strip():
        found.append(gettext("Say what the picture shows: many mail programs show none at first."))
    found += [
        gettext("%(address)s is not encrypted: begin it with https://.") % {"address": one[:80]}
        for one in leads
        if one.lower().startswith("http:")
    ]
    known = {name for name, _ in choice.facts}
    wanted = [place.fact for text in texts for place in places(text) if place.fact]
    wanted += [block.only.fact] if block.only else []
    wanted += [block.fact] if isinstance(block, TheirWords) else []
    found += [
        gettext("Nobody has been asked for “%(fact)s” yet.") % {"fact": fact}
        for fact in dict.fromkeys(wanted)
        if fact and fact not in known and "." not in fact
    ]
    if block.only and block.only.segment and block.only.segment not in dict(choice.segments):
        found.append(
            gettext("There is no segment “%(name)s” any more: everybody reads the other text.")
            % {"name": block.only.segment}
        )
    forms_ = [one.removeprefix(FORM) for one in leads if one.startswith(FORM)] + (
        [block.form] if isinstance(block, Ask) else []
    )
    found += [
        gettext("The form “%(name)s” cannot be answered now.") % {"name": name}
        for name in dict.fromkeys(forms_)
        if name and name not in dict(choice.forms)
    ]
    return found

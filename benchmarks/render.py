"""`render`: personal messages a second a core, of a mail that was written as MJML and quotes two facts.

The MJML is compiled once, as when a version is saved; what is timed is what a sender does for each message: subject,
HTML and text, with everything that is kept of what was read. Beside it stands minijinja alone, on the same three parts
with the same values. Time is that of the processor, and the best of three rounds counts.
"""

from time import process_time

import minijinja
import msgspec

from benchmarks.report import Result
from regulars.speak.bodies import made
from regulars.speak.context import Brand, Context, Quote
from regulars.speak.templates import Template, render

NAME = "render"
MESSAGES = 10_000
ROUNDS = 3
WANTED = 20_000
_SUBJECT = "{{ first_name | default('Hello') }}, about {{ told.gift_for | default('you') }}"
_MJML = """<mjml><mj-body><mj-section><mj-column>
<mj-text>Hello {{ first_name | default("there") }}, you look
for something for {{ told.gift_for | default("you") }}.</mj-text>
{% if told.occasion %}<mj-text>For {{ told.occasion }}.</mj-text>{% endif %}
<mj-button href="https://shop.example/gifts">Look at gifts</mj-button>
<mj-text><a href="{{ why_url }}">Why we wrote</a> <a href="{{ unsubscribe_url }}">Stop these e-mails</a></mj-text>
</mj-column></mj-section></mj-body></mjml>"""


def run() -> Result:
    """Run it."""
    body = made(_SUBJECT, _MJML, "", ask=False)
    template = Template(1, "news", 1, _SUBJECT, body.html, body.text, None)
    contexts = [_context(number) for number in range(MESSAGES)]
    render(template, contexts[0])
    ours = max(_round(template, contexts) for _ in range(ROUNDS))
    print(f"{len(body.html):,} characters of HTML; minijinja alone: {_bare(template, contexts):,.0f} messages/s")
    return Result.more(NAME, ours, "messages/s", limit=WANTED, goal=1.0)


def _round(template: Template, contexts: list[Context]) -> float:
    began = process_time()
    written = sum(f"Name{number}" in render(template, one).subject for number, one in enumerate(contexts))
    seconds = process_time() - began
    if written != MESSAGES:
        raise RuntimeError(f"{written} of {MESSAGES} were written")
    return MESSAGES / seconds


def _context(number: int) -> Context:
    told = {
        "gift_for": Quote(f"my mother {number}", "mother", number + 1),
        "occasion": Quote("her birthday & <Christmas>", "birthday", number + 2),
    }
    return Context(
        told=told,
        name=f"Name{number} Example",
        first_name=f"Name{number}",
        why_url=f"https://shop.example/why/{number}",
        unsubscribe_url=f"https://shop.example/u/{number}",
        shop="The Shop",
        brand=Brand("The Shop"),
    )


def _bare(template: Template, contexts: list[Context]) -> float:
    environment = minijinja.Environment()
    parts = {"subject.txt": template.subject, "mail.html": template.html, "mail.txt": template.text}
    for name, source in parts.items():
        environment.add_template(name, source)
    values = [
        {**msgspec.to_builtins(one), "told": {name: quote.words for name, quote in one.told.items()}}
        for one in contexts
    ]
    began = process_time()
    for one in values:
        for name in parts:
            environment.render_template(name, **one)
    return len(contexts) / (process_time() - began)

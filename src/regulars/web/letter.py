"""A short mail of ours in a brand's look: it says hello, why it comes, one thing to do, and who writes."""

import msgspec

from regulars.access.records import Workspace
from regulars.web.brands import brand_of
from regulars.web.i18n import environment, translator
from regulars.words.colour import DARK, LIGHT, palette


class Letter(msgspec.Struct, frozen=True):
    """What a mail says, in the reader's language."""

    subject: str
    lead: str
    ask: str
    button: str
    leave: str
    quotes: tuple[str, ...] = ()


def written(letter: Letter, url: str, workspace: Workspace, locale: str, base_url: str) -> tuple[str, str]:
    """Return a letter as HTML and as text; `url` is where its button leads."""
    brand = brand_of(workspace)
    phrases = brand.phrases(translator(locale).gettext)
    html = environment("regulars.web", locale, workspace.zone).get_template("letter.html")
    quotes = [*(f"    “{words}”" for words in letter.quotes), ""] if letter.quotes else []
    said = [phrases.hello, "", letter.lead, "", *quotes, letter.ask, url, "", letter.leave, ""]
    return (
        html.render(
            brand=brand,
            phrases=phrases,
            colours=palette(brand.accent, LIGHT),
            surface=LIGHT,
            night_colours=palette(brand.accent, DARK),
            night=DARK,
            base_url=base_url,
            letter=letter,
            url=url,
        ),
        "\n".join([*said, phrases.bye, brand.title, ""]),
    )

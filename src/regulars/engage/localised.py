"""Texts in several languages, as SurveyJS writes them: a string, or `{"default": "...", "lv": "..."}`."""

from collections.abc import Iterator
from typing import Any

import msgspec

from regulars.words.errors import Invalid

DEFAULT = "default"
_LONGEST = 4000


class Localised(msgspec.Struct, frozen=True):
    """A text, in as many languages as it was written."""

    texts: dict[str, str]

    def at(self, locale: str) -> str:
        """Return the text in a language (`lv`, `pt-BR`, `pt_BR`): else in its wider one, else the default."""
        for name in (*_wider(tidy(locale)), DEFAULT):
            if name in self.texts:
                return self.texts[name]
        return next(iter(self.texts.values()), "")

    @property
    def languages(self) -> frozenset[str]:
        """The languages it was written in, without their regions and besides the default."""
        return frozenset(name.partition("-")[0] for name in self.texts if name != DEFAULT)

    def __bool__(self) -> bool:
        return any(self.texts.values())


NOTHING = Localised({})


def parse_localised(value: Any, place: str) -> Localised:
    """Read a SurveyJS text. Raise Invalid naming the place where it is neither a string nor texts by language."""
    if value is None:
        return NOTHING
    if isinstance(value, str | int | float) and not isinstance(value, bool):
        return _checked({DEFAULT: str(value)}, place)
    if isinstance(value, dict) and all(isinstance(text, str) for text in value.values()):
        return _checked({tidy(str(locale)): text for locale, text in value.items()}, place)
    raise Invalid(
        '{place}: a text is a string, or texts by language such as {{"default": "...", "lv": "..."}}.',
        place=place,
    )


def _checked(texts: dict[str, str], place: str) -> Localised:
    for text in texts.values():
        if len(text) > _LONGEST:
            raise Invalid(
                "{place}: a text may have {most} characters; this one has {length}.",
                place=place,
                most=_LONGEST,
                length=len(text),
            )
        if "\0" in text:
            raise Invalid("{place}: a text may not hold the character U+0000.", place=place)
    return Localised({locale: text.strip() for locale, text in texts.items()})


def _wider(locale: str) -> Iterator[str]:
    """Yield a locale and its wider ones. SurveyJS calls Chinese scripts by places that write them: zh-tw and zh-cn."""
    parts = locale.split("-")
    for length in range(len(parts), 0, -1):
        yield "-".join(parts[:length])
        if parts[:length] == ["zh", "hant"]:
            yield "zh-tw"
    if parts[0] == "zh":
        yield "zh-cn"


def tidy(locale: str) -> str:
    """Return a locale as texts are kept by: `pt_BR` is `pt-br`."""
    return locale.strip().lower().replace("_", "-")

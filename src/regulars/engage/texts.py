"""Writing one language of a SurveyJS text, and leaving its other languages as they are."""

from collections.abc import Iterator, Mapping
from typing import Any

from regulars.engage.localised import DEFAULT, tidy

_TEXTS = ("title", "description", "placeholder", "labelTrue", "labelFalse", "minRateDescription", "maxRateDescription")
_LISTS = ("choices", "rateValues")


def text_in(value: Any, language: str) -> str:
    """Return what a text says in exactly this language; nothing where it was not written in it."""
    if isinstance(value, Mapping):
        return next((str(text) for name, text in value.items() if tidy(str(name)) == tidy(language)), "")
    return str(value) if value is not None and language == DEFAULT else ""


def with_text(value: Any, language: str, text: str) -> Any:
    """Return a text that says this in one language; None where nothing is left of it."""
    text = text.replace("\r\n", "\n")
    if text.strip() == text_in(value, language).strip():
        return value
    if not isinstance(value, Mapping):
        if language == DEFAULT:
            return text or None
        value = {} if value is None else {DEFAULT: str(value)}
    kept = {name: said for name, said in value.items() if tidy(str(name)) != tidy(language)}
    if text.strip():
        kept[language] = text
    if not kept:
        return None
    return kept[DEFAULT] if list(kept) == [DEFAULT] else kept


def put_text(thing: dict[str, Any], name: str, language: str, text: str) -> None:
    """Write a text of an element in one language; the property goes where nothing is left of it."""
    value = with_text(thing.get(name), language, text)
    if value is None:
        thing.pop(name, None)
    else:
        thing[name] = value


def texts_of(survey: Mapping[str, Any], elements: list[dict[str, Any]]) -> Iterator[Any]:
    """Yield every text of a survey, as it stands there."""
    yield from (survey[name] for name in ("title", "description") if survey.get(name))
    for element in elements:
        yield from (element[name] for name in _TEXTS if element.get(name))
        for name in _LISTS:
            items: Any = element.get(name) or []
            yield from (item["text"] for item in items if isinstance(item, Mapping) and item.get("text"))


def languages_in(survey: Mapping[str, Any], elements: list[dict[str, Any]]) -> set[str]:
    """Return the languages that any text was written in, besides the default."""
    found = {tidy(str(name)) for text in texts_of(survey, elements) if isinstance(text, Mapping) for name in text}
    return found - {DEFAULT}


def missing_in(survey: Mapping[str, Any], elements: list[dict[str, Any]], language: str) -> int:
    """Return how many texts are not written in a language."""
    return sum(not text_in(text, language) for text in texts_of(survey, elements))

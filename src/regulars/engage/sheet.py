"""A survey while it is composed: its questions in one list, whatever pages they lie on, and what is done with them.

It works on the SurveyJS JSON itself, so that what it does not know of stays as it is.
"""

import re
import unicodedata
from collections.abc import Collection, Iterator
from copy import deepcopy
from typing import Any

from regulars.words.errors import Invalid

AUTOMATIC = re.compile(r"question_\d+")
"""What a question is called that nobody has named."""
_LONGEST = 40

Element = dict[str, Any]


class Sheet:
    """A survey that is being composed. Raise Invalid where it is none whose questions can be listed."""

    def __init__(self, survey: Any) -> None:
        if not isinstance(survey, dict):
            raise Invalid('A form is an object: {{"title": "...", "pages": [...]}}.')
        self.survey: dict[str, Any] = deepcopy(survey)
        self._lists = list(self._found())
        elements: list[Any] = list(self.elements)
        if not all(isinstance(element, dict) for element in elements):
            raise Invalid('A question is an object such as {{"type": "text", "name": "..."}}.')

    def _found(self) -> Iterator[list[Element]]:
        survey = self.survey
        pages: Any = survey.get("pages")
        if pages is None:
            pages = [survey]
        elif pages == []:
            pages.append({"elements": []})
        if not isinstance(pages, list):
            raise Invalid("'pages' is a list of pages.")
        for number, page in enumerate(pages, start=1):
            if not isinstance(page, dict):
                raise Invalid("{place}: a page has a list of 'elements', the questions.", place=f"page {number}")
            key = "questions" if "questions" in page and "elements" not in page else "elements"
            elements: Any = page.setdefault(key, [])
            if not isinstance(elements, list):
                raise Invalid("{place}: a page has a list of 'elements', the questions.", place=f"page {number}")
            yield elements

    @property
    def elements(self) -> list[Element]:
        """The questions in order, as they stand in the survey."""
        return [element for page in self._lists for element in page]

    @property
    def names(self) -> set[str]:
        """What the questions are called."""
        return {str(element.get("name")) for element in self.elements}

    def add(self, element: Element, after: int | None = None) -> int:
        """Put a question after another one, or at the end; return its place."""
        if after is None or not self.elements:
            self._lists[-1].append(element)
            return len(self.elements) - 1
        page, place = self._at(after)
        page.insert(place + 1, element)
        return after + 1

    def drop(self, at: int) -> None:
        """Take a question out."""
        page, place = self._at(at)
        del page[place]

    def copy(self, at: int) -> int:
        """Put the same question, under a name of its own, after it; return its place."""
        copied = deepcopy(self.elements[at])
        copied["name"] = self.free_name()
        return self.add(copied, at)

    def move(self, at: int, by: int) -> int:
        """Move a question one place up (-1) or down (1); return where it is now."""
        if not 0 <= at + by < len(self.elements):
            return at
        (page, place), (other, there) = self._at(at), self._at(at + by)
        if page is other:
            page[place], page[there] = page[there], page[place]
        else:
            other.insert(there + (by > 0), page.pop(place))
        return at + by

    def rename(self, at: int, name: str) -> None:
        """Call a question otherwise, also in the conditions that ask about it."""
        old = str(self.elements[at].get("name"))
        self.elements[at]["name"] = name
        for thing in [*self.elements, *(page for page in self.survey.get("pages") or [])]:
            if isinstance(condition := thing.get("visibleIf"), str):
                thing["visibleIf"] = re.sub(rf"\{{\s*{re.escape(old)}\s*\}}", f"{{{name}}}", condition)

    def free_name(self) -> str:
        """Return a name for a question that nobody has named."""
        number = len(self.elements) + 1
        while f"question_{number}" in self.names:
            number += 1
        return f"question_{number}"

    def _at(self, at: int) -> tuple[list[Element], int]:
        for page in self._lists:
            if at < len(page):
                return page, at
            at -= len(page)
        raise Invalid("There is no such question any more. Look at the list once more.")


def slug(text: str, taken: Collection[str] = (), longest: int = _LONGEST) -> str:
    """Return a name made of a text: ascii letters, digits and _, a letter first, not taken; '' where none can be."""
    plain = unicodedata.normalize("NFKD", text.casefold()).encode("ascii", "ignore").decode()
    words = re.sub(r"[^a-z0-9]+", "_", plain).strip("_")[:longest].strip("_")
    if not words[:1].isalpha():
        return ""
    found, number = words, 2
    while found in taken:
        found, number = f"{words}_{number}", number + 1
    return found

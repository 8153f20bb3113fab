"""The kinds of question that one can choose when composing a form, each as the SurveyJS element that it begins as."""

from collections.abc import Mapping
from typing import Any

KINDS: dict[str, dict[str, Any]] = {
    "one": {"type": "radiogroup"},
    "some": {"type": "checkbox"},
    "list": {"type": "dropdown"},
    "rating": {"type": "rating"},
    "yes_no": {"type": "boolean"},
    "short": {"type": "text"},
    "long": {"type": "comment"},
    "number": {"type": "text", "inputType": "number"},
    "date": {"type": "text", "inputType": "date"},
    "email": {"type": "text", "inputType": "email"},
    "tel": {"type": "text", "inputType": "tel"},
    "permission": {"type": "boolean", "consent": {"purpose": "marketing", "channel": "email"}},
}
"""Every kind, by what it is called here; a test holds that `questions.py` knows no other."""

CHOOSING = frozenset({"one", "some", "list"})
WRITTEN = frozenset({"short", "long", "number", "email", "tel"})
"""What is typed, and may show an example while it is empty."""
KINDRED = ({"one", "list"}, {"short", "long"})
"""Kinds whose answers mean the same, so that one can become the other."""


def kind_of(element: Mapping[str, Any]) -> str:
    """Return which kind of question an element is; '' where it is none of them."""
    for kind in reversed(KINDS):
        wanted = KINDS[kind]
        if element.get("type") != wanted["type"] or isinstance(element.get("consent"), Mapping) != (
            "consent" in wanted
        ):
            continue
        if wanted["type"] != "text" or element.get("inputType", "text") == wanted.get("inputType", "text"):
            return kind
    return ""


def kindred_of(kind: str) -> list[str]:
    """Return the kinds that a question of this kind can become."""
    return next((sorted(family) for family in KINDRED if kind in family), [])

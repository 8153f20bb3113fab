"""Good starting points for a form, in every language that the workspace offers its customers."""

from collections.abc import Callable
from typing import Any

from regulars.access.records import Workspace
from regulars.web.i18n import ENGLISH, languages, translator

Text = Callable[[str], Any]
STARTS = ("feedback", "gifts", "preference", "signup")


def start(name: str, workspace: Workspace) -> dict[str, Any]:
    """Return what a form asks that starts from one of `STARTS`; a survey without questions for any other name."""
    return _SURVEYS[name](texts_for(workspace)) if name in _SURVEYS else {"title": "", "elements": []}


def texts_for(workspace: Workspace) -> Text:
    """Return what puts a text of ours into every language that a workspace offers its customers."""
    offered = list(workspace.languages) or languages()
    first = ENGLISH if not workspace.languages else offered[0]

    def text(written: str) -> Any:
        said = translator(first).gettext(written)
        others = {one: translator(one).gettext(written) for one in offered if one != first}
        others = {one: other for one, other in others.items() if other != written or one == ENGLISH}
        return {"default": said, **others} if others else said

    return text


def fresh_texts(kind: str, text: Text) -> dict[str, Any]:
    """Return what a question of a kind says before anything is typed into it."""
    if kind == "permission":
        said = _permission(text)
        return {name: said[name] for name in ("title", "labelTrue")}
    if kind == "email":
        said = _email(text)
        return {name: said[name] for name in ("title", "fact")}
    return _ends(text, _("Lowest"), _("Highest")) if kind == "rating" else {}


def _(text: str) -> str:
    """Mark a text for the catalogue; it is translated when somebody starts from it."""
    return text


def _choices(text: Text, **written: str) -> list[dict[str, Any]]:
    return [{"value": value, "text": text(said)} for value, said in written.items()]


def _ends(text: Text, lowest: str, highest: str) -> dict[str, Any]:
    return {"minRateDescription": text(lowest), "maxRateDescription": text(highest)}


def _permission(text: Text) -> dict[str, Any]:
    return {
        "type": "boolean",
        "name": "may_write",
        "title": text(_("May we write to you?")),
        "labelTrue": text(_("Yes, write to me by e-mail.")),
        "consent": {"purpose": "marketing", "channel": "email"},
    }


def _email(text: Text) -> dict[str, Any]:
    title = text(_("What is your e-mail address?"))
    return {"type": "text", "inputType": "email", "name": "email", "title": title, "fact": "email"}


def _feedback(text: Text) -> dict[str, Any]:
    return {
        "title": text(_("How did you like your order?")),
        "elements": [
            {
                "type": "rating",
                "name": "liked",
                "title": text(_("How did you like it?")),
                **_ends(text, _("Not at all"), _("Very much")),
                "isRequired": True,
            },
            {
                "type": "comment",
                "name": "better",
                "title": text(_("What should we have done better?")),
                "visibleIf": "{liked} <= 3",
            },
            {
                "type": "comment",
                "name": "best",
                "title": text(_("What did you like best?")),
                "visibleIf": "{liked} >= 4",
            },
        ],
    }


def _gifts(text: Text) -> dict[str, Any]:
    whom = {"mother": _("My mother"), "partner": _("My partner"), "child": _("A child"), "friend": _("A good friend")}
    when = {
        "birthday": _("A birthday"),
        "wedding": _("A wedding"),
        "christmas": _("Christmas"),
        "none": _("Just because"),
    }
    return {
        "title": text(_("Who do you love to give to?")),
        "description": text(_("Half a minute, and we find something that fits.")),
        "elements": [
            {
                "type": "radiogroup",
                "name": "for_whom",
                "title": text(_("For whom do you like to give?")),
                "fact": "gift_for",
                "isRequired": True,
                "choices": _choices(text, **whom),
            },
            {
                "type": "radiogroup",
                "name": "occasion",
                "title": text(_("What is the next occasion?")),
                "fact": "occasion",
                "choices": _choices(text, **when),
            },
            {
                "type": "text",
                "inputType": "date",
                "name": "when",
                "title": text(_("When is it?")),
                "fact": "occasion_date",
                "visibleIf": "{occasion} notempty and {occasion} <> 'none'",
            },
            _email(text),
            _permission(text),
        ],
    }


def _preference(text: Text) -> dict[str, Any]:
    likes = {
        "new": _("New things"),
        "offers": _("Offers"),
        "ideas": _("Ideas for gifts"),
        "stories": _("Stories from the shop"),
    }
    return {
        "title": text(_("What may we write to you about?")),
        "elements": [
            {
                "type": "checkbox",
                "name": "interested_in",
                "title": text(_("What would you like to hear about?")),
                "description": text(_("Choose as many as you like.")),
                "fact": "interested_in",
                "choices": _choices(text, **likes),
            }
        ],
    }


def _signup(text: Text) -> dict[str, Any]:
    return {
        "title": text(_("Hear from us first")),
        "elements": [
            {
                "type": "text",
                "name": "first_name",
                "title": text(_("What may we call you?")),
                "fact": "first_name",
            },
            _email(text),
            _permission(text),
        ],
    }


_SURVEYS = {"feedback": _feedback, "gifts": _gifts, "preference": _preference, "signup": _signup}

"""What somebody did, as a part of a sentence in the reader's language: events, sequences of them, and messages."""

from collections.abc import Sequence
from gettext import NullTranslations

from regulars.understand.day_phrases import done_on
from regulars.understand.rules import Bounds, Days, EventRule, MessageRule, SequenceRule, Step
from regulars.understand.value_phrases import in_words, where_in_words, whose


def done(words: NullTranslations, rule: EventRule | SequenceRule | MessageRule) -> str:
    """Say who did something."""
    match rule:
        case EventRule():
            return done_on(words, _event(words, rule), rule.days)
        case MessageRule():
            return done_on(words, _message(words, rule), rule.days)
        case SequenceRule():
            return _sequence(words, rule)


def one_after_another(words: NullTranslations, steps: Sequence[Step], window: int, days: Days) -> str:
    """Say what is to follow what, within how many days of the first, and on which days that is done."""
    _, ngettext = words.gettext, words.ngettext
    first, *others = (named(words, step) for step in steps)
    events = _(", then ").join([done_on(words, first, days), *others])
    text = ngettext("{events}, within {days} day of the first", "{events}, within {days} days of the first", window)
    return text.format(events=events, days=window)


def named(words: NullTranslations, step: Step) -> str:
    """Say which event is meant, with what its properties must be."""
    _ = words.gettext
    kind = in_words(words, step.kind)
    if not step.where:
        return kind
    said = _(" and ").join(where_in_words(words, one) for one in step.where)
    return _("{event} ({properties})").format(event=kind, properties=said)


def _event(words: NullTranslations, rule: EventRule) -> str:
    _ = words.gettext
    event = named(words, Step(rule.kind, rule.where))
    if rule.of:
        thing = {
            "sum": _("{property} of all {event} together"),
            "min": _("smallest {property} of {event}"),
            "max": _("largest {property} of {event}"),
            "distinct": _("number of different values of {property} in {event}"),
            "first": _("first {property} of {event}"),
            "last": _("last {property} of {event}"),
        }[rule.measure].format(property=rule.of, event=event)
        if rule.told is not None:
            return whose(words, thing, rule.told.test, rule.told.value)
        return _measured(words, thing, rule.bounds)
    text = _times(words, rule.bounds) if rule.measure == "count" else _amount(words, rule.bounds)
    low, high = (in_words(words, bound) for bound in (rule.bounds.at_least, rule.bounds.at_most))
    return text.format(event=event, low=low, high=high)


def _measured(words: NullTranslations, thing: str, bounds: Bounds) -> str:
    if bounds.at_least is not None and bounds.at_least == bounds.at_most:
        return whose(words, thing, "is", bounds.at_least)
    return whose(words, thing, "bounds", bounds)


def _times(words: NullTranslations, bounds: Bounds) -> str:
    _, ngettext = words.gettext, words.ngettext
    match bounds.at_least, bounds.at_most:
        case 0 | None, 0:
            return _("who never did {event}")
        case int() as low, None:
            return ngettext("who did {event}", "who did {event} at least {low} times", low)
        case low, int() as high if low == high:
            return ngettext("who did {event} exactly once", "who did {event} exactly {high} times", high)
        case 0 | None, int() as high:
            return ngettext("who did {event} at most once", "who did {event} at most {high} times", high)
        case _:
            return _("who did {event} from {low} to {high} times")


def _amount(words: NullTranslations, bounds: Bounds) -> str:
    _ = words.gettext
    match bounds.at_least, bounds.at_most:
        case _low, None:
            return _("whose {event} comes to {low} or more")
        case None, _high:
            return _("whose {event} comes to {high} or less")
        case low, high if low == high:
            return _("whose {event} comes to exactly {low}")
        case _:
            return _("whose {event} comes to between {low} and {high}")


def _message(words: NullTranslations, rule: MessageRule) -> str:
    _ = words.gettext
    message = _("a message")
    if rule.campaign:
        message = _("{message} of the campaign {name}").format(message=message, name=in_words(words, rule.campaign))
    if rule.template:
        message = _("{message} from the template {name}").format(message=message, name=in_words(words, rule.template))
    if rule.channel:
        channel = _("e-mail") if rule.channel == "email" else rule.channel
        message = _("{message} by {channel}").format(message=message, channel=channel)
    match rule.bounds:
        case Bounds(1, None):
            text = {
                "sent": _("to whom {message} was sent"),
                "refused": _("to whom {message} was not sent, for they may not be written to"),
                "bounced": _("from whom {message} came back"),
                "answered": _("who answered {message}"),
                "opened": _("who opened {message}"),
                "clicked": _("who followed a link in {message}"),
            }[rule.what]
        case Bounds(0 | None, 0):
            text = {
                "sent": _("to whom {message} was never sent"),
                "refused": _("to whom {message} was never refused"),
                "bounced": _("from whom {message} never came back"),
                "answered": _("who never answered {message}"),
                "opened": _("who never opened {message}"),
                "clicked": _("who never followed a link in {message}"),
            }[rule.what]
        case bounds:
            thing = {
                "sent": _("number of times that {message} was sent to them"),
                "refused": _("number of times that {message} was refused to them"),
                "bounced": _("number of times that {message} came back"),
                "answered": _("number of answers to {message}"),
                "opened": _("number of times that {message} was opened"),
                "clicked": _("number of times that a link in {message} was followed"),
            }[rule.what]
            return _measured(words, thing.format(message=message), bounds)
    return text.format(message=message)


def _sequence(words: NullTranslations, rule: SequenceRule) -> str:
    _, ngettext = words.gettext, words.ngettext
    events = [named(words, step) for step in rule.steps]
    once = _times(words, Bounds(at_least=1)).format(event=events[0], low=1)
    said = once if len(events) == 1 else _("who first did {events}").format(events=_(", then ").join(events))
    said = done_on(words, said, rule.days)
    if rule.apart_days is not None:
        text = ngettext(
            "{done}, each within {days} day of the one before",
            "{done}, each within {days} days of the one before",
            rule.apart_days,
        )
        said = text.format(done=said, days=rule.apart_days)
    if rule.never_since is None:
        return said
    return _("{done}, and never did {event} since").format(done=said, event=named(words, rule.never_since))

"""The kinds of event that the house itself appends. Every other kind is the name a client gave to `track`."""

IDENTIFY = "identify"
PAGE = "page"
SCREEN = "screen"
GROUP = "group"
ALIAS = "alias"
FORM_ANSWERED = "form.answered"
CONSENT_CHANGED = "consent.changed"
PAUSE_CHANGED = "pause.changed"
FREQUENCY_CHANGED = "frequency.changed"
RESTRICTION_CHANGED = "restriction.changed"
FACT_STATED = "fact.stated"
FACT_FORGOTTEN = "fact.forgotten"
CUSTOMER_MERGED = "customer.merged"
CUSTOMER_JOINED = "customer.joined"
CUSTOMER_SPLIT = "customer.split"
CUSTOMER_APART = "customer.apart"
IDENTITY_RULES = "identity.rules"
SEGMENT_ENTERED = "segment.entered"
SEGMENT_LEFT = "segment.left"
LIST_CHANGED = "list.changed"
MESSAGE_SENT = "message.sent"
MESSAGE_REFUSED = "message.refused"
MESSAGE_BOUNCED = "message.bounced"
MESSAGE_UNCERTAIN = "message.uncertain"
MESSAGE_OPENED = "message.opened"
MESSAGE_CLICKED = "message.clicked"
MESSAGE_SCANNED = "message.scanned"
MESSAGE_COMPLAINED = "message.complained"
MESSAGE_REPLIED = "message.replied"

HOUSE = frozenset(
    {
        IDENTIFY,
        PAGE,
        SCREEN,
        GROUP,
        ALIAS,
        FORM_ANSWERED,
        CONSENT_CHANGED,
        PAUSE_CHANGED,
        FREQUENCY_CHANGED,
        RESTRICTION_CHANGED,
        FACT_STATED,
        FACT_FORGOTTEN,
        CUSTOMER_MERGED,
        CUSTOMER_JOINED,
        CUSTOMER_SPLIT,
        CUSTOMER_APART,
        IDENTITY_RULES,
        SEGMENT_ENTERED,
        SEGMENT_LEFT,
        LIST_CHANGED,
        MESSAGE_SENT,
        MESSAGE_REFUSED,
        MESSAGE_BOUNCED,
        MESSAGE_UNCERTAIN,
        MESSAGE_OPENED,
        MESSAGE_CLICKED,
        MESSAGE_SCANNED,
        MESSAGE_COMPLAINED,
        MESSAGE_REPLIED,
    }
)
"""A client may not `track` an event by one of these names: it could pretend to be the house."""

HEARD = frozenset({IDENTIFY, PAGE, SCREEN, GROUP, ALIAS})
"""Kinds of the house that clients send: the calls of Segment's protocol beside `track`."""

SEEN = frozenset({PAGE, SCREEN})
"""What somebody looked at, on a page or in an app."""

SEGMENT_MOVES = frozenset({SEGMENT_ENTERED, SEGMENT_LEFT})
"""What is said of customers who are known already, and by whose doing nothing of it came."""

LINKING = frozenset({IDENTIFY, ALIAS})
"""What says that two identifiers are one person's."""

DEEPEST = 15
"""The deepest chain of causes: an event caused by one this deep is refused, so that no circle can run away."""

"""Why a message was not sent, or not yet: a code with its values; in English here, in a reader's language in `web`.

A reason is kept as `paused`, or as `suppressed {"reason": "no such user"}`. What stands there and is no code is a text
and is said as it is: what a mail server said, and what was kept before there were codes.
"""

from collections.abc import Mapping

import msgspec

NO_ADDRESS = "no_address"
NEVER_AGREED = "never_agreed"
WITHDRAWN = "withdrawn"
HELD = "held"
PAUSED = "paused"
RESTRICTED = "restricted"
SUPPRESSED = "suppressed"
CALLED_SPAM = "called_spam"
UNWANTED = "unwanted"
STOPPED = "stopped"
BLOCKED = "blocked"
LATE = "late"
ALREADY = "already"
CIRCLE = "circle"
UNWRITTEN = "unwritten"
DOUBT = "doubt"
RESTORED = "restored"
RESTORED_MEANWHILE = "restored_meanwhile"
PRESSED = "pressed"
QUIET = "quiet"
SPACED = "spaced"
COMPLAINING = "complaining"
ENDED = "ended"
HELD_OUT = "held_out"
HELD_OUT_MIXED = "held_out_mixed"
PARKED = "parked"
OWN_CLOCK = "own_clock"

ENGLISH: Mapping[str, str] = {
    NO_ADDRESS: "We know no e-mail address of this customer.",
    NEVER_AGREED: "This customer has never agreed to be written to for this purpose.",
    WITHDRAWN: "This customer does not want to be written to for this purpose (any more).",
    HELD: "A later statement of this customer about consent could not be read yet; until it is, nothing is sent.",
    PAUSED: "This customer wants a pause from messages; until it is over, nothing is sent.",
    RESTRICTED: "What is known of this customer is kept and not used, so nothing is sent until that is lifted.",
    SUPPRESSED: "Nothing is sent to this address: {reason}",
    CALLED_SPAM: "Whoever has this address called a message spam; only what they wait for is sent there.",
    UNWANTED: "Whoever has this address had everything forgotten; nothing is sent until they ask for it themselves.",
    STOPPED: "The campaign was stopped before this message was sent.",
    BLOCKED: "Nothing is sent to this address any more.",
    LATE: "It was no longer wanted when its turn came.",
    ALREADY: "This customer has had a message of this campaign already.",
    CIRCLE: "It would answer an answer to an answer, and so on: the house goes round no further.",
    UNWRITTEN: "The message could not be written. {problem}",
    DOUBT: "The process that was sending it ended in that moment. It may have arrived.",
    RESTORED: "restored from a backup of {moment} UTC: it may have been sent after that",
    PRESSED: "This customer has had as many messages as your contact policy allows; it waits until there is room.",
    SPACED: "This customer wants messages no more often than they said; it waits until there is room.",
    QUIET: "It is quiet now where this customer is; it waits until it may be sent there.",
    COMPLAINING: "This customer has complained; until that is resolved, nothing is advertised to them.",
    ENDED: "What it offers was over before it could be sent.",
    HELD_OUT: "This customer is held out, so that results can be compared.",
    HELD_OUT_MIXED: "One of this customer's addresses is held out and another is not: they are in no comparison.",
    PARKED: "The campaign is paused; it waits until somebody lets it go on.",
    OWN_CLOCK: "It waits for the time that was chosen, by the clock where this customer is.",
    RESTORED_MEANWHILE: "It was being sent when the backup of {moment} UTC was taken. It may have arrived.",
}
"""Every reason of ours, as English says it."""


class Reason(msgspec.Struct, frozen=True):
    """A reason as it is kept: `code` is '' where it is a text and no code of ours."""

    code: str
    values: dict[str, str]
    text: str
    """In English."""

    @property
    def told(self) -> dict[str, object]:
        """What an event says of it."""
        said: dict[str, object] = {"reason": self.text}
        return said | ({"reason_code": self.code, "reason_values": self.values} if self.code else {})


def coded(code: str, **values: str) -> str:
    """Return how a reason is kept."""
    return f"{code} {msgspec.json.encode(values).decode()}" if values else code


def read(kept: str) -> Reason:
    """Return what is kept."""
    code, _, rest = kept.partition(" ")
    if code not in ENGLISH:
        return Reason("", {}, kept)
    try:
        values = msgspec.json.decode(rest, type=dict[str, str]) if rest else {}
        return Reason(code, values, ENGLISH[code].format(**values).strip())
    except (msgspec.DecodeError, KeyError):  # a text that begins like a code
        return Reason("", {}, kept)

"""Why a message was not sent, or not yet, in a reader's language: in a sentence, and in few words beside a number."""

from regulars.web.wording import Gettext
from regulars.words import reasons


def reason_said(kept: str, gettext: Gettext) -> str:
    """Return why a message was not sent, from how it is kept; what is no code of ours is said as it is."""
    words = _in_its_course(gettext) | {
        reasons.NO_ADDRESS: gettext("We know no e-mail address of this customer."),
        reasons.NEVER_AGREED: gettext("This customer has never agreed to be written to for this purpose."),
        reasons.WITHDRAWN: gettext("This customer does not want to be written to for this purpose (any more)."),
        reasons.HELD: gettext(
            "A later statement of this customer about consent could not be read yet; until it is, nothing is sent."
        ),
        reasons.CALLED_SPAM: gettext(
            "Whoever has this address called a message spam; only what they wait for is sent there."
        ),
        reasons.UNWANTED: gettext(
            "Whoever has this address had everything forgotten; nothing is sent until they ask for it themselves."
        ),
        reasons.PAUSED: gettext("This customer wants a pause from messages; until it is over, nothing is sent."),
        reasons.RESTRICTED: gettext(
            "What is known of this customer is kept and not used, so nothing is sent until that is lifted."
        ),
        reasons.SUPPRESSED: gettext("Nothing is sent to this address: {reason}"),
        reasons.STOPPED: gettext("The campaign was stopped before this message was sent."),
        reasons.BLOCKED: gettext("Nothing is sent to this address any more."),
        reasons.LATE: gettext("It was no longer wanted when its turn came."),
        reasons.ALREADY: gettext("This customer has had a message of this campaign already."),
        reasons.CIRCLE: gettext("It would answer an answer to an answer, and so on: the house goes round no further."),
        reasons.UNWRITTEN: gettext("The message could not be written. {problem}"),
        reasons.DOUBT: gettext("The process that was sending it ended in that moment. It may have arrived."),
        reasons.RESTORED: gettext("restored from a backup of {moment} UTC: it may have been sent after that"),
        reasons.PRESSED: gettext(
            "This customer has had as many messages as your contact policy allows; it waits until there is room."
        ),
        reasons.SPACED: gettext(
            "This customer wants messages no more often than they said; it waits until there is room."
        ),
        reasons.QUIET: gettext("It is quiet now where this customer is; it waits until it may be sent there."),
        reasons.COMPLAINING: gettext(
            "This customer has complained; until that is resolved, nothing is advertised to them."
        ),
        reasons.ENDED: gettext("What it offers was over before it could be sent."),
        reasons.HELD_OUT: gettext("This customer is held out, so that results can be compared."),
        reasons.HELD_OUT_MIXED: gettext(
            "One of this customer's addresses is held out and another is not: they are in no comparison."
        ),
        reasons.RESTORED_MEANWHILE: gettext(
            "It was being sent when the backup of {moment} UTC was taken. It may have arrived."
        ),
    }
    found = reasons.read(kept)
    return words[found.code].format(**found.values).strip() if found.code else found.text


def _in_its_course(gettext: Gettext) -> dict[str, str]:
    return {
        reasons.PARKED: gettext("The campaign is paused; it waits until somebody lets it go on."),
        reasons.OWN_CLOCK: gettext("It waits for the time that was chosen, by the clock where this customer is."),
    }


def reason_called(code: str, gettext: Gettext) -> str:
    """Return in few words why messages were not sent, or not yet, beside how many they are."""
    return {
        reasons.NO_ADDRESS: gettext("no address"),
        reasons.NEVER_AGREED: gettext("never agreed"),
        reasons.WITHDRAWN: gettext("do not want it"),
        reasons.HELD: gettext("consent that could not be read"),
        reasons.UNWANTED: gettext("had everything forgotten"),
        reasons.PAUSED: gettext("having a pause"),
        reasons.RESTRICTED: gettext("kept and not used"),
        reasons.SUPPRESSED: gettext("address that mail came back from"),
        reasons.CALLED_SPAM: gettext("called a message spam"),
        reasons.STOPPED: gettext("campaign stopped"),
        reasons.LATE: gettext("too late"),
        reasons.ALREADY: gettext("had it already"),
        reasons.CIRCLE: gettext("answers to answers"),
        reasons.UNWRITTEN: gettext("could not be written"),
        reasons.RESTORED: gettext("from before a backup"),
        reasons.PRESSED: gettext("enough messages for now"),
        reasons.SPACED: gettext("want it more rarely"),
        reasons.QUIET: gettext("quiet hours"),
        reasons.COMPLAINING: gettext("open complaint"),
        reasons.ENDED: gettext("offer over"),
        reasons.HELD_OUT: gettext("held out"),
        reasons.PARKED: gettext("campaign paused"),
        reasons.OWN_CLOCK: gettext("their own hour has not come"),
        reasons.HELD_OUT_MIXED: gettext("left out of the comparison"),
    }.get(code) or gettext("other reasons")

"""Composing: messages that are due are asked about at the gate and written, all in the transaction that claims them.

What decides whether and what is said is so the newest that is known, and a message that is claimed can be sent.
"""

from collections.abc import Callable, Iterable, Sequence
from contextlib import suppress
from datetime import datetime
from zoneinfo import ZoneInfo

import msgspec
import structlog

from regulars.access.workspaces import Workspace
from regulars.decide import contact
from regulars.decide.holdout import drawn
from regulars.decide.policy import EMAIL, NEEDED, Verdict, blocked, gate
from regulars.decide.whereabouts import places
from regulars.speak import records
from regulars.speak.asking import Addresses, Asker, ask_safely
from regulars.speak.channel import Envelope
from regulars.speak.clocks import own_moment
from regulars.speak.context import Context, Quote, Rendered, greeted, worn
from regulars.speak.messages import props_of
from regulars.speak.pressure import budget
from regulars.speak.rows import PARKED, UNDER_WAY, Claim, Due, Notice, Plan, utm_of
from regulars.speak.templates import Template, facts_of, forms_of, render, segments_of
from regulars.speak.tracking import Tracker, tracked
from regulars.store.database import Tx
from regulars.store.log import NewEvent, append, caused_by
from regulars.store.records import Event, read_by_seq
from regulars.words import reasons
from regulars.words.errors import RegularsError
from regulars.words.kinds import DEEPEST, MESSAGE_REFUSED
from regulars.words.reasons import (
    ALREADY,
    BLOCKED,
    CIRCLE,
    ENDED,
    LATE,
    QUIET,
    STOPPED,
    UNWRITTEN,
    coded,
    read,
)

log = structlog.get_logger()


class Ready(msgspec.Struct, frozen=True):
    """A claimed message: its envelope, and what its events will say."""

    envelope: Envelope
    identity_id: int
    cause: Event | None
    props: dict[str, object]
    attempts: int

    @property
    def id(self) -> int:
        """The message's number."""
        return self.envelope.message_id

    def event(self, kind: str, at: datetime, **more: object) -> NewEvent:
        """Return the event of what came of it."""
        return caused_by(self.cause, kind, self.identity_id, {**self.props, **more}, at)


class Composer(msgspec.Struct, frozen=True):
    """Writes the messages of one workspace."""

    workspace: Workspace
    sender: str
    addresses: Addresses
    asker: Asker
    channel: str = EMAIL
    """The one whose messages it writes."""

    def claim(self, tx: Tx, token: Callable[[], str], now: datetime, limit: int) -> tuple[list[Ready], int]:
        """Claim what is due; return what is to be sent, and how many messages were looked at.

        `token` gives the name to claim under; it is asked only where there is something to claim.
        """
        due = records.hold_due(tx, self.channel, now, limit)
        if not due:
            return [], 0
        desk = _Desk(tx, self, due, now)
        judged = [desk.judge(one) for one in due]
        records.claim(tx, [claim for claim, _, _ in judged], token(), now)
        append(tx, [refused for _, _, refused in judged if refused])
        return [ready for _, ready, _ in judged if ready], len(due)


class _Desk:
    """Everything that is needed to judge and write some messages, read in a handful of statements."""

    def __init__(self, tx: Tx, composer: Composer, due: Sequence[Due], now: datetime) -> None:
        self._composer = composer
        self._now = now
        self._plans = records.plans(tx, {one.campaign for one in due})
        self._causes = read_by_seq(tx, {one.cause for one in due if one.cause is not None})
        self._verdicts = _ask_gate(tx, self._plans, due, now)
        customers = {verdict.customer_id for verdict in self._verdicts.values() if verdict.allowed}
        self._told = records.told(tx, customers, _needed(self._plans.values(), facts_of), now)
        self._segments = records.segments_among(tx, customers, _needed(self._plans.values(), segments_of))
        self._names = records.names(tx, customers)
        self._budget = budget(tx, customers, now)
        shares = {plan.name: plan.held_out for plan in self._plans.values() if plan.purpose not in NEEDED}
        self._drawn = drawn(tx, customers, shares, contact.standing(tx))
        self._said = records.said_already(tx, set(self._plans), customers)
        self._tracked = tracked(tx, composer.workspace.tracking, self._plans, self._verdicts)
        self._places = places(tx, customers) if any(plan.by_clock for plan in self._plans.values()) else {}
        self._tracker = Tracker(composer.addresses)
        self._blocked = blocked(tx, {one.notice.address for one in due if one.notice})
        self._asks = {plan.ask: ask_safely(tx, composer.asker, plan.ask) for plan in self._plans.values() if plan.ask}

    def judge(self, due: Due) -> tuple[Claim, Ready | None, NewEvent | None]:
        """Claim, refuse or hold one message; in their order, for one may take the room of the next."""
        if due.notice is not None:
            return self._serve(due, due.notice)
        plan = self._plans.get(due.campaign)
        verdict = self._verdicts.get((due.campaign, due.customer_id))
        reason = self._objection(due, plan, verdict)
        if plan is None or verdict is None or reason:
            return self._refuse(due, plan, verdict, reason or STOPPED)
        if later := self._later(plan, verdict):
            return self._hold(due, plan, *later)
        try:
            rendered = render(plan.as_template(), self._context(due, plan, verdict))
        except RegularsError as error:
            return self._refuse(due, plan, verdict, coded(UNWRITTEN, problem=str(error)))
        except Exception as error:
            log.exception("a message could not be written", message=due.id, exc_info=error)
            return self._refuse(due, plan, verdict, coded(UNWRITTEN, problem=""))
        self._said.add((plan.name, verdict.customer_id))
        if plan.purpose not in NEEDED:
            self._budget.take(verdict.customer_id)
        tracked = (plan.channel, verdict.customer_id) in self._tracked
        claim = Claim(
            due.id,
            "claimed",
            None,
            verdict.identity_id,
            plan.id,
            rendered.used,
            verdict.consent_seq,
            tracked=tracked,
        )
        utm = utm_of(plan.name, plan.channel, plan.utm)
        led = self._tracker.led(rendered, plan.as_template(), utm, due.id if tracked else None)
        return claim, self._ready(due, plan, verdict, led), None

    def _later(self, plan: Plan, verdict: Verdict) -> tuple[str, datetime] | None:
        """Return why a message may not go yet, and when it may."""
        if plan.state != "live":
            return reasons.PARKED, PARKED
        if (own := self._own_moment(plan, verdict)) > self._now:
            return reasons.OWN_CLOCK, own
        if verdict.until:
            return QUIET, verdict.until
        return self._budget.wait(verdict.customer_id) if plan.purpose not in NEEDED else None

    def _own_moment(self, plan: Plan, verdict: Verdict) -> datetime:
        place = self._places.get(verdict.customer_id) if plan.by_clock else None
        if place is None or plan.goes_at is None or plan.launched_at is None:
            return self._now
        home = ZoneInfo(self._composer.workspace.zone)
        return own_moment(plan.goes_at, home, place.zone, plan.launched_at)

    def _serve(self, due: Due, notice: Notice) -> tuple[Claim, Ready | None, NewEvent | None]:
        """Claim a notice: it needs no consent, for it asks; an address that is written to no more is left alone."""
        if notice.address in self._blocked:
            return self._refuse(due, None, None, BLOCKED)
        envelope = Envelope(
            message_id=due.id,
            sender=self._composer.sender,
            recipient=notice.address,
            subject=notice.subject,
            html=notice.html,
            text=notice.text,
        )
        props = _props(due, None, notice.subject)
        claim = Claim(due.id, "claimed", identity_id=due.customer_id)
        return claim, Ready(envelope, due.customer_id, None, props, due.attempts), None

    def _objection(self, due: Due, plan: Plan | None, verdict: Verdict | None) -> str:
        if over := self._over(due, plan):
            return over
        cause = self._causes.get(due.cause or 0)
        if cause is not None and cause.depth >= DEEPEST:
            return CIRCLE
        if plan is None or plan.state != "live":
            return ""
        if verdict is None or not verdict.allowed:
            return verdict.reason if verdict else STOPPED
        whom = plan.name, verdict.customer_id
        return ALREADY if whom in self._said else self._drawn.get(whom, "")

    def _over(self, due: Due, plan: Plan | None) -> str:
        if plan is None or plan.state not in UNDER_WAY:
            return STOPPED
        if plan.ends_at is not None and plan.ends_at <= self._now:
            return ENDED
        return LATE if due.valid_until is not None and due.valid_until <= self._now else ""

    @staticmethod
    def _hold(due: Due, plan: Plan, reason: str, until: datetime) -> tuple[Claim, None, None]:
        """Let a message wait until it may go, or until it is no longer good."""
        then = min(until, due.valid_until or until, plan.ends_at or until)
        return Claim(due.id, "waiting", reason, due=then), None, None

    def _refuse(
        self, due: Due, plan: Plan | None, verdict: Verdict | None, reason: str
    ) -> tuple[Claim, None, NewEvent]:
        address = verdict.identity_id if verdict else None
        customer = verdict.customer_id if verdict else due.customer_id
        claim = Claim(
            due.id,
            "refused",
            reason,
            address,
            plan.id if plan else None,
            consent_seq=verdict.consent_seq if verdict else None,
        )
        props = _props(due, plan, "") | read(reason).told
        event = caused_by(self._causes.get(due.cause or 0), MESSAGE_REFUSED, address or customer, props, self._now)
        return claim, None, event

    def _context(self, due: Due, plan: Plan, verdict: Verdict) -> Context:
        address = verdict.identity_id or 0
        name, first_name = greeted(*self._names.get(verdict.customer_id, (None, None)))
        ask = self._asks.get(plan.ask) if plan.ask else None
        links = self._composer.addresses
        leave = links.preferences(address, due.id)
        known = self._told.get(verdict.customer_id, {})
        told: dict[str, Quote] = {name: one.quote for name, one in known.items() if one.may(plan.purpose)}
        return Context(
            told=told,
            name=name,
            first_name=first_name,
            ask=links.question(ask, address, due.id) if ask else None,
            segments=self._in_segments(plan, verdict.customer_id),
            forms={form: links.form(form, address, due.id) for form in forms_of(plan.as_template())},
            why_url=links.why(address, due.id),
            unsubscribe_url=leave,
            shop=self._composer.workspace.title,
            brand=worn(self._composer.workspace, links.base_url),
        )

    def _in_segments(self, plan: Plan, customer: int) -> tuple[str, ...]:
        """Return the segments that a template asks about and a customer is in."""
        return tuple(sorted(self._segments.get(customer, set()) & segments_of(plan.as_template())))

    def _ready(self, due: Due, plan: Plan, verdict: Verdict, rendered: Rendered) -> Ready:
        mail = plan.channel == EMAIL
        headers = {
            "List-Unsubscribe": f"<{rendered.used.unsubscribe_url}>",
            "List-Unsubscribe-Post": "List-Unsubscribe=One-Click",  # RFC 8058
        }
        envelope = Envelope(
            message_id=due.id,
            sender=self._composer.sender,
            recipient=verdict.address,
            subject=rendered.subject,
            html=rendered.html if mail else "",
            text=rendered.text,
            headers=headers if mail else {},
            channel=plan.channel,
        )
        props = _props(due, plan, rendered.subject)
        return Ready(envelope, verdict.identity_id or 0, self._causes.get(due.cause or 0), props, due.attempts)


def _ask_gate(tx: Tx, plans: dict[str, Plan], due: Sequence[Due], now: datetime) -> dict[tuple[str, int], Verdict]:
    """Ask the gate once for each purpose and channel among these messages."""
    groups: dict[tuple[str, str], list[Due]] = {}
    for one in due:
        if plan := plans.get(one.campaign):
            groups.setdefault((plan.purpose, plan.channel), []).append(one)
    found: dict[tuple[str, int], Verdict] = {}
    for (purpose, channel), group in groups.items():
        verdicts = gate(tx, {one.customer_id for one in group}, purpose, channel, now)
        found |= {(one.campaign, one.customer_id): verdicts[one.customer_id] for one in group}
    return found


def _needed(plans: Iterable[Plan], what: Callable[[Template], set[str]]) -> set[str]:
    """Return what these messages may need to know. A template that does not compile spoils its own messages only."""
    found: set[str] = set()
    for plan in plans:
        with suppress(RegularsError):
            found |= what(plan.as_template())
    return found


def _props(due: Due, plan: Plan | None, subject: str) -> dict[str, object]:
    template, version = (plan.template, plan.version) if plan else (None, None)
    channel = plan.channel if plan else None
    return props_of(due.id, due.campaign, template=template, version=version, channel=channel, subject=subject)

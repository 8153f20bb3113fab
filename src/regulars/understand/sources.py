"""Where the answers to rules are read from, in PostgreSQL: each source a statement that is folded per customer.

A source has the condition on `ids` where only some customers are asked, and one `in ('')` for the names of what rules
look at. Another engine has sources of the same names with the same columns over what it reads.
"""

import msgspec

from regulars.remember.learning import OWN_PAGE, TEAM


class Source(msgspec.Struct, frozen=True):
    """A source: its name, which stands in the statement by its first letter, and whether it is always there."""

    name: str
    sql: str
    always: bool = False


ASKED = """select distinct customer_id from remember_identity
where not customer_id in (select customer_id from remember_restricted)
and customer_id = any (cast(%(ids)s as bigint[]))"""
"""Everybody who is asked: who is restricted is not."""
ANSWERS = "select a.customer_id from asked as a"
_FACTS = """select customer_id from remember_current
where verified and jsonb_typeof(value) <> 'null' and name in ('') and customer_id = any (cast(%(ids)s as bigint[]))
group by customer_id"""
_EVENTS = """select i.customer_id from remember_identity as i
join understand_rollup as r on r.identity_id = i.identity_id
where r.kind = any (array(select id from store_kind where name in ('')))
and i.customer_id = any (cast(%(ids)s as bigint[]))
group by i.customer_id"""
DISPUTES = f"""select c.holds_for as customer_id from remember_fact as c
join remember_identity as i on i.customer_id = c.holds_for
join remember_fact as f on f.identity_id = i.identity_id and f.name = c.name
where c.name in ('') and c.holds_for = any (cast(%(ids)s as bigint[]))
and c.source in ('said', 'imported') and c.verified and not c.origin in ('{TEAM}', '{OWN_PAGE}')
and f.verified and f.seq <> c.seq and f.value is distinct from c.value and lower(f.words) <> lower(c.words)
and not (f.identity_id = c.identity_id and f.origin = c.origin)
and f.at > c.at - interval '720 hours'
and not exists (select 1 from remember_fact as n
    where n.identity_id = f.identity_id and n.name = f.name and n.source = f.source and n.origin = f.origin
    and (n.at > f.at or (n.at = f.at and n.seq > f.seq)))
and not exists (select 1 from remember_forgotten as g
    where g.identity_id = f.identity_id and g.name = f.name and (f.at <= g.at or f.seq < g.seq))
group by c.holds_for"""
"""Of what something else was said nearly at the same time: what `remember` calls a contradiction."""
_CONSENTS = """select i.customer_id from remember_identity as i
join remember_allowed as w on w.identity_id = i.identity_id
where w.purpose || '/' || w.channel in ('') and i.customer_id = any (cast(%(ids)s as bigint[]))
group by i.customer_id"""
_HELD = """select i.customer_id from store_quarantine as q
join remember_identity as i on i.identity_id = q.identity_id
where q.follower in ('') and i.customer_id = any (cast(%(ids)s as bigint[]))
group by i.customer_id"""
"""Of whom a statement waits in quarantine, and until it is read nothing is granted."""
_MAILABLE = """select i.customer_id from remember_identity as i
join hear_identity as h on h.id = i.identity_id
where h.kind in ('') and i.customer_id = any (cast(%(ids)s as bigint[]))
and not exists (select 1 from store_event as e
    where e.identity_id = i.identity_id and e.kind = (select id from store_kind where name = 'message.bounced')
    and e.props ->> 'permanent' = 'true')
group by i.customer_id"""
"""Addresses by kind; one of which a message came back for good is none."""
HAPPENED = """select i.customer_id, k.name as kind, e.seq, cast(extract(epoch from e.at) * 1000000 as bigint) as moment,
cast(e.at at time zone 'UTC' as date) as day, e.cut is not true as whole
from remember_identity as i
join store_event as e on e.identity_id = i.identity_id
join store_kind as k on k.id = e.kind
where e.kind = any (array(select id from store_kind where name in (''))) and e.seq <= cast(%(upto)s as bigint)
and i.customer_id = any (cast(%(ids)s as bigint[]))"""
"""Events of some kinds, up to one: what is not followed yet is not known. Whole: it has not lost what it said."""
SOURCES = (
    Source("facts", _FACTS, always=True),
    Source("events", _EVENTS, always=True),
    Source("disputes", DISPUTES),
    Source("consents", _CONSENTS),
    Source("held", _HELD),
    Source("mailable", _MAILABLE),
)

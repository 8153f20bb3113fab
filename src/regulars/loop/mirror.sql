-- name: events
-- Events of a part of the log, for the mirror.
select e.seq, e.identity_id, k.name, (extract(epoch from e.at) * 1000000)::bigint,
       (extract(epoch from e.received_at) * 1000000)::bigint, coalesce(e.historical, false), e.cut is not true, e.cause,
       e.props::text, e.context::text
from store_event e join store_kind k on k.id = e.kind
where e.seq > %(after)s::bigint and e.seq <= %(upto)s::bigint;

-- name: some_events
-- The same of some events.
select e.seq, e.identity_id, k.name, (extract(epoch from e.at) * 1000000)::bigint,
       (extract(epoch from e.received_at) * 1000000)::bigint, coalesce(e.historical, false), e.cut is not true, e.cause,
       e.props::text, e.context::text
from store_event e join store_kind k on k.id = e.kind
where e.seq = any (%(seqs)s::bigint[]);

-- name: gone
-- The numbers of all who were forgotten.
select distinct unnest(identities) from remember_erasure;

-- name: changed
-- Events that were changed in place, behind a change.
select distinct seq from store_rewritten where n > %(after)s::bigint;

-- name: months
-- What there is of the log, up to an event, by month: figures that differ where an event does.
select to_char(e.at, 'YYYY-MM'), count(*), sum(e.seq)::text, sum(e.identity_id)::text,
       count(*) filter (where e.cut is not true), sum(length(k.name))::text
from store_event e join store_kind k on k.id = e.kind where e.seq <= %(upto)s::bigint group by 1 order by 1;

-- name: customers
-- Customers, for the mirror.
select c.id, (extract(epoch from c.created_at) * 1000000)::bigint, r.customer_id is not null
from remember_customer c left join remember_restricted r on r.customer_id = c.id;

-- name: identities
-- Which customer each identity belongs to, for the mirror; not what it is called.
select r.identity_id, r.customer_id, h.kind, b.identity_id is not null, q.identity_id is not null
from remember_identity r left join hear_identity h on h.id = r.identity_id
left join (select distinct e.identity_id from store_event e
           where e.kind = (select id from store_kind where name = 'message.bounced')
             and e.props ->> 'permanent' = 'true') b on b.identity_id = r.identity_id
left join (select distinct identity_id from store_quarantine where follower = 'consent') q
    on q.identity_id = r.identity_id;

-- name: facts
-- What is known of customers now, for the mirror.
select f.customer_id, f.name, jsonb_typeof(f.value), f.value #>> '{}',
       case when jsonb_typeof(f.value) = 'number' and abs((f.value #>> '{}')::numeric) < 1e300
            then (f.value #>> '{}')::float8 end,
       f.value::text, f.source, f.verified, (extract(epoch from f.at) * 1000000)::bigint, f.seq
from remember_current f;

-- name: consents
-- What identities last said of what they allow, for the mirror.
select w.identity_id, i.customer_id, w.purpose, w.channel, w.granted
from remember_allowed w join remember_identity i on i.identity_id = w.identity_id;

-- name: memberships
-- Who is in which segment, for the mirror.
select s.name, m.customer_id, (extract(epoch from m.since) * 1000000)::bigint
from understand_member m join understand_segment s on s.id = m.segment_id where s.name is not null;

-- name: stages
-- At which purchase stage customers are in which category, for the mirror.
select s.customer_id, s.category, s.stage, (extract(epoch from s.at) * 1000000)::bigint
from understand_stage s join remember_customer c on c.id = s.customer_id;

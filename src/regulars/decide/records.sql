-- name: add_intents
-- Decide something for customers, each decision once by its key: campaign (or the like), customer, occasion.
insert into decide_intent (key, customer_id, verb, name, cause, not_before, valid_until, priority)
select md5(i.name || '/' || i.customer_id || '/' || i.occasion)::uuid, i.customer_id, i.verb, i.name, i.cause,
       i.not_before, i.valid_until, i.priority
from unnest(%(names)s::text[], %(customers)s::bigint[], %(occasions)s::text[], %(verbs)s::text[],
            %(causes)s::bigint[], %(not_before)s::timestamptz[], %(valid_until)s::timestamptz[],
            %(priorities)s::smallint[])
    as i (name, customer_id, occasion, verb, cause, not_before, valid_until, priority)
on conflict (key) do nothing;

-- name: add_for_segment
-- Decide something for everybody who is in a segment now, each decision once by its key.
insert into decide_intent (key, customer_id, verb, name, not_before, priority)
select md5(%(name)s::text || '/' || m.customer_id || '/' || %(occasion)s::text)::uuid, m.customer_id, %(verb)s,
       %(name)s::text, %(not_before)s, %(priority)s
from understand_member m join understand_segment s on s.id = m.segment_id
where s.name = %(segment)s
order by m.customer_id
on conflict (key) do nothing;

-- name: put_priority
-- Let the decisions about one thing that nobody has taken over matter more, or less.
update decide_intent set priority = %(priority)s
where verb = %(verb)s and name = %(name)s and taken_at is null and priority <> %(priority)s;

-- name: take_intents
-- Take over the decisions that are due, what matters more first, then the oldest; those that another process is taking are
-- left to it. (`materialized`: once, and so many; a plan that asks the inner statement again would take more.)
with due as materialized (
    select id from decide_intent
    where verb = %(verb)s and taken_at is null and not_before <= %(now)s
    order by priority desc, id limit %(limit)s for update skip locked)
update decide_intent i set taken_at = %(now)s
from due where i.id = due.id
returning i.id, i.customer_id, i.verb, i.name, i.cause, i.not_before, i.valid_until, i.priority;

-- name: addresses
-- The address of a kind of each customer, by any id it ever had: the one last linked, one that is not suppressed first.
-- No address gives nulls. A complaint holds back nothing that somebody waits for.
select distinct on (c.id)
       c.id as asked, coalesce(o.customer_id, c.id) as customer_id, a.identity_id, a.value as address,
       s.reason as suppressed, s.why
from unnest(%(customers)s::bigint[]) as c (id)
left join remember_identity o on o.identity_id = c.id
left join (select r.customer_id, r.identity_id, r.seq, h.value
           from remember_identity r join hear_identity h on h.id = r.identity_id and h.kind = %(kind)s::text) a
       on a.customer_id = coalesce(o.customer_id, c.id)
left join decide_suppression s on s.identity_id = a.identity_id and (%(heeded)s::boolean or s.why <> 'complained')
order by c.id, (s.identity_id is not null), a.seq desc nulls last, a.identity_id desc;

-- name: foresee
-- What the gate would say of those who came into a segment last, counted: the same rules as `gate`, by sets. For a page
-- that asks of ten thousand, one statement in place of three with ten thousand rows each (a fifth of the time).
with asked as materialized (
    select m.customer_id as id from understand_member m
    where m.segment_id = (select s.id from understand_segment s where s.name = %(segment)s::text)
    order by m.since desc, m.customer_id desc limit %(most)s::bigint),
theirs as (
    select a.id, i.identity_id, f.customer_id in (select r.customer_id from remember_restricted r) as restricted
    from asked a
    left join remember_identity f on f.identity_id = a.id
    left join remember_identity i on i.customer_id = f.customer_id),
each as (
    select t.id,
           coalesce(bool_and(c.granted), false)
           and not coalesce(bool_or(t.identity_id in (
               select q.identity_id from store_quarantine q
               where q.follower = %(follower)s::text)), false)
           and not coalesce(bool_or(t.restricted), false) as willing,
           t.id = any (%(unwanted)s::bigint[]) as unwanted,
           %(heeded)s::boolean and coalesce(bool_or(t.identity_id in (
               select p.identity_id from (
                   select distinct on (identity_id) identity_id, until from remember_pause
                   order by identity_id, at desc, seq desc) p
               where p.until > %(now)s::timestamptz)), false) as paused,
           bool_or(h.id is not null and h.id not in (
               select s.identity_id from decide_suppression s
               where %(heeded)s::boolean or s.why <> 'complained')) as reachable
    from theirs t
    left join remember_allowed c
        on c.identity_id = t.identity_id and c.purpose = %(purpose)s::text and c.channel = %(channel)s::text
    left join hear_identity h on h.id = t.identity_id and h.kind = %(kind)s::text
    group by t.id)
select count(*) as asked,
       count(*) filter (where willing and not paused and reachable and not unwanted) as allowed,
       count(*) filter (where not willing or not paused and reachable and unwanted) as unwilling,
       count(*) filter (where willing and paused) as paused,
       count(*) filter (where willing and not paused and not reachable) as unreachable
from each;

-- name: newest_in
-- Who came into a segment last.
select m.customer_id from understand_member m
where m.segment_id = (select s.id from understand_segment s where s.name = %(segment)s::text)
order by m.since desc, m.customer_id desc limit %(most)s::bigint;

-- name: addresses_in
-- Every address of a kind of those who came into a segment last.
select asked.customer_id, h.value
from (select m.customer_id from understand_member m
      where m.segment_id = (select s.id from understand_segment s where s.name = %(segment)s::text)
      order by m.since desc, m.customer_id desc limit %(most)s::bigint) asked
join remember_identity f on f.identity_id = asked.customer_id
join remember_identity i on i.customer_id = f.customer_id
join hear_identity h on h.id = i.identity_id and h.kind = %(kind)s::text;

-- name: blocked
-- To which of these addresses not even goes what somebody waits for.
select h.value from hear_identity h join decide_suppression s on s.identity_id = h.id
where h.kind = 'email' and h.value = any (%(addresses)s::text[]) and s.why <> 'complained';

-- name: roll_up
-- Count a piece of the log into its identities' days, with its money (words/money.py), and keep on which day each gave a
-- sign last; some kinds of event are none.
with counted as materialized (
    select e.identity_id, e.kind, cast(e.at at time zone 'UTC' as date) as day, count(*)::int as count,
           coalesce(sum(case when abs(m.money) <= %(largest)s then m.money::float8 end), 0) as total
    from store_event as e cross join lateral (
        select case when length(v.said) < 10000 and v.said ~ '^-?[0-9.]+([eE][+-]?[0-9]{1,2})?$' then v.said::numeric end as money
        from (select case when strpos(e.props::text, '\u0000') > 0 then null  -- it has no text here, and no number either
                          when json_typeof(e.props -> 'total') = 'number' then e.props ->> 'total'
                          when json_typeof(e.props -> 'revenue') = 'number' then e.props ->> 'revenue'
                          when json_typeof(e.props -> 'value') = 'number' then e.props ->> 'value' end as said offset 0) as v
        offset 0) as m
    where e.seq between %(first)s::bigint and %(last)s::bigint
    group by 1, 2, 3),
added as (
    update understand_rollup as r set count = r.count + c.count, total = r.total + c.total
    from counted as c where r.identity_id = c.identity_id and r.kind = c.kind and r.day = c.day
    returning r.identity_id, r.kind, r.day),
seen as (
    insert into understand_seen (identity_id, day)
    select identity_id, max(day) from counted
    where kind not in (select id from store_kind where name = any (%(no_sign)s::text[]))
    group by identity_id order by identity_id
    on conflict (identity_id) do update set day = excluded.day where understand_seen.day < excluded.day)
insert into understand_rollup (identity_id, kind, day, count, total)
select identity_id, kind, day, count, total from counted
where (identity_id, kind, day) not in (select identity_id, kind, day from added)
order by identity_id, kind, day;

-- name: forget_rollups
-- Start counting over.
truncate understand_rollup;

-- name: facts_learned
-- Which of some facts some customers have had, or have had forgotten, since between two events: computed ones, or told by
-- those who told something.
with computed as materialized (
    select name from remember_fact_name where computed and name = any (%(names)s::text[]))
select holds_for, name from remember_fact
where holds_for = any (%(told)s::bigint[]) and name = any (%(names)s::text[])
  and seq between %(first)s::bigint and %(last)s::bigint
union
select c.customer_id, n.name from computed n join remember_computed c
    on c.customer_id = any (case when exists (select from computed) then %(customers)s::bigint[] else '{}' end)
where (c.facts -> n.name ->> 1)::bigint between %(first)s::bigint and %(last)s::bigint
union
select i.customer_id, g.name from remember_forgotten g join remember_identity i using (identity_id)
where i.customer_id = any (%(told)s::bigint[]) and g.name = any (%(names)s::text[])
  and g.seq between %(first)s::bigint and %(last)s::bigint;

-- name: met_before
-- Who of some customers had an identity before an event.
select distinct customer_id from remember_identity
where customer_id = any (%(customers)s::bigint[]) and seq < %(seq)s::bigint;

-- name: add_segment
-- Make a segment; nothing happens where the name is taken.
insert into understand_segment (name, title, rule, created_at) values (%(name)s, %(title)s, %(rule)s, %(now)s)
on conflict (name) do nothing returning id;

-- name: list_segments
-- All segments or those named, by name, each with how many customers are in it.
select s.id, s.name, s.title, s.rule, s.version, s.created_at, s.built_seq is not null as built,
       (select count(*) from understand_member as m where m.segment_id = s.id) as size
from understand_segment as s
where s.name is not null and (%(names)s::text[] is null or s.name = any (%(names)s::text[])) order by s.name;

-- name: titles
-- What each segment is called, or each of those named, by name.
select name, title from understand_segment
where name is not null and (%(among)s::text[] is null or name = any (%(among)s::text[])) order by name;

-- name: first_titles
-- What segments are called, the first by title.
select name, title from understand_segment where name is not null order by lower(title), name limit %(most)s;

-- name: stamp
-- Which segment has a name, and its version; nobody is counted.
select id, version from understand_segment where name = %(name)s;

-- name: find_segment
-- One segment by name, with how many customers are in it.
select s.id, s.name, s.title, s.rule, s.version, s.created_at, s.built_seq is not null as built,
       (select count(*) from understand_member as m where m.segment_id = s.id) as size
from understand_segment as s where s.name = %(name)s;

-- name: standing_rules
-- The rules of all segments, with how far each has been asked.
select id, name, rule::text as rule, built_seq is not null as built, asked_on from understand_segment
where name is not null order by id;

-- name: mark_asked
-- Note that everybody has been asked about some segments, on a day; the first time also up to which event.
update understand_segment set asked_on = %(day)s, built_seq = coalesce(built_seq, %(seq)s::bigint)
where id = any (%(segments)s::bigint[]);

-- name: mark_to_ask
-- Have the next round ask everybody about every segment.
update understand_segment set asked_on = null where asked_on is not null;

-- name: members
-- Who is in a segment, those who came last first.
select m.customer_id, coalesce(c.name, '') as name, m.since, coalesce((
    select e.props -> 'why' from store_event as e join understand_segment as s on s.id = m.segment_id
    where e.identity_id = m.customer_id and e.at = m.since and e.props ->> 'segment' = s.name
      and e.kind = (select id from store_kind where name = 'segment.entered')
    order by e.seq desc limit 1), '[]') as why
from understand_member as m left join remember_customer as c on c.id = m.customer_id
where m.segment_id = %(segment)s
  and (%(since)s::timestamptz is null or (m.since, m.customer_id) < (%(since)s::timestamptz, %(customer)s::bigint))
order by m.since desc, m.customer_id desc
limit %(limit)s;

-- name: segments_of
-- The names of the segments a customer is in.
select s.name from understand_member as m join understand_segment as s on s.id = m.segment_id
where m.customer_id = %(customer)s and s.name is not null order by s.name;

-- name: settle
-- Make the membership of the customers asked what their answers say; return what changed. Rules go into `matches`.
with matches as (select 0::bigint as customer_id, 0::bigint as segment_id where false),
kept as materialized (
    select m.segment_id, m.customer_id
    from unnest(%(ids)s::bigint[]) as i (id) join understand_member as m on m.customer_id = i.id
    where m.segment_id = any (%(segments)s::bigint[])
),
changes as materialized (
    select coalesce(x.segment_id, m.segment_id) as segment_id, coalesce(x.customer_id, m.customer_id) as customer_id,
           m.segment_id is null as entered
    from matches as x full join kept as m on m.segment_id = x.segment_id and m.customer_id = x.customer_id
    where x.segment_id is null or m.segment_id is null
),
come as (
    insert into understand_member (segment_id, customer_id, since)
    select segment_id, customer_id, %(now)s::timestamptz from changes where entered on conflict do nothing
),
gone as (
    delete from understand_member as m using changes as c
    where not c.entered and m.segment_id = c.segment_id and m.customer_id = c.customer_id
),
grown as (
    insert into understand_growth as g (segment_id, day, joined, "left")
    select segment_id, cast(%(now)s::timestamptz at time zone 'UTC' as date),
           count(*) filter (where entered), count(*) filter (where not entered)
    from changes group by segment_id
    on conflict (segment_id, day) do update set joined = g.joined + excluded.joined, "left" = g."left" + excluded."left"
)
select segment_id, customer_id, entered from changes;

-- name: settle_everybody
-- The same for every customer, at most so many changes at once. Rules go into `matches`.
with matches as (select 0::bigint as customer_id, 0::bigint as segment_id where false),
changes as materialized (
    select coalesce(x.segment_id, m.segment_id) as segment_id, coalesce(x.customer_id, m.customer_id) as customer_id,
           m.segment_id is null as entered
    from matches as x
    full join (select * from understand_member where segment_id = any (%(segments)s::bigint[])) as m
        on m.segment_id = x.segment_id and m.customer_id = x.customer_id
    where x.segment_id is null or m.segment_id is null
    limit %(limit)s
),
come as (
    insert into understand_member (segment_id, customer_id, since)
    select segment_id, customer_id, %(now)s::timestamptz from changes where entered on conflict do nothing
),
gone as (
    delete from understand_member as m using changes as c
    where not c.entered and m.segment_id = c.segment_id and m.customer_id = c.customer_id
),
grown as (
    insert into understand_growth as g (segment_id, day, joined, "left")
    select segment_id, cast(%(now)s::timestamptz at time zone 'UTC' as date),
           count(*) filter (where entered), count(*) filter (where not entered)
    from changes group by segment_id
    on conflict (segment_id, day) do update set joined = g.joined + excluded.joined, "left" = g."left" + excluded."left"
)
select segment_id, customer_id, entered from changes;

-- name: build
-- Put everybody who matches into segments, and take out who does not, without a word; return how many came in. Rules go
-- into `matches`.
with matches as (select 0::bigint as customer_id, 0::bigint as segment_id where false),
gone as (
    delete from understand_member as m where m.segment_id = any (%(segments)s::bigint[])
    and not exists (select from matches as x where x.segment_id = m.segment_id and x.customer_id = m.customer_id)
    returning m.segment_id
),
come as (
    insert into understand_member (segment_id, customer_id, since)
    select segment_id, customer_id, %(now)s::timestamptz from matches on conflict do nothing returning segment_id
),
grown as (
    insert into understand_growth as g (segment_id, day, anew)
    select segment_id, cast(%(now)s::timestamptz at time zone 'UTC' as date), sum(n)
    from (select segment_id, 1 as n from come union all select segment_id, -1 as n from gone) as c
    group by segment_id
    on conflict (segment_id, day) do update set anew = g.anew + excluded.anew
)
select count(*) from come;

-- name: ask
-- Which rules hold for which of the customers asked. Rules go into `matches`.
with matches as (select 0::bigint as customer_id, 0::bigint as segment_id where false)
select segment_id, customer_id from matches;

-- name: members_found
-- Whom a rule finds among everybody. Rules go into `matches`.
with matches as (select 0::bigint as customer_id, 0::bigint as segment_id where false)
select customer_id from matches order by customer_id;

-- name: try_matches
-- How many customers match a rule, in every row, and the newest of them. Rules go into `matches`.
with matches as (select 0::bigint as customer_id, 0::bigint as segment_id where false),
newest as (select customer_id from matches order by customer_id desc limit %(limit)s)
select t.size, newest.customer_id, coalesce(c.name, '') as name
from (select count(*) as size from matches) as t
left join newest on true left join remember_customer as c on c.id = newest.customer_id
order by newest.customer_id desc;

-- name: everybody
-- How many customers there are who are not restricted, in every row, and the newest of them.
with used as (select id from remember_customer where id not in (select customer_id from remember_restricted)),
newest as (select id from used order by id desc limit %(limit)s)
select t.size, newest.id, coalesce(c.name, '') as name
from (select count(*) as size from used) as t
left join newest on true left join remember_customer as c on c.id = newest.id
order by newest.id desc;

-- name: drawn
-- Some customers who are not restricted, drawn by chance, the same ones each time: numbers are drawn up to the highest, and
-- those that are a customer's are taken.
with most as (select coalesce(max(id), 0) as id from remember_customer),
tried as (
    select distinct 1 + mod(hashint8extended(g, 0) & 9223372036854775807, m.id) as id
    from most as m cross join generate_series(1, %(tries)s::bigint) as g where m.id > 0)
select c.id from tried join remember_customer as c using (id)
where c.id not in (select customer_id from remember_restricted) order by hashint8(c.id), c.id limit %(limit)s;

-- name: named
-- What some customers are called, the newest first.
select id, name from remember_customer where id = any (%(ids)s::bigint[]) order by id desc;

-- name: standing_matches
-- How many are in a segment, in every row, and the newest of them.
with newest as (
    select customer_id from understand_member where segment_id = %(segment)s
    order by customer_id desc limit %(limit)s)
select t.size, newest.customer_id, coalesce(c.name, '') as name
from (select count(*) as size from understand_member where segment_id = %(segment)s) as t
left join newest on true left join remember_customer as c on c.id = newest.customer_id
order by newest.customer_id desc;

-- name: values_said
-- What several customers have said of some facts, the most usual first, among a few hundred of those who said it.
select n.name, v.value #>> '{}' as value
from unnest(%(names)s::text[]) as n (name), lateral (
    select f.value from (select value from remember_current where name = n.name and verified limit 500) as f
    where jsonb_typeof(f.value) in ('string', 'number')
    group by f.value having count(*) > 1 order by count(*) desc, f.value limit 20
) as v;

-- name: facts_now
-- What is known about a customer, of some names.
select name, value, words, source, verified, at, seq from remember_current
where customer_id = %(customer)s and name = any (%(names)s::text[]) order by name;

-- name: counted
-- How often a customer did what, over all days, and from when to when; the kinds named are left out.
select k.name as kind, sum(r.count)::bigint as count, min(r.day) as first, max(r.day) as last
from remember_identity as i join understand_rollup as r on r.identity_id = i.identity_id
join store_kind as k on k.id = r.kind
where i.customer_id = %(customer)s and k.name <> all (%(besides)s::text[])
group by k.name order by k.name;

-- name: counts_now
-- How often a customer has done things of some kinds, and for how much, on each day.
select k.name as kind, r.day, sum(r.count)::bigint as count, sum(r.total) as total
from remember_identity as i join understand_rollup as r on r.identity_id = i.identity_id
join store_kind as k on k.id = r.kind
where i.customer_id = %(customer)s and k.name = any (%(kinds)s::text[])
group by k.name, r.day order by k.name, r.day;

-- name: cohorts
-- How many customers did something for the first time in which month or week of a clock, and how many of them did it in which.
with asked as (
    select i.identity_id, i.customer_id from remember_identity as i
    where i.customer_id not in (select r.customer_id from remember_restricted as r)
      and (%(segment)s::text = '' or i.customer_id in (
          select m.customer_id from understand_member as m join understand_segment as s on s.id = m.segment_id
          where s.name = %(segment)s::text))),
done as (
    select o.identity_id, o.placed_at as at from remember_order as o
    where %(orders)s::boolean and o.placed_at is not null and o.state <> 'cancelled'
    union all
    select e.identity_id, e.at from store_event as e
    where not %(orders)s::boolean and e.kind = any (%(kinds)s::smallint[])),
did as (
    select distinct a.customer_id, date_trunc(%(every)s::text, d.at at time zone %(zone)s::text)::date as began
    from done as d join asked as a on a.identity_id = d.identity_id),
firsts as (select customer_id, min(began) as first from did group by customer_id)
select f.first, d.began, count(*)::int as customers
from firsts as f join did as d on d.customer_id = f.customer_id
where f.first >= %(since)s::date group by f.first, d.began order by f.first, d.began;

-- name: cohort_people
-- The next customers who did something on some days, each with whether it was in that month or week for the first time, and
-- whether they did it in another one, too.
with near as materialized (
    select i.customer_id from remember_identity as i
    where i.customer_id > %(after)s::bigint
      and i.customer_id not in (select r.customer_id from remember_restricted as r)
      and (%(segment)s::text = '' or i.customer_id in (
          select m.customer_id from understand_member as m join understand_segment as s on s.id = m.segment_id
          where s.name = %(segment)s::text))
      and i.identity_id in (
          select o.identity_id from remember_order as o
          where %(orders)s::boolean and o.placed_at between %(from)s::timestamptz and %(to)s::timestamptz
          union all
          select r.identity_id from understand_rollup as r
          where not %(orders)s::boolean and r.kind = any (%(kinds)s::smallint[])
            and r.day between %(from)s::timestamptz::date and %(to)s::timestamptz::date)
    group by i.customer_id order by i.customer_id limit %(limit)s::bigint)
select n.customer_id, coalesce(c.name, '') as name,
       coalesce(min(d.began) = %(first)s::date and bool_or(d.began = %(began)s::date), false) as holds
from near as n
left join remember_customer as c on c.id = n.customer_id
left join lateral (
    select date_trunc(%(every)s::text, t.at at time zone %(zone)s::text)::date as began
    from remember_identity as i cross join lateral (
        select o.placed_at as at from remember_order as o
        where %(orders)s::boolean and o.identity_id = i.identity_id and o.placed_at is not null and o.state <> 'cancelled'
        union all
        select e.at from store_event as e
        where not %(orders)s::boolean and e.identity_id = i.identity_id and e.kind = any (%(kinds)s::smallint[])) as t
    where i.customer_id = n.customer_id) as d on true
group by n.customer_id, c.name order by n.customer_id;

-- name: kinds_of
-- The numbers of kinds of event: of those that are named, or of all others.
select id from store_kind where (name = any (%(names)s::text[])) = %(named)s::boolean;

-- name: funnel
-- How many customers reached each step, and the middle of the times since the step before, in seconds. The chains go into `chains`.
with chains as (select 0::bigint as customer_id, array[0::bigint] as best where false)
select step::int as step, count(*)::int as customers,
       percentile_cont(0.5) within group (order by (best[2 * step + 2] - best[2 * step])::float8 / 1000000)
           filter (where step > 1) as seconds
from chains cross join lateral generate_series(1, best[1]) as step
group by step order by step;

-- name: reached
-- How far each of the customers asked came. The chains go into `chains`.
with chains as (select 0::bigint as customer_id, array[0::bigint] as best where false)
select customer_id, best[1]::int as reached from chains;

-- name: near_funnel
-- The next customers, by number, who did something of a kind on some days.
select i.customer_id, coalesce(c.name, '') as name
from remember_identity as i left join remember_customer as c on c.id = i.customer_id
where i.customer_id > %(after)s::bigint and i.identity_id in (
    select r.identity_id from understand_rollup as r
    where r.kind = (select id from store_kind where name = %(kind)s::text)
      and r.day between %(since)s::date and %(until)s::date)
group by i.customer_id, c.name order by i.customer_id limit %(limit)s::bigint;

-- name: list_funnels
-- All funnels by name.
select id, name, title, funnel, version, created_at from understand_funnel where name is not null order by name;

-- name: find_funnel
-- One funnel by name.
select id, name, title, funnel, version, created_at from understand_funnel where name = %(name)s;

-- name: hold_funnel
-- One funnel, held to the end of the transaction: whoever saves it next waits for that.
select id, name, title, funnel, version, created_at from understand_funnel where name = %(name)s for update;

-- name: add_funnel
-- Make a funnel; nothing happens where the name is taken.
insert into understand_funnel (name, title, funnel, created_at) values (%(name)s, %(title)s, %(funnel)s, %(now)s)
on conflict (name) do nothing returning id;

-- name: change_funnel
-- Give a funnel its next version.
update understand_funnel set title = %(title)s, funnel = %(funnel)s, version = version + 1 where id = %(number)s;

-- name: add_funnel_version
-- Keep a funnel as it is now among its versions.
insert into understand_funnel_version (funnel_id, version, title, funnel, saved_at)
select id, version, title, funnel, %(now)s::timestamptz from understand_funnel where id = %(number)s;

-- name: funnel_versions
-- All versions of a funnel, the newest first.
select v.version, v.title, v.funnel, v.saved_at
from understand_funnel_version as v join understand_funnel as f on f.id = v.funnel_id
where f.name = %(name)s order by v.version desc;

-- name: set_funnel_aside
-- Take a funnel out of sight, and let its name go; return its number.
update understand_funnel set deleted_at = %(now)s::timestamptz, name_before = name, name = null
where name = %(name)s returning id;

-- name: deleted_funnels
-- Funnels that were deleted since a moment, the last first.
select id, name_before as name, title, funnel, deleted_at from understand_funnel
where name is null and deleted_at >= %(since)s::timestamptz order by deleted_at desc, id desc limit 50;

-- name: funnel_before
-- What a funnel was called that was deleted since a moment.
select name_before from understand_funnel
where id = %(number)s and name is null and deleted_at >= %(since)s::timestamptz;

-- name: take_funnel_back
-- Bring a deleted funnel back under its name. Nothing where the name is taken.
update understand_funnel as f set name = f.name_before, name_before = null, deleted_at = null
where f.id = %(number)s and f.name is null
  and not exists (select 1 from understand_funnel as o where o.name = f.name_before)
returning f.name;

-- name: forget_deleted_funnels
-- Forget for good what was deleted before a moment.
delete from understand_funnel where deleted_at < %(before)s::timestamptz;

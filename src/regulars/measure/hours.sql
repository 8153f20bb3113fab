-- name: count_hours
-- Count a piece of the log into hours, by when each event was taken; what was imported is left out.
insert into measure_hour (kind, hour, count, slots, last)
select kind, date_trunc('hour', received_at), count(*),
       bit_or(1 << (extract(minute from received_at)::int / 5)), max(received_at)
from store_event where seq between %(first)s::bigint and %(last)s::bigint and historical is not true
group by 1, 2 order by 1, 2
on conflict (kind, hour) do update
set count = measure_hour.count + excluded.count, slots = measure_hour.slots | excluded.slots,
    last = greatest(measure_hour.last, excluded.last);

-- name: forget_hours
-- Start counting over; when the house was awake stays.
delete from measure_hour where kind <> 0;

-- name: be_awake
-- The house was awake in these five minutes.
insert into measure_hour (kind, hour, count, slots, last)
values (0, date_trunc('hour', %(now)s::timestamptz), 1,
        1 << (extract(minute from %(now)s::timestamptz)::int / 5), %(now)s::timestamptz)
on conflict (kind, hour) do update
set count = measure_hour.count + 1, slots = measure_hour.slots | excluded.slots, last = excluded.last;

-- name: awake_hours
-- In which pieces of which hours the house was awake, since a moment.
select hour, slots from measure_hour where kind = 0 and hour >= %(since)s::timestamptz;

-- name: last_awake
-- When the house was awake last.
select max(last) from measure_hour where kind = 0;

-- name: forget_old_hours
-- Forget what is older than anything is compared with.
delete from measure_hour where hour < %(before)s::timestamptz;

-- name: busy_kinds
-- The kinds of event with enough events to be judged, the busiest first.
select k.name, h.kind, h.last
from (select kind, sum(count) as count, max(last) as last from measure_hour
      where kind <> 0 and hour >= %(since)s::timestamptz group by kind having sum(count) >= %(least)s::bigint) as h
join store_kind k on k.id = h.kind
where not exists (select from measure_unwatched u where u.kind = k.name)
order by h.count desc limit %(limit)s;

-- name: hours_of
-- The hours of some kinds of event, since a moment.
select kind, hour, count, slots from measure_hour
where kind = any (%(kinds)s::smallint[]) and hour >= %(since)s::timestamptz;

-- name: number_of
-- The number of a kind of event, and when one was taken last.
select k.id, (select max(last) from measure_hour where kind = k.id) as last from store_kind k where k.name = %(name)s;

-- name: list_figures
-- What is unusual, as the last look found.
select kind, shape, since, found from measure_figure order by kind;

-- name: forget_figures
-- Forget what is no longer unusual.
delete from measure_figure where kind <> all (%(kinds)s::text[]);

-- name: keep_figure
-- Keep that a figure is unusual.
insert into measure_figure (kind, shape, since, found)
values (%(kind)s, %(shape)s, %(since)s::timestamptz, %(found)s::jsonb)
on conflict (kind) do update set shape = excluded.shape, since = excluded.since, found = excluded.found;

-- name: unwatch
-- Hear no more of a kind of event.
insert into measure_unwatched (kind) values (%(kind)s) on conflict do nothing;

-- name: watch
-- Hear of a kind of event again.
delete from measure_unwatched where kind = %(kind)s;

-- name: list_unwatched
-- Kinds of event that nobody wants to hear of.
select kind from measure_unwatched order by kind;

-- name: counted_upto
-- Up to when everything is counted: when the first event was taken that is not; null where nothing waits.
select (select e.received_at from store_event e where e.seq > f.cursor order by e.seq limit 1)
from store_follower f where f.name = %(follower)s;

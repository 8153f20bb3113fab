-- name: write_down
-- Write down the customers who did, or of whom was learned, some things on some days. A fact is as old as the event it was
-- learned from, so whoever has one of a day did something on it; but somebody else may speak of an order of theirs.
insert into understand_turned (segment_id, customer_id)
select w.segment, i.customer_id
from unnest(%(kinds_for)s::bigint[], %(kinds)s::text[], %(kinds_first)s::date[], %(kinds_last)s::date[]) as w (segment, kind, first, last)
join store_kind as k on k.name = w.kind
join understand_rollup as r on r.kind = k.id and r.day between w.first and w.last
join remember_identity as i on i.identity_id = r.identity_id
union
select w.segment, c.customer_id
from unnest(%(facts_for)s::bigint[], %(facts)s::text[], %(facts_first)s::date[], %(facts_last)s::date[]) as w (segment, name, first, last)
cross join lateral (
    select i.customer_id from understand_rollup as r join remember_identity as i on i.identity_id = r.identity_id
    where r.day between w.first and w.last
    union
    select i.customer_id from remember_order as o join remember_identity as i on i.identity_id = o.identity_id
    where o.changed_at >= w.first::timestamp at time zone 'UTC'
      and o.changed_at < (w.last + 1)::timestamp at time zone 'UTC') as s
join remember_current as c on c.customer_id = s.customer_id and c.name = w.name
where cast(c.at at time zone 'UTC' as date) between w.first and w.last
on conflict do nothing;

-- name: any_turned
-- Whether anybody waits to be asked.
select exists (select from understand_turned);

-- name: take
-- Take some of those who wait, segment by segment.
delete from understand_turned where (segment_id, customer_id) in (
    select segment_id, customer_id from understand_turned order by segment_id, customer_id limit %(limit)s)
returning segment_id, customer_id;

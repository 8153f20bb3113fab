-- name: complaining
-- Which customers have complained later than it was resolved. Who ever complained stands in the daily counts, by the
-- primary key; only of those is the log read.
select w.customer_id
from (select distinct r.customer_id
      from remember_identity r
      join understand_rollup u on u.identity_id = r.identity_id
          and u.kind = (select k.id from store_kind k where k.name = %(opened)s::text)
      where r.customer_id = any (%(customers)s::bigint[])) w
cross join lateral (
    select k.name from remember_identity i
    join store_event e on e.identity_id = i.identity_id
    join store_kind k on k.id = e.kind and k.name in (%(opened)s::text, %(resolved)s::text)
    where i.customer_id = w.customer_id
    order by e.at desc, e.seq desc limit 1) last
where last.name = %(opened)s::text;

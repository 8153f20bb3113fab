-- name: home_zone
-- The workspace's time zone.
select zone from access_workspace where name = substr(current_schema(), 4);

-- name: facts
-- What customers said of where they are.
select customer_id, name, words from remember_current
where customer_id = any (%(customers)s::bigint[]) and name = any (%(names)s::text[]);

-- name: phones
-- The telephone number of each customer that was linked last.
select distinct on (r.customer_id) r.customer_id, h.value
from remember_identity r join hear_identity h on h.id = r.identity_id and h.kind = 'phone'
where r.customer_id = any (%(customers)s::bigint[])
order by r.customer_id, r.seq desc, h.id;

-- name: contexts
-- The clock and the language that the newest events of each customer told; few events are looked at.
select distinct on (r.customer_id) r.customer_id, e.context ->> 'timezone' as timezone, e.context ->> 'locale' as locale
from remember_identity r
cross join lateral (
    select at, context from store_event where identity_id = r.identity_id order by at desc limit 5) e
where r.customer_id = any (%(customers)s::bigint[]) and e.context ->> 'timezone' is not null
order by r.customer_id, e.at desc;

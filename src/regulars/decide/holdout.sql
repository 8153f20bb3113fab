-- name: addresses_of
-- The e-mail addresses of customers, as identities; of who has none, the telephone numbers.
select r.customer_id, coalesce(array_agg(r.identity_id) filter (where h.kind = 'email'), array_agg(r.identity_id))
from remember_identity r join hear_identity h on h.id = r.identity_id and h.kind in ('email', 'phone')
where r.customer_id = any (%(customers)s::bigint[])
group by r.customer_id;

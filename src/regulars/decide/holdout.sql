-- name: addresses_of
-- The e-mail addresses of customers, as identities.
select r.customer_id, array_agg(r.identity_id)
from remember_identity r join hear_identity h on h.id = r.identity_id and h.kind = 'email'
where r.customer_id = any (%(customers)s::bigint[])
group by r.customer_id;

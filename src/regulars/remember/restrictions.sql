-- name: keep
-- Keep statements about restrictions with their proof.
insert into remember_restriction (identity_id, seq, at, restricted, proof)
select i, s, a, r, proof::jsonb
from unnest(%(identities)s::bigint[], %(seqs)s::bigint[], %(ats)s::timestamptz[], %(restricted)s::boolean[],
            %(proofs)s::text[]) as n (i, s, a, r, proof)
on conflict do nothing;

-- name: forget
-- Forget every statement about restrictions, for a replay.
delete from remember_restriction;

-- name: among
-- Those of some customers (by any id they ever had) who are restricted.
select i.identity_id from remember_identity i join remember_restricted r using (customer_id)
where i.identity_id = any (%(customers)s::bigint[]);

-- name: restricted_now
-- Which identities of the customer of an identity are restricted, also by what the follower has not taken in yet.
with mine as (
    select %(identity)s::bigint as identity_id
    union
    select i.identity_id from remember_identity i join remember_identity m using (customer_id)
    where m.identity_id = %(identity)s::bigint),
said as (
    select r.identity_id, r.at, r.seq, r.restricted from remember_restriction r join mine using (identity_id)
    union all
    select e.identity_id, e.at, e.seq, (e.props ->> 'restricted')::boolean
    from store_event e join mine using (identity_id) join store_kind k on k.id = e.kind and k.name = %(kind)s
    where e.seq > coalesce((select cursor from store_follower where name = %(follower)s), 0)),
latest as (select distinct on (identity_id) identity_id, restricted from said
           order by identity_id, at desc, seq desc)
select identity_id from latest where restricted;

-- name: of_customer
-- Every statement about restrictions of a customer, by any id it ever had, newest first.
select p.identity_id, p.seq, p.at, p.restricted, p.proof
from remember_identity r join remember_restriction p using (identity_id)
where r.customer_id = (select customer_id from remember_identity where identity_id = %(customer)s::bigint)
order by p.at desc, p.seq desc;

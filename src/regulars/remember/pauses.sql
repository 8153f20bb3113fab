-- name: keep
-- Keep statements about pauses with their proof.
insert into remember_pause (identity_id, seq, at, until, proof)
select i, s, a, u, proof::jsonb
from unnest(%(identities)s::bigint[], %(seqs)s::bigint[], %(ats)s::timestamptz[], %(untils)s::timestamptz[],
            %(proofs)s::text[]) as n (i, s, a, u, proof)
on conflict do nothing;

-- name: forget
-- Forget every statement about pauses, for a replay.
delete from remember_pause;

-- name: standing
-- Until when the pauses of customers (by any id they ever had) last, of those that do: of each identity the last
-- statement counts, and of a customer's identities the longest.
select w.id as asked, max(p.until) as until
from unnest(%(customers)s::bigint[]) as w (id)
join remember_identity founding on founding.identity_id = w.id
join remember_identity i on i.customer_id = founding.customer_id
cross join lateral (
    select until from remember_pause where identity_id = i.identity_id order by at desc, seq desc limit 1) p
where p.until > %(now)s
group by w.id;

-- name: lasting
-- Which identities of the customer of an identity are in a pause, and until when, also by what the follower has not
-- taken in yet.
with mine as (
    select %(identity)s::bigint as identity_id
    union
    select i.identity_id from remember_identity i join remember_identity m using (customer_id)
    where m.identity_id = %(identity)s::bigint),
said as (
    select p.identity_id, p.at, p.seq, p.until from remember_pause p join mine using (identity_id)
    union all
    select e.identity_id, e.at, e.seq, (e.props ->> 'until')::timestamptz
    from store_event e join mine using (identity_id) join store_kind k on k.id = e.kind and k.name = %(kind)s
    where e.seq > coalesce((select cursor from store_follower where name = %(follower)s), 0)),
latest as (select distinct on (identity_id) identity_id, until from said order by identity_id, at desc, seq desc)
select identity_id, until from latest where until > %(now)s;

-- name: of_customer
-- Every statement about pauses of a customer, by any id it ever had, newest first.
select p.identity_id, p.seq, p.at, p.until, p.proof
from remember_identity r join remember_pause p using (identity_id)
where r.customer_id = (select customer_id from remember_identity where identity_id = %(customer)s::bigint)
order by p.at desc, p.seq desc;

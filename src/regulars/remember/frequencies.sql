-- name: keep
-- Keep statements about how often, with their proof.
insert into remember_frequency (identity_id, seq, at, days, proof)
select i, s, a, d, proof::jsonb
from unnest(%(identities)s::bigint[], %(seqs)s::bigint[], %(ats)s::timestamptz[], %(days)s::int[],
            %(proofs)s::text[]) as n (i, s, a, d, proof)
on conflict do nothing;

-- name: forget
-- Forget every statement about how often, for a replay.
delete from remember_frequency;

-- name: any_are
-- Whether anybody ever said how often.
select exists (select 1 from remember_frequency);

-- name: standing
-- In how many days customers (by any id they ever had) want one message, of those who do: of each identity the last
-- statement counts, and of a customer's identities the rarest.
select w.id as asked, max(p.days) as days
from unnest(%(customers)s::bigint[]) as w (id)
join remember_identity founding on founding.identity_id = w.id
join remember_identity i on i.customer_id = founding.customer_id
cross join lateral (
    select days from remember_frequency where identity_id = i.identity_id order by at desc, seq desc limit 1) p
where p.days is not null
group by w.id;

-- name: wanted
-- Which identities of the customer of an identity want one message in how many days, also by what the follower has not
-- taken in yet.
with mine as (
    select %(identity)s::bigint as identity_id
    union
    select i.identity_id from remember_identity i join remember_identity m using (customer_id)
    where m.identity_id = %(identity)s::bigint),
said as (
    select p.identity_id, p.at, p.seq, p.days from remember_frequency p join mine using (identity_id)
    union all
    select e.identity_id, e.at, e.seq, (e.props ->> 'days')::int
    from store_event e join mine using (identity_id) join store_kind k on k.id = e.kind and k.name = %(kind)s
    where e.seq > coalesce((select cursor from store_follower where name = %(follower)s), 0)),
latest as (select distinct on (identity_id) identity_id, days from said order by identity_id, at desc, seq desc)
select identity_id, days from latest where days is not null;

-- name: of_customer
-- Every statement about how often of a customer, by any id it ever had, newest first.
select p.identity_id, p.seq, p.at, p.days, p.proof
from remember_identity r join remember_frequency p using (identity_id)
where r.customer_id = (select customer_id from remember_identity where identity_id = %(customer)s::bigint)
order by p.at desc, p.seq desc;

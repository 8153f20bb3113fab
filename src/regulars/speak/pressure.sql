-- name: hold_customers
-- Let nobody else claim messages to some customers before this transaction ends; asked in one order by all.
select pg_advisory_xact_lock(k) from unnest(%(keys)s::bigint[]) as k;

-- name: sent_lately
-- When customers, by all ids they ever had and all their addresses, were sent something since a moment; what is on its
-- way counts, and what somebody waited for does not.
select r.customer_id, coalesce(m.sent_at, m.claimed_at) as at
from remember_identity r
cross join lateral (
    select id, campaign, state, sent_at, claimed_at from speak_message
    where customer_id = r.identity_id and claimed_at > %(since)s
    union
    select id, campaign, state, sent_at, claimed_at from speak_message
    where identity_id = r.identity_id and claimed_at > %(since)s) m
join speak_campaign c on c.name = m.campaign and c.purpose <> all (%(needed)s::text[])
where r.customer_id = any (%(customers)s::bigint[]) and m.state in ('claimed', 'started', 'sent', 'uncertain')
group by r.customer_id, m.id, 2;

-- name: look_again
-- Ask again about messages that are held, what matters more first; those that somebody claims just now are left out.
update speak_message set due = %(now)s
where id in (
    select id from speak_message
    where state = 'waiting' and due > %(now)s and reason = any (%(reasons)s::text[])
    order by priority desc, due limit %(most)s for update skip locked);

-- name: look_again_of
-- Ask again about what is held for some reason for the customers of some identities, by any id they ever had.
update speak_message set due = %(now)s
where id in (
    select m.id
    from remember_identity mine
    join remember_identity r on r.customer_id = mine.customer_id
    join speak_message m on m.customer_id = r.identity_id
    where mine.identity_id = any (%(identities)s::bigint[])
      and m.state = 'waiting' and m.due > %(now)s and m.reason = %(reason)s
    for update of m skip locked);

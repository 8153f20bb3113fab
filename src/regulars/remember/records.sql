-- name: met
-- The identities a batch mentions, each with its kind and the customer it belongs to, if it has been met.
select w.id, coalesce(h.kind, 'anonymous') as kind, r.customer_id
from unnest(%(ids)s::bigint[]) as w (id)
left join hear_identity h on h.id = w.id
left join remember_identity r on r.identity_id = w.id;

-- name: strong_of
-- All identities of some customers that are more than a browser.
select r.identity_id as id, h.kind, r.customer_id
from remember_identity r join hear_identity h on h.id = r.identity_id
where r.customer_id = any (%(customers)s::bigint[]) and h.kind <> 'anonymous';

-- name: place_identities
-- Give identities that were met for the first time their customers.
insert into remember_identity (identity_id, customer_id, seq, met_at)
select * from unnest(%(identities)s::bigint[], %(customers)s::bigint[], %(seqs)s::bigint[], %(ats)s::timestamptz[]);

-- name: repoint
-- Give the identities of merged customers to the winners.
update remember_identity r set customer_id = m.winner, seq = m.seq
from unnest(%(losers)s::bigint[], %(winners)s::bigint[], %(seqs)s::bigint[]) as m (loser, winner, seq)
where r.customer_id = m.loser;

-- name: hold_customers
-- Lock customers, always in the same order; whoever holds them sees all that was committed before.
select id, created_at from remember_customer where id = any (%(ids)s::bigint[]) order by id for update;

-- name: first_met
-- When some customers were first met: when the first of their identities was.
select customer_id, min(met_at) from remember_identity where customer_id = any (%(customers)s::bigint[])
group by customer_id;

-- name: drop_customers
-- Merged customers go; their ids still lead to the winners, being identities.
delete from remember_customer where id = any (%(ids)s::bigint[]);

-- name: naming_identities
-- What customers can be found by: their identifiers, the browsers' left out.
select r.customer_id, h.kind, h.value
from remember_identity r join hear_identity h on h.id = r.identity_id
where r.customer_id = any (%(customers)s::bigint[]) and h.kind <> 'anonymous'
order by r.customer_id, h.id;

-- name: naming_facts
-- What customers told us that names them.
select holds_for as customer_id, name, words from remember_fact
where holds_for = any (%(customers)s::bigint[]) and name = any (%(names)s::text[]);

-- name: write_customers
-- Write customers' rows, new or known.
insert into remember_customer as c (id, created_at, name, folded)
select r.id, r.created_at, r.name, r.folded
from jsonb_to_recordset(%(rows)s) as r (id bigint, created_at timestamptz, name text, folded text)
on conflict (id) do update set created_at = excluded.created_at, name = excluded.name, folded = excluded.folded
where (c.created_at, c.name, c.folded) is distinct from (excluded.created_at, excluded.name, excluded.folded);

-- name: forget_identities
-- Forget who belongs to whom, for a replay.
delete from remember_identity;

-- name: forget_customers
-- Forget all customers, for a replay.
delete from remember_customer;

-- name: customer_of
-- The customer an identity belongs to.
select customer_id from remember_identity where identity_id = %(identity)s::bigint;

-- name: customers_of
-- The customers that identities belong to; an old id of a merged customer leads to the winner.
select identity_id, customer_id from remember_identity where identity_id = any (%(identities)s::bigint[]);

-- name: identities_of
-- The identifiers of a customer, by any id it ever had.
select h.id, h.kind, h.value
from remember_identity r join hear_identity h on h.id = r.identity_id
where r.customer_id = (select customer_id from remember_identity where identity_id = %(customer)s::bigint)
order by h.id;

-- name: everyone_beside
-- All identifiers of the customers that some identities belong to, these among them, also before they were placed.
select w.id as asked, h.id, h.kind, h.value
from unnest(%(identities)s::bigint[]) as w (id)
cross join lateral (
    select w.id
    union
    select i.identity_id from remember_identity mine join remember_identity i using (customer_id)
    where mine.identity_id = w.id) as o (id)
join hear_identity h on h.id = o.id
order by w.id, h.id;

-- name: identities_after
-- The next identifiers in the order of their numbers.
select id, kind, value from hear_identity where id > %(after)s order by id limit %(limit)s;

-- name: identity_ids
-- The numbers of a customer's identities, by any id it ever had.
select identity_id from remember_identity
where customer_id = (select customer_id from remember_identity where identity_id = %(customer)s::bigint);

-- name: get_customer
-- One customer, by any id it ever had.
select c.id, c.name, c.created_at
from remember_identity r join remember_customer c on c.id = r.customer_id
where r.identity_id = %(id)s::bigint;

-- name: names_of
-- What some customers are called, by any id they ever had.
select r.identity_id, c.name from remember_identity r join remember_customer c on c.id = r.customer_id
where r.identity_id = any(%(ids)s::bigint[]);

-- name: count_customers
-- How many customers there are.
select count(*) from remember_customer;

-- name: list_customers
-- The newest customers.
select id, name, created_at from remember_customer order by id desc limit %(limit)s;

-- name: find_customers
-- The newest of the customers a search finds, and how many it finds at all: in every row, or in one alone.
-- The grams come from a subselect so that the planner cannot look at them: for frequent ones it would read the table
-- and compare arrays row by row, five times slower than the index even where everybody matches.
with found as materialized (
    select id as customer_id from remember_customer
    where remember_grams(folded) @> (select %(grams)s::text[]) and folded like all (%(patterns)s::text[])),
page as (select customer_id from found order by customer_id desc limit %(limit)s)
select t.total, c.id, c.name, c.created_at
from (select count(*) as total from found) t
left join page on true left join remember_customer c on c.id = page.customer_id
order by c.id desc;

-- name: fact_kinds
-- The types of those facts that are in the catalogue.
select name, kind from remember_fact_name where name = any (%(names)s::text[]);

-- name: declare_facts
-- Enter facts into the catalogue; those that are there stay as they are.
insert into remember_fact_name (name, kind, label)
select * from unnest(%(names)s::text[], %(kinds)s::text[], %(labels)s::text[])
on conflict do nothing;

-- name: label_fact
-- Give a fact of the catalogue another label.
update remember_fact_name set label = %(label)s where name = %(name)s and kind = %(kind)s;

-- name: catalogue
-- The whole catalogue of facts.
select name, kind, label, computed from remember_fact_name order by name;

-- name: learn
-- Keep statements, and let the newest hold for their customers. Returns which facts of which customers changed.
-- What an identity had forgotten since is no statement any more; what another one of the same customer had forgotten
-- since is kept and does not count, as long as they are one; and what is computed nobody can say: since when somebody does is noted.
with told as (
    select identity_id, name, seq, at, source, verified, value::jsonb as value, words, origin
    from unnest(%(identities)s::bigint[], %(names)s::text[], %(seqs)s::bigint[], %(ats)s::timestamptz[],
                %(sources)s::text[], %(verified)s::boolean[], %(values)s::text[], %(words)s::text[],
                %(origins)s::text[])
        as h (identity_id, name, seq, at, source, verified, value, words, origin)),
heard as (
    select * from told t
    where not exists (
        select from remember_forgotten g
        where g.name = t.name and g.identity_id = t.identity_id and (t.at <= g.at or t.seq < g.seq))),
best as (
    select distinct on (r.customer_id, h.name collate "C") r.customer_id, h.*
    from heard h join remember_identity r using (identity_id)
    where not exists (
        select from remember_identity i join remember_forgotten g on g.identity_id = i.identity_id
        where i.customer_id = r.customer_id and g.name = h.name and (h.at <= g.at or h.seq < g.seq))
      and h.name not in (select name from remember_fact_name where computed)
    order by r.customer_id, h.name collate "C", h.verified desc, h.at desc, h.seq desc),
before as materialized (
    select holds_for, identity_id, name, seq, at, verified from remember_fact
    where holds_for = any (array(select customer_id from best))),
better as materialized (
    select b.customer_id, b.identity_id, b.name, b.seq,
           c.identity_id as other, c.seq as other_seq
    from best b left join before c on c.holds_for = b.customer_id and c.name = b.name
    where c.seq is null or (b.verified, b.at, b.seq) > (c.verified, c.at, c.seq)),
superseded as (
    update remember_fact f set holds_for = null
    from better b where f.identity_id = b.other and f.name = b.name and f.seq = b.other_seq),
kept as (
    insert into remember_fact (identity_id, seq, at, holds_for, verified, name, source, origin, wording, value)
    select h.identity_id, h.seq, h.at, b.customer_id, h.verified, h.name, h.source, h.origin,
           case when h.words = coalesce(h.value #>> '{}', '') then '' else h.words end, h.value
    from heard h left join better b on b.identity_id = h.identity_id and b.name = h.name and b.seq = h.seq
    on conflict do nothing),
outranked as (
    update remember_fact_name n set outranked_at = now()
    where n.computed and n.outranked_at is null and n.name in (select name from heard))
select customer_id, name from better;

-- name: refold
-- Of every statement that counts for some customers let the newest hold, and none hold for `stale` otherwise. Names are
-- sorted by their bytes: by the language's order thousands of statements take ten times as long.
with newest as (
    select distinct on (f.customer_id, f.name collate "C")
           f.customer_id, f.identity_id, f.name, f.seq, f.holds_for
    from remember_counting f
    where f.customer_id = any (%(customers)s::bigint[])
    order by f.customer_id, f.name collate "C", f.verified desc, f.at desc, f.seq desc),
best as materialized (
    select * from newest where name not in (select name from remember_fact_name where computed)),
changes as (
    select identity_id, name, seq, customer_id from best where holds_for is distinct from customer_id
    union all
    select identity_id, name, seq, null from remember_fact
    where holds_for = any (%(stale)s::bigint[])
      and (identity_id, name, seq) not in (select identity_id, name, seq from best))
update remember_fact f set holds_for = c.customer_id
from changes c where f.identity_id = c.identity_id and f.name = c.name and f.seq = c.seq;

-- name: withdrew
-- Whether anything of some customers was withdrawn.
select exists (select from remember_identity i join remember_forgotten g using (identity_id)
               where i.customer_id = any (%(customers)s::bigint[]));

-- name: refold_joined
-- The same where customers were only joined, and nothing of them was withdrawn: the newest of what held for each of them
-- is the newest of all.
with best as materialized (
    select distinct on (r.customer_id, f.name collate "C") r.customer_id, f.identity_id, f.name, f.seq, f.holds_for
    from remember_fact f join remember_identity r using (identity_id)
    where f.holds_for = any (%(stale)s::bigint[]) and r.customer_id = any (%(customers)s::bigint[])
    order by r.customer_id, f.name collate "C", f.verified desc, f.at desc, f.seq desc),
changes as (
    select identity_id, name, seq, customer_id from best where holds_for is distinct from customer_id
    union all
    select identity_id, name, seq, null from remember_fact
    where holds_for = any (%(stale)s::bigint[])
      and (identity_id, name, seq) not in (select identity_id, name, seq from best))
update remember_fact f set holds_for = c.customer_id
from changes c where f.identity_id = c.identity_id and f.name = c.name and f.seq = c.seq;

-- name: withdraw
-- Note what customers had forgotten.
insert into remember_forgotten (identity_id, name, seq, at)
select * from unnest(%(identities)s::bigint[], %(names)s::text[], %(seqs)s::bigint[], %(ats)s::timestamptz[])
on conflict do nothing;

-- name: drop_withdrawn
-- Drop those statements of some identities that they have withdrawn since: all that was said until then, and all that
-- was heard until then.
delete from remember_fact f
using remember_forgotten g
where g.identity_id = any (%(identities)s::bigint[]) and f.identity_id = g.identity_id and f.name = g.name
  and (f.at <= g.at or f.seq < g.seq);

-- name: unheard_corrections
-- What an identity corrected or withdrew that the facts follower has not taken in yet, oldest first.
select e.props ->> 'name' as name, k.name as kind, e.props
from store_event e join store_kind k on k.id = e.kind
where e.identity_id = %(identity)s and k.name = any (%(kinds)s::text[])
  and e.seq > coalesce((select cursor from store_follower where name = %(follower)s), 0)
order by e.seq;

-- name: forget_withdrawn
-- Forget what was withdrawn, for a replay.
delete from remember_forgotten;

-- name: forget_facts
-- Forget every statement, for a replay.
delete from remember_fact;

-- name: current
-- A customer's facts now, by any id it ever had.
select f.name, f.value, f.words, f.source, f.verified, f.at, f.seq, f.origin, f.identity_id,
       coalesce(n.label, '') as label
from remember_current f left join remember_fact_name n on n.name = f.name
where f.customer_id = (select customer_id from remember_identity where identity_id = %(customer)s::bigint)
order by f.at desc, f.seq desc, f.name;

-- name: history
-- Every statement of one fact of a customer, the one that holds now first.
select f.name, f.value, f.words, f.source, f.verified, f.at, f.seq, f.origin, f.identity_id,
       coalesce(n.label, '') as label
from remember_counting f left join remember_fact_name n on n.name = f.name
where f.name = %(name)s
  and f.customer_id = (select customer_id from remember_identity where identity_id = %(customer)s::bigint)
order by f.verified desc, f.at desc, f.seq desc;

-- name: everything
-- Every statement of a customer, fact by fact, of each the one that holds now first.
select f.name, f.value, f.words, f.source, f.verified, f.at, f.seq, f.origin, f.identity_id,
       coalesce(n.label, '') as label
from remember_counting f left join remember_fact_name n on n.name = f.name
where f.customer_id = (select customer_id from remember_identity where identity_id = %(customer)s::bigint)
order by f.name, f.verified desc, f.at desc, f.seq desc;

-- name: agree
-- Keep statements of consent with their proof.
insert into remember_consent (identity_id, purpose, channel, seq, at, granted, proof)
select i, p, c, s, a, g, proof::jsonb
from unnest(%(identities)s::bigint[], %(purposes)s::text[], %(channels)s::text[], %(seqs)s::bigint[],
            %(ats)s::timestamptz[], %(granted)s::boolean[], %(proofs)s::text[]) as n (i, p, c, s, a, g, proof)
on conflict do nothing;

-- name: agree_imported
-- Keep grants that a file brought, but for those of identities that had withdrawn and had not granted anew since: an
-- import never turns a withdrawal into a grant.
insert into remember_consent (identity_id, purpose, channel, seq, at, granted, proof)
select i, p, c, s, a, g, proof::jsonb
from unnest(%(identities)s::bigint[], %(purposes)s::text[], %(channels)s::text[], %(seqs)s::bigint[],
            %(ats)s::timestamptz[], %(granted)s::boolean[], %(proofs)s::text[]) as n (i, p, c, s, a, g, proof)
where not exists (
    select from remember_consent w
    where w.identity_id = i and w.purpose = p and w.channel = c and not w.granted and w.seq < s
      and not exists (
        select from remember_consent r
        where r.identity_id = i and r.purpose = p and r.channel = c and r.granted and r.seq > w.seq and r.seq < s
          and r.at >= w.at and coalesce(r.proof ->> 'how', '') <> 'imported'
          and coalesce(r.proof ->> 'verified', '') <> 'false'))
on conflict do nothing;

-- name: fold_allowed
-- What some identities allow now, by their newest statements; a grant that nobody has confirmed says nothing.
with latest as (
    select distinct on (c.identity_id, c.purpose, c.channel)
           c.identity_id, c.purpose, c.channel, c.granted,
           not (c.granted and coalesce(c.proof ->> 'verified', '') = 'false') as counts
    from (select distinct i, p, c from unnest(%(identities)s::bigint[], %(purposes)s::text[], %(channels)s::text[])
              as n (i, p, c)) as touched
    join remember_consent as c on c.identity_id = touched.i and c.purpose = touched.p and c.channel = touched.c
    order by c.identity_id, c.purpose, c.channel, c.at desc, c.seq desc),
gone as (
    delete from remember_allowed as a using latest as l
    where not l.counts and a.identity_id = l.identity_id and a.purpose = l.purpose and a.channel = l.channel)
insert into remember_allowed (identity_id, purpose, channel, granted)
select identity_id, purpose, channel, granted from latest where counts
on conflict (purpose, channel, identity_id) do update set granted = excluded.granted;

-- name: forget_consents
-- Forget every statement of consent, for a replay.
delete from remember_consent;

-- name: forget_allowed
-- Forget what anybody allows, for a replay.
delete from remember_allowed;

-- name: standing
-- What holds for customers (by any id they ever had): a withdrawal of any identity before a grant of another; held
-- where a statement of one of their identities lies in quarantine. A visitor we do not know grants nothing: anybody
-- may say whose address they type, so its owner confirms, and that is another statement.
with mine as (
    select w.id as asked, i.identity_id
    from unnest(%(customers)s::bigint[]) as w (id)
    join remember_identity founding on founding.identity_id = w.id
    join remember_identity i on i.customer_id = founding.customer_id),
latest as (
    select m.asked, c.granted, c.seq, c.at, coalesce(c.proof ->> 'words', '') as words
    from mine m cross join lateral (
        select * from remember_consent
        where identity_id = m.identity_id and purpose = %(purpose)s and channel = %(channel)s
        order by at desc, seq desc limit 1) c
    where not (c.granted and coalesce(c.proof ->> 'verified', '') = 'false'))
select distinct on (l.asked) l.asked, l.granted, l.seq, l.at, l.words,
       exists (select from store_quarantine q join mine m using (identity_id)
               where m.asked = l.asked and q.follower = %(follower)s) as held
from latest l
order by l.asked, l.granted, l.at desc, l.seq desc;

-- name: consents_of
-- Every statement of consent of a customer, by any id it ever had, newest first.
select c.identity_id, c.purpose, c.channel, c.seq, c.at, c.granted, c.proof
from remember_identity r join remember_consent c using (identity_id)
where r.customer_id = (select customer_id from remember_identity where identity_id = %(customer)s::bigint)
order by c.at desc, c.seq desc, c.purpose, c.channel;

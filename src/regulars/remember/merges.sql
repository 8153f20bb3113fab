-- name: tie
-- Keep what joined identities.
insert into remember_tie (seq, other, one, winner, loser, at)
select * from unnest(%(seqs)s::bigint[], %(others)s::bigint[], %(ones)s::bigint[], %(winners)s::bigint[],
                     %(losers)s::bigint[], %(ats)s::timestamptz[]);

-- name: apart_of
-- Which pairs of identities were told apart, of those of some customers: the customer, its identity, and the pair.
select r.customer_id, r.identity_id, a.one, a.other
from remember_identity r join remember_apart a on r.identity_id = a.one
where r.customer_id = any (%(customers)s::bigint[])
union all
select r.customer_id, r.identity_id, a.one, a.other
from remember_identity r join remember_apart a on r.identity_id = a.other
where r.customer_id = any (%(customers)s::bigint[]);

-- name: brought
-- How many known identities each of some browsers has brought to its customer.
select w.id, count(*)
from unnest(%(ids)s::bigint[]) as w (id)
join hear_identity h on h.id = w.id and h.kind = 'anonymous'
join lateral (
    select other as known from remember_tie where one = w.id and undone is null
    union all
    select one from remember_tie where other = w.id and undone is null) t on true
join hear_identity k on k.id = t.known and k.kind = any (%(kinds)s::text[])
group by w.id;

-- name: find_tie
-- One tie, unless it was undone.
select seq, one, other, winner, loser from remember_tie
where seq = %(seq)s and other = %(other)s and undone is null for update;

-- name: ties_of
-- What holds the identities of a customer together.
select t.seq, t.one, t.other, t.winner, t.loser
from remember_identity r join remember_tie t on t.one = r.identity_id and t.undone is null
where r.customer_id = %(customer)s;

-- name: members
-- The identities of a customer.
select r.identity_id as id, h.kind, r.customer_id
from remember_identity r join hear_identity h on h.id = r.identity_id
where r.customer_id = %(customer)s;

-- name: cut
-- Undo a tie.
update remember_tie set undone = %(by)s where seq = %(seq)s and other = %(other)s;

-- name: move
-- Give identities another customer.
update remember_identity set customer_id = %(customer)s, seq = %(seq)s where identity_id = any (%(identities)s::bigint[]);

-- name: tell_apart
-- Note that two identities are not the same customer.
insert into remember_apart (one, other, seq)
values (least(%(one)s::bigint, %(other)s::bigint), greatest(%(one)s::bigint, %(other)s::bigint), %(seq)s)
on conflict (one, other) do update set seq = excluded.seq;

-- name: lift
-- Forget that anything of two customers was told apart.
delete from remember_apart a
using remember_identity mine, remember_identity theirs
where mine.identity_id = a.one and theirs.identity_id = a.other
  and ((mine.customer_id = %(one)s and theirs.customer_id = %(other)s)
       or (mine.customer_id = %(other)s and theirs.customer_id = %(one)s));

-- name: rule
-- Take rules from an event on.
insert into remember_rules (seq, at, rules) values (%(seq)s, %(at)s, %(rules)s::jsonb) on conflict do nothing;

-- name: rule_from_now
-- Take rules from the event on that was appended last; the log is held.
insert into remember_rules (seq, at, rules) select max(seq), %(at)s, %(rules)s::jsonb from store_event;

-- name: rules
-- The rules by which identities are joined, all versions, the newest first; before an event, where one is named.
select seq, at, rules from remember_rules where %(before)s::bigint is null or seq < %(before)s::bigint
order by seq desc limit %(limit)s;

-- name: forget_ties
-- Forget what joined identities, for a replay.
delete from remember_tie;

-- name: forget_apart
-- Forget who was told apart, for a replay.
delete from remember_apart;

-- name: forget_rules
-- Forget all rules, for a replay.
delete from remember_rules;

-- name: joined
-- What made a customer one of several, by any id it ever had, newest first: the merges that hold.
select t.seq, t.one, t.other, t.winner, t.loser, t.at, t.undone, k.name as kind, e.props,
       o.kind as one_kind, o.value as one_value, p.kind as other_kind, p.value as other_value
from remember_identity r
join remember_tie t on t.one = r.identity_id and t.loser is not null and t.undone is null
left join store_event e on e.seq = t.seq left join store_kind k on k.id = e.kind
left join hear_identity o on o.id = t.one left join hear_identity p on p.id = t.other
where r.customer_id = (select customer_id from remember_identity where identity_id = %(customer)s::bigint)
order by t.seq desc, t.other desc limit %(limit)s;

-- name: parted
-- From whom a customer was split, or told apart, by any id it ever had, newest first, as far as it holds.
select a.seq, a.one, a.other, mine.identity_id as mine, theirs.customer_id as customer_id,
       coalesce(c.name, '') as name, e.at, k.name as kind
from remember_identity mine
join remember_apart a on mine.identity_id in (a.one, a.other)
join remember_identity theirs
  on theirs.identity_id = case when a.one = mine.identity_id then a.other else a.one end
left join remember_customer c on c.id = theirs.customer_id
left join store_event e on e.seq = a.seq left join store_kind k on k.id = e.kind
where mine.customer_id = (select customer_id from remember_identity where identity_id = %(customer)s::bigint)
order by a.seq desc limit %(limit)s;

-- When an identity was first heard of: a customer was first met when the first of its identities was.
alter table remember_identity add met_at timestamptz;
update remember_identity r set met_at = e.at
from (select distinct on (identity_id) identity_id, at from store_event order by identity_id, seq) e
where e.identity_id = r.identity_id;

-- What holds identities together: each row joined what was two before, so a customer's rows make a tree. Where one is
-- cut, the tree falls into exactly two.
create table remember_tie (
    seq bigint not null,           -- the event that said so
    other bigint not null,         -- the identity that was linked ...
    one bigint not null,           -- ... to this one
    winner bigint not null,        -- the customer both were from then on
    loser bigint,                  -- the customer that `other` or `one` had been; null: not met before
    at timestamptz not null,
    undone bigint,                 -- the event that undid it
    primary key (seq, other)
);
create index remember_tie_one on remember_tie (one);
create index remember_tie_other on remember_tie (other);

-- Two identities that a person said are not the same customer. Nothing but a person joins their customers again.
create table remember_apart (
    one bigint not null,
    other bigint not null check (one < other),
    seq bigint not null,           -- the event that said so
    primary key (one, other)
);
create index remember_apart_other on remember_apart (other);

-- The rules by which identities are joined, each from an event on.
create table remember_rules (
    seq bigint primary key,
    at timestamptz not null,
    rules jsonb not null
);

-- What was joined before this table was: merges by the identities that founded the customers, ...
insert into remember_tie (seq, other, one, winner, loser, at)
select distinct on ((e.props ->> 'loser')::bigint)
       coalesce(e.cause, e.seq), (e.props ->> 'loser')::bigint, (e.props ->> 'winner')::bigint,
       (e.props ->> 'winner')::bigint, (e.props ->> 'loser')::bigint, e.at
from store_event e join store_kind k on k.id = e.kind and k.name = 'customer.merged'
order by (e.props ->> 'loser')::bigint, e.seq desc;

-- ... and identities that came with a link, by the first event that linked them.
insert into remember_tie (seq, other, one, winner, loser, at)
select distinct on (r.identity_id) e.seq, r.identity_id, e.identity_id, mine.customer_id, null, e.at
from store_event e join store_kind k on k.id = e.kind and k.name = 'identify'
cross join lateral json_array_elements_text(
    case when json_typeof(e.props -> 'links') = 'array' then e.props -> 'links' else '[]'::json end) as l (id)
join remember_identity r on r.identity_id = l.id::bigint
join remember_identity mine on mine.identity_id = e.identity_id and mine.customer_id = r.customer_id
where e.props ->> 'verified' = 'true' and e.identity_id <> r.identity_id and r.customer_id <> r.identity_id
  and not exists (select from remember_tie t where t.other = r.identity_id)
order by r.identity_id, e.seq;

update remember_identity r set met_at = coalesce(r.met_at,
    (select min(t.at) from remember_tie t where t.other = r.identity_id),
    (select c.created_at from remember_customer c where c.id = r.customer_id), now())
where r.met_at is null;
alter table remember_identity alter met_at set not null;

-- Every statement that counts for the customer its identity belongs to: one that another identity of the same customer
-- has withdrawn since does not, as long as they are one.
create view remember_counting as
select r.customer_id, f.*
from remember_identity r join remember_fact f using (identity_id)
where not exists (
    select from remember_identity i join remember_forgotten g on g.identity_id = i.identity_id
    where i.customer_id = r.customer_id and g.name = f.name and (f.at <= g.at or f.seq < g.seq));

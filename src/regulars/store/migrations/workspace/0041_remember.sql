-- That a customer is kept and not used, by identity, each statement with its proof; superseded ones stay.
create table remember_restriction (
    identity_id bigint not null,
    seq bigint not null,           -- the event that said so
    at timestamptz not null,
    restricted boolean not null,   -- false: it was lifted
    proof jsonb not null,          -- the words, and how it was said
    primary key (identity_id, seq)
);

-- The customers who are kept and not used now: one of their identities is.
create view remember_restricted as
select distinct i.customer_id
from (select distinct on (identity_id) identity_id, restricted from remember_restriction
      order by identity_id, at desc, seq desc) latest
join remember_identity i using (identity_id)
where latest.restricted;

-- A statement says itself for whom it holds now, so what holds is not kept a second time; what is computed of a customer
-- is one row. `remember_current` is a view over both. Everything is written anew in one pass a table: nothing is updated.
drop view remember_counting;
alter table remember_fact rename to remember_fact_before;
alter table remember_fact_before rename constraint remember_fact_pkey to remember_fact_before_pkey;
create table remember_fact (
    identity_id bigint not null,
    seq bigint not null,           -- the event it was learned from
    at timestamptz not null,       -- when it was said
    holds_for bigint,              -- the customer for whom it holds now; null: superseded, withdrawn, or computed instead
    verified boolean not null,     -- false: came with a public key or a bare form; never quoted, never an address
    name text not null,
    source text not null,
    origin text not null,          -- where: the form, the source
    wording text not null,         -- in the words in which it was learned; '' where the value says them
    value jsonb not null,          -- of the catalogue's type; null where the words do not fit it
    words text not null generated always as (case when wording = '' then coalesce(value #>> '{}', '') else wording end) virtual
);
insert into remember_fact (identity_id, seq, at, holds_for, verified, name, source, origin, wording, value)
select f.identity_id, f.seq, f.at, c.customer_id, f.verified, f.name, f.source, f.origin,
       case when f.words = coalesce(f.value #>> '{}', '') then '' else f.words end, f.value
from remember_fact_before f
left join remember_current c on c.identity_id = f.identity_id and c.seq = f.seq and c.name = f.name
    and c.source <> 'did' and not exists (select from remember_fact_name n where n.name = c.name and n.computed);

create table remember_computed (
    customer_id bigint,
    facts jsonb not null           -- by name: value, event, moment (microseconds since 1970), words unless the value says them, origin
) with (fillfactor = 85);          -- what somebody does changes a row where it is
insert into remember_computed (customer_id, facts)
select customer_id, jsonb_object_agg(name, jsonb_build_array(
    value, seq, (extract(epoch from at) * 1000000)::bigint, nullif(words, value #>> '{}'), nullif(origin, '')))
from remember_current where source = 'did' group by customer_id;

drop table remember_fact_before;
drop table remember_current;
alter table remember_fact add primary key (identity_id, name, seq);
alter table remember_fact add check (source in ('said', 'did', 'inferred', 'imported'));
alter table remember_computed add primary key (customer_id);
create index remember_fact_holds on remember_fact (holds_for) where holds_for is not null;
-- Lists of customers are narrowed by what somebody said: in words, or as a value where that says something else.
create index remember_fact_words on remember_fact (
    name, lower(left(case when wording = '' then coalesce(value #>> '{}', '') else wording end, 100))) where holds_for is not null;
create index remember_fact_value on remember_fact (name, lower(left(value #>> '{}', 100)))
    where holds_for is not null and wording <> '';
create index remember_fact_list on remember_fact (name) where holds_for is not null and jsonb_typeof(value) = 'array';

-- What holds of a customer now: what was said, and what is computed. Of one name it is one of the two.
create view remember_current as
select holds_for as customer_id, name, identity_id, seq, at, source, verified, value, words, origin
from remember_fact where holds_for is not null
union all
select c.customer_id, n.name, c.customer_id, (c.facts -> n.name ->> 1)::bigint,
       timestamptz 'epoch' + (c.facts -> n.name ->> 2)::bigint * interval '1 microsecond', 'did', true,
       c.facts -> n.name -> 0, coalesce(c.facts -> n.name ->> 3, c.facts -> n.name ->> 0),
       coalesce(c.facts -> n.name ->> 4, '')
from remember_fact_name n join remember_computed c on c.facts ? n.name
where n.computed;

-- Every statement that counts for the customer its identity belongs to: one that another identity of the same customer
-- has withdrawn since does not, as long as they are one.
create view remember_counting as
select r.customer_id, f.identity_id, f.name, f.seq, f.at, f.source, f.verified, f.value, f.words, f.origin, f.holds_for
from remember_identity r join remember_fact f using (identity_id)
where not exists (
    select from remember_identity i join remember_forgotten g on g.identity_id = i.identity_id
    where i.customer_id = r.customer_id and g.name = f.name and (f.at <= g.at or f.seq < g.seq));

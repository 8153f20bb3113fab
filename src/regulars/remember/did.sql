-- name: count
-- Count what identities did; of categories so many an identity: those that it looked at first. Each is looked up by its
-- key (offset 0): else all that was ever counted is read to know which of them are there.
insert into remember_did as d (identity_id, what, about, count, first_at, last_at, seq)
select i, w, a, c, f, l, s
from (
    select u.*, k.known, h.had + row_number() over (partition by i, w, k.known order by place) as nth
    from unnest(%(identities)s::bigint[], %(whats)s::text[], %(abouts)s::text[], %(counts)s::bigint[],
                %(firsts)s::timestamptz[], %(lasts)s::timestamptz[], %(seqs)s::bigint[])
        with ordinality as u (i, w, a, c, f, l, s, place)
    cross join lateral (select w <> 'category' or exists (
        select from remember_did k where k.identity_id = i and k.what = w and k.about = a offset 0) as known) k
    cross join lateral (select case when k.known then 0 else (
        select count(*) from remember_did k where k.identity_id = i and k.what = w) end as had) h) as numbered
where known or nth <= %(most_categories)s
order by i, w, a
on conflict (identity_id, what, about) do update
set count = d.count + excluded.count, first_at = least(d.first_at, excluded.first_at),
    last_at = greatest(d.last_at, excluded.last_at), seq = greatest(d.seq, excluded.seq);

-- name: spoke_of_orders
-- Everybody who ever spoke of the orders that some events speak of: an order may change hands.
select distinct other.identity_id
from remember_order_said s join remember_order_said other using (order_id)
where s.seq = any (%(seqs)s::bigint[]);

-- name: share_orders
-- Everybody who ever spoke of an order that customers spoke of.
select distinct other.identity_id
from remember_identity i join remember_order_said s using (identity_id) join remember_order_said other using (order_id)
where i.customer_id = any (%(customers)s::bigint[]);

-- name: counted
-- What customers did, over their identities: each with the last event that was counted; and whether a category is one
-- that no server has said of a product.
select i.customer_id, d.what, d.about, sum(d.count)::bigint as count, min(d.first_at) as first_at,
       max(d.last_at) as last_at, max(d.seq) as seq,
       d.what = 'category' and not exists (
           select from remember_product p where p.category = d.about and p.said ? 'category') as overheard
from remember_identity i join remember_did d using (identity_id)
where i.customer_id = any (%(customers)s::bigint[])
group by i.customer_id, d.what, d.about
order by i.customer_id, d.what, d.about;

-- name: bought
-- What customers' orders come to, currency by currency; never more than is anybody's money.
select i.customer_id, o.currency,
       count(*) filter (where o.placed_at is not null and o.state <> 'cancelled') as orders,
       count(*) filter (where o.placed_at is not null and o.state <> 'cancelled' and o.total_known) as priced,
       greatest(least(sum(o.net), %(most)s), -%(most)s)::bigint as net,
       min(o.placed_at) filter (where o.state <> 'cancelled') as first_at,
       max(o.placed_at) filter (where o.state <> 'cancelled') as last_at,
       max(o.changed_at) as changed_at, max(s.seq) as seq
from remember_identity i join remember_order o using (identity_id)
cross join lateral (select max(seq) as seq from remember_order_said where order_id = o.id) s
where i.customer_id = any (%(customers)s::bigint[])
group by i.customer_id, o.currency
order by i.customer_id, o.currency;

-- name: favourites
-- What customers bought most pieces of, not counting what came back: a product, and a category. Each is called by
-- what a server said; `overheard` is what only browser keys said.
with pieces as (
    select i.customer_id, l.product,
           coalesce(case when not l.public then nullif(l.name, '') end, case when p.said ? 'name' then p.name end,
                    case when l.public then coalesce(nullif(l.name, ''), nullif(p.name, '')) end, l.product) as name,
           l.public and not coalesce(p.said ? 'name', false) as overheard,
           coalesce(case when not l.public then nullif(l.category, '') end,
                    case when p.said ? 'category' then p.category end,
                    case when l.public then coalesce(nullif(l.category, ''), p.category) end, '') as category,
           l.public and not coalesce(p.said ? 'category', false) as category_overheard,
           l.quantity - l.refunded as quantity, o.placed_at, s.seq
    from remember_identity i join remember_order o using (identity_id)
    join remember_order_line l on l.order_id = o.id
    left join remember_product p on p.id = l.product
    cross join lateral (select max(seq) as seq from remember_order_said where order_id = o.id) s
    where i.customer_id = any (%(customers)s::bigint[]) and o.state <> 'cancelled'),
products as (
    select distinct on (customer_id) customer_id, name, at, seq, overheard from (
        select customer_id, product, (array_agg(name order by overheard, placed_at desc, name))[1] as name,
               bool_and(overheard) as overheard,
               sum(quantity) as pieces, max(placed_at) as at, max(seq) as seq
        from pieces group by customer_id, product) each
    where pieces > 0
    order by customer_id, pieces desc, at desc, product),
categories as (
    select distinct on (customer_id) customer_id, category, at, seq, overheard from (
        select customer_id, category, bool_and(category_overheard) as overheard, sum(quantity) as pieces, max(placed_at) as at, max(seq) as seq
        from pieces where category <> '' group by customer_id, category) each
    where pieces > 0
    order by customer_id, pieces desc, at desc, category)
select customer_id, 'favourite_product' as fact, name as text, at, seq, overheard from products
union all
select customer_id, 'favourite_category', category, at, seq, overheard from categories;

-- name: withheld
-- The computed facts that customers had forgotten: they are not computed again.
select distinct i.customer_id, g.name
from remember_identity i join remember_forgotten g using (identity_id)
where i.customer_id = any (%(customers)s::bigint[]);

-- name: computed_names
-- The computed facts of the catalogue.
select name from remember_fact_name where computed;

-- name: declare
-- Enter computed facts into the catalogue; what a shop sent or a form asked by that name gives way, and since when is noted.
insert into remember_fact_name as n (name, kind, label, computed)
select name, kind, label, true from unnest(%(names)s::text[], %(kinds)s::text[], %(labels)s::text[])
    as d (name, kind, label)
on conflict (name) do update
set kind = excluded.kind, computed = true, outranked_at = now(), label = case when n.label = '' then excluded.label else n.label end;

-- name: hold_facts
-- Let nobody learn facts until the end of the transaction: what is newly computed nobody can say any more.
lock table remember_fact in share row exclusive mode;

-- name: hush
-- What others said by the names of computed facts does not hold.
update remember_fact set holds_for = null where holds_for is not null and name = any (%(names)s::text[]);

-- name: drop_stale
-- Drop what was computed of customers of whom nothing is.
delete from remember_computed where customer_id = any (%(customers)s::bigint[]);

-- name: write
-- Write computed facts; one that comes to the same keeps the moment and the event since when it does. Those of some other
-- names stay, unless they were withdrawn.
with gone as materialized (
    select i.customer_id, g.name from remember_identity i join remember_forgotten g using (identity_id)
    where i.customer_id = any (%(owners)s::bigint[])),
made as materialized (
    select d.customer_id, k.facts as before, coalesce((
        select jsonb_object_agg(u.key, u.value) from jsonb_each(k.facts) u
        where u.key = any (%(besides)s::text[])
          and not exists (select from gone g where g.customer_id = d.customer_id and g.name = u.key)), '{}') || (
        select jsonb_object_agg(n.key, case
            when k.facts -> n.key -> 0 = n.value -> 0 and k.facts -> n.key ->> 4 is not distinct from n.value ->> 4
            then k.facts -> n.key else n.value end)
        from jsonb_each(d.facts::jsonb) n) as facts
    from unnest(%(owners)s::bigint[], %(facts)s::text[]) as d (customer_id, facts)
    left join remember_computed k on k.customer_id = d.customer_id)
insert into remember_computed as c (customer_id, facts)
select customer_id, facts from made where facts is distinct from before
on conflict (customer_id) do update set facts = excluded.facts;

-- name: hold_customers
-- Who of some customers is there, held so that they stay.
select id from remember_customer where id = any (%(customers)s::bigint[]) order by id for key share;

-- name: write_understood
-- Make the computed facts of some names what they are now, and leave the others; say of whom something changed.
insert into remember_computed as c (customer_id, facts)
select d.customer_id, coalesce(k.facts, '{}') - %(names)s::text[] || coalesce((
    select jsonb_object_agg(n.key, case when k.facts -> n.key -> 0 = n.value -> 0 then k.facts -> n.key else n.value end)
    from jsonb_each(d.facts::jsonb) n), '{}')
from unnest(%(owners)s::bigint[], %(facts)s::text[]) as d (customer_id, facts)
left join remember_computed k on k.customer_id = d.customer_id
where k.customer_id is not null or d.facts <> '{}'
on conflict (customer_id) do update set facts = excluded.facts where c.facts <> excluded.facts
returning customer_id;

-- name: forget_counts
-- Forget what was counted, for a replay.
delete from remember_did;

-- name: forget_computed
-- Forget the computed facts of everybody, for a replay, but those of some names.
update remember_computed c set facts = coalesce((
    select jsonb_object_agg(f.key, f.value) from jsonb_each(c.facts) f where f.key = any (%(besides)s::text[])), '{}');

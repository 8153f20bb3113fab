-- name: keep_said
-- Keep what was said of orders. Of what browser keys say it is so much of an order by one identity, and so much of an
-- order at all: what was said first.
insert into remember_order_said (order_id, seq, identity_id, at, said, public)
select o, s, i, a, d::jsonb, p
from (select mine.*, row_number() over (partition by o, p order by s) + (
          select count(*) from remember_order_said k where k.order_id = o and k.public) as among_all
      from (select n.*, row_number() over (partition by o, i, p order by s) + (
                select count(*) from remember_order_said k where k.order_id = o and k.identity_id = i and k.public)
                as among_own
            from unnest(%(orders)s::text[], %(seqs)s::bigint[], %(identities)s::bigint[], %(ats)s::timestamptz[],
                        %(saids)s::text[], %(publics)s::boolean[]) as n (o, s, i, a, d, p)) as mine
      where not p or among_own <= %(most_own)s) as every
where not p or among_all <= %(most)s
on conflict do nothing;

-- name: orders_of_customers
-- The orders of which any identity of some customers has spoken.
select distinct s.order_id from remember_order_said s join remember_identity i using (identity_id)
where i.customer_id = any (%(customers)s::bigint[]);

-- name: heard_of
-- Everything that was said of some orders; a browser is known once it belongs to somebody who is.
select s.order_id, s.seq, s.identity_id, s.at,
       coalesce(h.kind <> 'anonymous', false) or exists (
           select from remember_identity o join hear_identity oh on oh.id = o.identity_id
           where o.customer_id = i.customer_id and oh.kind <> 'anonymous') as known,
       i.customer_id, s.said, s.public
from remember_order_said s
left join hear_identity h on h.id = s.identity_id
left join remember_identity i on i.identity_id = s.identity_id
where s.order_id = any (%(orders)s::text[])
order by s.order_id, s.at, s.seq;

-- name: forget_lines
-- Drop the lines of some orders.
delete from remember_order_line where order_id = any (%(orders)s::text[]);

-- name: write_orders
-- Write orders as they are now.
insert into remember_order as o (id, identity_id, seq, placed_at, changed_at, state, currency, total, total_known,
                                 refunded, net, coupon)
select r.id, r.identity_id, r.seq, r.placed_at, r.changed_at, r.state, r.currency, r.total, r.total_known, r.refunded, r.net,
       r.coupon
from jsonb_to_recordset(%(rows)s) as r (id text, identity_id bigint, seq bigint, placed_at timestamptz,
     changed_at timestamptz, state text, currency text, total bigint, total_known boolean, refunded bigint, net bigint,
     coupon text)
on conflict (id) do update
set identity_id = excluded.identity_id, seq = excluded.seq, placed_at = excluded.placed_at,
    changed_at = excluded.changed_at, state = excluded.state, currency = excluded.currency, total = excluded.total,
    total_known = excluded.total_known, refunded = excluded.refunded, net = excluded.net, coupon = excluded.coupon;

-- name: write_lines
-- Write the lines of orders.
insert into remember_order_line (order_id, n, product, name, category, price, quantity, refunded,
                                 public)
select * from unnest(%(orders)s::text[], %(ns)s::int[], %(products)s::text[], %(names)s::text[], %(categories)s::text[],
                     %(prices)s::bigint[], %(quantities)s::int[], %(refunded)s::int[],
                     %(publics)s::boolean[]);

-- name: forget_said
-- Forget what was said of orders, for a replay.
delete from remember_order_said;

-- name: forget_orders
-- Forget all orders, for a replay.
delete from remember_order;

-- name: forget_products
-- Forget all products, for a replay.
delete from remember_product;

-- name: hold_products
-- Some products as they are, held to the end of the transaction.
select id, name, category, brand, price, currency, image, url, said, overheard, views, first_seen, last_seen
from remember_product where id = any (%(ids)s::text[]) order by id for update;

-- name: count_all_products
-- How many products there are, counted up to a number.
select count(*) from (select from remember_product limit %(most)s) as counted;

-- name: write_products
-- Write products as they are now.
insert into remember_product as p (id, name, category, brand, price, currency, image, url, said, overheard, views,
                                   first_seen, last_seen, folded)
select r.id, r.name, r.category, r.brand, r.price, r.currency, r.image, r.url, r.said, r.overheard, r.views,
       r.first_seen, r.last_seen, r.folded
from jsonb_to_recordset(%(rows)s) as r (id text, name text, category text, brand text, price bigint, currency text,
     image text, url text, said jsonb, overheard jsonb, views bigint, first_seen timestamptz, last_seen timestamptz,
     folded text)
on conflict (id) do update
set name = excluded.name, category = excluded.category, brand = excluded.brand, price = excluded.price,
    currency = excluded.currency, image = excluded.image, url = excluded.url, said = excluded.said,
    overheard = excluded.overheard, views = excluded.views, first_seen = excluded.first_seen, last_seen = excluded.last_seen, folded = excluded.folded;

-- name: list_orders
-- Orders, those that changed last first: of everybody or of one customer, in one state or any, behind a place.
select o.id, o.identity_id, o.seq, o.placed_at, o.changed_at, o.state, o.currency, o.total, o.total_known, o.refunded, o.net,
       o.coupon, i.customer_id, coalesce(c.name, '') as customer
from remember_order o
left join remember_identity i on i.identity_id = o.identity_id
left join remember_customer c on c.id = i.customer_id
where (%(identities)s::bigint[] is null or o.identity_id = any (%(identities)s::bigint[]))
  and (%(state)s::text = '' or o.state = %(state)s::text)
  and (%(q)s::text = '' or o.id = %(q)s::text)
  and (%(product)s::text = ''
       or exists (select from remember_order_line l where l.order_id = o.id and l.product = %(product)s::text))
  and (%(at)s::timestamptz is null or (o.changed_at, o.id) < (%(at)s::timestamptz, %(id)s::text))
order by o.changed_at desc, o.id desc limit %(limit)s;

-- name: count_orders
-- How many orders there are, counted up to a number.
select count(*) from (
    select from remember_order o
    where (%(identities)s::bigint[] is null or o.identity_id = any (%(identities)s::bigint[]))
      and (%(state)s::text = '' or o.state = %(state)s::text)
      and (%(q)s::text = '' or o.id = %(q)s::text)
      and (%(product)s::text = ''
           or exists (select from remember_order_line l where l.order_id = o.id and l.product = %(product)s::text))
    limit %(most)s) as counted;

-- name: get_order
-- One order.
select o.id, o.identity_id, o.seq, o.placed_at, o.changed_at, o.state, o.currency, o.total, o.total_known, o.refunded, o.net,
       o.coupon, i.customer_id, coalesce(c.name, '') as customer
from remember_order o
left join remember_identity i on i.identity_id = o.identity_id
left join remember_customer c on c.id = i.customer_id
where o.id = %(id)s::text;

-- name: lines_of
-- The lines of an order.
select product, name, category, price, quantity, refunded, public from remember_order_line
where order_id = %(id)s::text order by n;

-- name: said_of_order
-- What was said of an order, event by event.
select seq, identity_id, at, said ->> 'what' as what from remember_order_said
where order_id = %(id)s::text order by at, seq;

-- name: list_products
-- Products, those seen last first, behind a place.
select id, name, category, brand, price, currency, image, url, views, first_seen, last_seen,
       (select coalesce(sum(l.quantity - l.refunded), 0) from remember_order_line l
        join remember_order o on o.id = l.order_id
        where l.product = p.id and o.state <> 'cancelled') as sold
from remember_product p
where folded like all (%(patterns)s::text[])
  and (%(category)s::text = '' or category = %(category)s::text)
  and (%(at)s::timestamptz is null or (last_seen, id) < (%(at)s::timestamptz, %(id)s::text))
order by last_seen desc, id desc limit %(limit)s;

-- name: count_products
-- How many products there are.
select count(*) from remember_product
where folded like all (%(patterns)s::text[]) and (%(category)s::text = '' or category = %(category)s::text);

-- name: get_product
-- One product.
select id, name, category, brand, price, currency, image, url, views, first_seen, last_seen,
       (select coalesce(sum(l.quantity - l.refunded), 0) from remember_order_line l
        join remember_order o on o.id = l.order_id
        where l.product = p.id and o.state <> 'cancelled') as sold
from remember_product p where id = %(id)s::text;

-- name: categories
-- The categories of products, those with most products first.
select category from remember_product where category <> '' group by category order by count(*) desc, category
limit 200;

-- name: stages_made
-- How far the events are read; when the kinds of product were made, and how far that was then.
select seq, kinds_at, kinds_seq from understand_stages_made;

-- name: note_stages
-- Note how far the events are read. Whoever else reads them waits here.
insert into understand_stages_made as m (seq) values (%(seq)s)
on conflict (one) do update set seq = excluded.seq where m.seq < excluded.seq;

-- name: hold_stages
-- How far the events are read, held until the transaction ends.
select seq from understand_stages_made for update;

-- name: followed_to
-- Up to which event all is derived that stages rest on.
select coalesce(min(cursor), 0) from store_follower where name = any (%(names)s::text[]);

-- name: due_customers
-- Whom time may have moved to another stage, some at a time.
select customer_id from understand_stage_due where due <= %(today)s::date order by due, customer_id limit %(limit)s;

-- name: signs
-- What some customers looked at since a moment, the newest of each first: what no retention has taken from it.
select i.customer_id, e.seq, e.identity_id, e.at, e.kind, e.props, e.public
from remember_identity as i
cross join lateral (
    select s.seq, s.identity_id, s.at, k.name as kind, s.props, coalesce(s.public, false) as public
    from store_event as s join store_kind as k on k.id = s.kind
    where s.identity_id = i.identity_id and s.at > %(since)s::timestamptz and s.cut is not true
      and s.kind in (select n.id from store_kind as n where n.name = any (%(kinds)s::text[]))
    order by s.at desc limit %(most)s) as e
where i.customer_id = any (%(customers)s::bigint[])
  and i.customer_id not in (select r.customer_id from remember_restricted as r);

-- name: placed
-- What some customers ordered and kept, with its category as the catalogue says it, or else the order.
select i.customer_id, o.placed_at as at, o.seq, l.product, coalesce(nullif(p.category, ''), l.category) as category
from remember_identity as i join remember_order as o on o.identity_id = i.identity_id
join remember_order_line as l on l.order_id = o.id left join remember_product as p on p.id = l.product
where i.customer_id = any (%(customers)s::bigint[]) and o.placed_at is not null and o.state not in ('cancelled', 'refunded')
  and l.quantity > l.refunded and i.customer_id not in (select r.customer_id from remember_restricted as r)
group by i.customer_id, o.id, l.product, l.category, p.category;

-- name: categories_of
-- The categories of some products.
select id, category from remember_product where id = any (%(products)s::text[]) and category <> '';

-- name: vouched
-- Which of some categories a server said of a product.
select distinct category from remember_product where category = any (%(categories)s::text[]) and said ? 'category';

-- name: drop_stages
-- Drop the stages of some customers.
delete from understand_stage where customer_id = any (%(customers)s::bigint[]);

-- name: put_stages
-- Keep at which stages customers are.
insert into understand_stage (customer_id, category, stage, at)
select * from unnest(%(customers)s::bigint[], %(categories)s::text[], %(stages)s::text[], %(ats)s::timestamptz[])
on conflict (customer_id, category) do update set stage = excluded.stage, at = excluded.at;

-- name: drop_due
-- Drop when some customers are looked at again.
delete from understand_stage_due where customer_id = any (%(customers)s::bigint[]);

-- name: put_due
-- Keep when customers are looked at again.
insert into understand_stage_due (customer_id, due) select * from unnest(%(customers)s::bigint[], %(dues)s::date[])
on conflict (customer_id) do update set due = excluded.due;

-- name: drop_ways
-- Drop how some customers bought.
delete from understand_way where customer_id = any (%(customers)s::bigint[]);

-- name: put_ways
-- Keep how customers bought.
insert into understand_way (customer_id, product, orders, again, watched, compared, last_at)
select * from unnest(%(customers)s::bigint[], %(products)s::text[], %(orders)s::int[], %(agains)s::int[],
    %(watcheds)s::int[], %(compareds)s::int[], %(lasts)s::timestamptz[])
on conflict (customer_id, product) do update set orders = excluded.orders, again = excluded.again,
    watched = excluded.watched, compared = excluded.compared, last_at = excluded.last_at;

-- name: drop_kinds
-- Drop the kinds of all products.
delete from understand_kind;

-- name: make_kinds
-- Say of each product that enough customers bought since a moment what kind it is: one that a third of the orders buy again, one
-- that half of those who are known to have looked had compared, or one that is bought at sight; '' where that is not known.
insert into understand_kind (product, kind, customers, orders, again, watched, compared)
select product, case when 3 * again >= orders then 'standard' when watched < %(fewest)s then ''
                     when 2 * compared >= watched then 'compared' else 'at_sight' end,
       customers, orders, again, watched, compared
from (select product, count(*)::int as customers, sum(orders)::int as orders, sum(again)::int as again,
             sum(watched)::int as watched, sum(compared)::int as compared
      from understand_way where last_at >= %(since)s::timestamptz group by product) as each
where customers >= %(fewest)s;

-- name: note_kinds
-- Note when the kinds were made, and how far the events were read then.
update understand_stages_made set kinds_at = %(now)s, kinds_seq = seq;

-- name: stage_counts
-- How many customers are at each stage of each category; those categories first in which most are.
select category, count(*)::int as customers, count(*) filter (where stage = 'intent')::int as intent,
       count(*) filter (where stage = 'evaluation')::int as evaluation, count(*) filter (where stage = 'purchase')::int as purchase,
       count(*) filter (where stage = 'after_sale')::int as after_sale
from understand_stage group by category order by customers desc, category limit %(limit)s;

-- name: people_at
-- Who is at a stage in a category, by number, behind one; of those whom the words of a search find, if there are any.
select s.customer_id, coalesce(c.name, '') as name, s.at
from understand_stage as s left join remember_customer as c on c.id = s.customer_id
where s.category = %(category)s and s.stage = %(stage)s and s.customer_id > %(after)s::bigint
  and (%(patterns)s::text[] = '{}' or s.customer_id in (
      select f.id from remember_customer as f
      where remember_grams(f.folded) @> (select %(grams)s::text[]) and f.folded like all (%(patterns)s::text[])))
order by s.customer_id limit %(limit)s;

-- name: kind_counts
-- How many products are of each kind.
select kind, count(*)::int as products, sum(orders)::int as orders from understand_kind group by kind order by kind;

-- name: kinds
-- Products with their kinds, those in most orders first.
select k.product, coalesce(nullif(p.name, ''), k.product) as name, k.kind, k.customers, k.orders, k.again, k.watched, k.compared
from understand_kind as k left join remember_product as p on p.id = k.product
where %(kind)s::text is null or k.kind = %(kind)s::text
order by k.orders desc, k.product limit %(limit)s;

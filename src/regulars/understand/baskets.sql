-- name: stand
-- What the orders have come to: how many there are to look at, first of all. It changes with every word about an order, with
-- whose they are, with who is kept and not used, and with who was forgotten.
select concat_ws(' ',
    (select count(*) from remember_order where placed_at is not null and state not in ('cancelled', 'refunded')),
    (select max(seq) from remember_order_said),
    (select max(seq) from remember_tie), (select max(undone) from remember_tie),
    (select max(seq) from remember_restriction), (select count(*) from remember_erasure where state = 'done'));

-- name: baskets
-- The newest orders, each as whose it is and what of it did not come back. Who is kept and not used is left out.
select array[i.customer_id::text] || array_agg(distinct l.product)
from (select id, identity_id from remember_order
      where placed_at is not null and state not in ('cancelled', 'refunded')
      order by changed_at desc, id desc limit %(most)s::bigint) as o
join remember_identity as i on i.identity_id = o.identity_id
join remember_order_line as l on l.order_id = o.id
where l.quantity > l.refunded and i.customer_id not in (select r.customer_id from remember_restricted as r)
group by o.id, i.customer_id;

-- name: note_made
-- Note when it was made anew, and of what. Whoever else makes it waits here.
insert into understand_together_made as m (stand, made_at, orders, fewest, cut)
values (%(stand)s, %(now)s, %(orders)s, %(fewest)s, %(cut)s::text[])
on conflict (one) do update set stand = excluded.stand, made_at = excluded.made_at, orders = excluded.orders,
    fewest = excluded.fewest, cut = excluded.cut;

-- name: drop_rules
-- Drop all rules.
delete from understand_together;

-- name: add_rules
-- Keep rules. What is given comes as JSON.
insert into understand_together (id, given, follows, orders, given_orders, follows_orders, all_orders, customers, strongest)
select id, array(select jsonb_array_elements_text(given::jsonb)), follows, orders, given_orders, follows_orders,
       %(all_orders)s, customers, strongest
from unnest(%(ids)s::text[], %(givens)s::text[], %(follows)s::text[], %(orders)s::int[], %(given_orders)s::int[],
            %(follows_orders)s::int[], %(customers)s::int[], %(strongest)s::boolean[])
    as n (id, given, follows, orders, given_orders, follows_orders, customers, strongest);

-- name: made
-- When it was made, and of what.
select stand, made_at, orders, fewest, cut from understand_together_made;

-- name: list_rules
-- Rules, in the order that is wanted, behind a place; without one, and without a limit, all of them.
select t.id, t.given, t.follows, t.orders, t.given_orders, t.follows_orders, t.all_orders, t.customers, t.support,
       t.confidence, t.lift, r.rank
from understand_together as t
cross join lateral (select case %(by)s::text when 'confidence' then t.confidence when 'orders' then t.orders::float8
                           else t.lift end as rank) as r
where (%(product)s::text = '' or t.follows = %(product)s::text or t.given @> array[%(product)s::text])
  and (%(given)s::text = '' or t.given = array[%(given)s::text])
  and (%(patterns)s::text[] = '{}' or exists (
      select from remember_product as p where p.id = any (t.given || t.follows) and p.folded like all (%(patterns)s::text[])))
  and t.lift >= %(lift)s::float8 and t.confidence >= %(confidence)s::float8 and t.orders >= %(orders)s::int
  and case %(only)s::text when 'pairs' then cardinality(t.given) = 1 when 'more' then cardinality(t.given) > 1
      else true end
  and (t.strongest or not %(strongest)s::boolean)
  and (%(rank)s::float8 is null or (r.rank, t.id) < (%(rank)s::float8, %(id)s::text))
order by r.rank desc, t.id desc limit %(limit)s::bigint;

-- name: most_bought_given
-- The product that is given in most orders, of those that something is bought with.
select given[1] from understand_together where cardinality(given) = 1 order by given_orders desc, given[1] limit 1;

-- name: called
-- What some products are called.
select id, name from remember_product where id = any (%(products)s::text[]) and name <> '';

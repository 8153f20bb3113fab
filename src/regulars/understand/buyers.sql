-- name: bounds
-- From which value on somebody is in each fifth of those who buy: by the day of their last order, by how many they made, and by
-- what these come to in the currency of most of them. Who has the same value is in the same fifth.
with each as (
    select i.customer_id, o.currency, count(*) as orders, sum(o.net) as net, max(o.placed_at) as last_at
    from remember_order as o join remember_identity as i on i.identity_id = o.identity_id
    where o.placed_at is not null and o.state <> 'cancelled'
      and i.customer_id not in (select r.customer_id from remember_restricted as r)
    group by i.customer_id, o.currency),
said as (
    select 'recency' as what, '' as currency, (max(last_at) at time zone %(zone)s::text)::date - date '2000-01-01' as value
    from each group by customer_id
    union all select 'frequency', '', sum(orders) from each group by customer_id
    union all select 'money', currency, net from (
        select distinct on (customer_id) currency, net from each order by customer_id, orders desc, net desc, currency) as most),
ranked as (
    select what, currency, value, rank() over (partition by what, currency order by value) - 1 as less,
           count(*) over (partition by what, currency) as number
    from said)
select what, currency, min(value)::bigint as value
from ranked cross join generate_series(0, 4) as fifth
where number >= %(fewest)s::int and 5 * less >= fifth * number
group by what, currency, fifth order by what, currency, fifth;

-- name: walk
-- How far a walk is.
select stand, zone, after, bounds from understand_buyers_walk;

-- name: hold_walk
-- How far a walk is, held until the transaction ends.
select stand, zone, after, bounds from understand_buyers_walk for update;

-- name: begin_walk
-- Begin a walk, where none is under way.
insert into understand_buyers_walk (stand, zone, bounds) values (%(stand)s, %(zone)s, %(bounds)s::jsonb)
on conflict (one) do nothing;

-- name: step
-- Note the last customer who is ranked.
update understand_buyers_walk set after = %(after)s;

-- name: end_walk
-- End a walk.
delete from understand_buyers_walk;

-- name: next_customers
-- The next customers, by number, who buy or bought.
select customer_id from (
    (select customer_id from understand_buyer where customer_id > %(after)s::bigint order by customer_id limit %(limit)s)
    union
    (select distinct i.customer_id from remember_identity as i
     where i.customer_id > %(after)s::bigint and exists (
         select from remember_order as o where o.identity_id = i.identity_id)
     order by i.customer_id limit %(limit)s)) as either
order by customer_id limit %(limit)s;

-- name: bought
-- What the orders of some customers come to, currency by currency; and the last event by which one was told of.
select i.customer_id, o.currency, count(*)::int as orders, sum(o.net)::bigint as net, min(o.placed_at) as first_at,
       max(o.placed_at) as last_at, ((max(o.placed_at) at time zone %(zone)s::text)::date - date '2000-01-01') as day, max(o.seq) as seq
from remember_identity as i join remember_order as o on o.identity_id = i.identity_id
where i.customer_id = any (%(customers)s::bigint[]) and o.placed_at is not null and o.state <> 'cancelled'
  and i.customer_id not in (select r.customer_id from remember_restricted as r)
group by i.customer_id, o.currency;

-- name: drop_buyers
-- Drop those of some customers who buy no more.
delete from understand_buyer where customer_id = any (%(customers)s::bigint[]);

-- name: put_buyers
-- Keep who buys, ranked.
insert into understand_buyer as b (customer_id, first_at, last_at, orders, currency, net, recency, frequency, money)
select * from unnest(%(customers)s::bigint[], %(firsts)s::timestamptz[], %(lasts)s::timestamptz[], %(orders)s::int[],
    %(currencies)s::text[], %(nets)s::bigint[], %(recencies)s::smallint[], %(frequencies)s::smallint[], %(moneys)s::smallint[])
on conflict (customer_id) do update set first_at = excluded.first_at, last_at = excluded.last_at, orders = excluded.orders,
    currency = excluded.currency, net = excluded.net, recency = excluded.recency, frequency = excluded.frequency,
    money = excluded.money
where (b.first_at, b.last_at, b.orders, b.currency, b.net) is distinct from
      (excluded.first_at, excluded.last_at, excluded.orders, excluded.currency, excluded.net)
   or (b.recency, b.frequency, b.money) is distinct from (excluded.recency, excluded.frequency, excluded.money);

-- name: by_month
-- What was bought in each month of a clock, by those who are new and those who return; as JSON, a row a currency, and one of all.
with bought as (
    select i.customer_id, o.currency, o.net, date_trunc('month', o.placed_at at time zone %(zone)s::text)::date as month
    from remember_order as o join remember_identity as i on i.identity_id = o.identity_id
    where o.placed_at is not null and o.state <> 'cancelled'
      and i.customer_id not in (select r.customer_id from remember_restricted as r)),
told as (select *, month > min(month) over (partition by customer_id) as again from bought)
select month, case when grouping(currency) = 0 then currency end as currency,
       count(distinct customer_id) filter (where not again)::int as new_customers,
       count(distinct customer_id) filter (where again)::int as returning_customers,
       count(*) filter (where not again)::int as new_orders, count(*) filter (where again)::int as returning_orders,
       case when grouping(currency) = 0 then coalesce(sum(net) filter (where not again), 0) else 0 end::bigint as new_net,
       case when grouping(currency) = 0 then coalesce(sum(net) filter (where again), 0) else 0 end::bigint as returning_net
from told group by grouping sets ((month), (month, currency)) order by month, currency nulls first;

-- name: how_many
-- How many customers buy, in how many orders, which have so many lines.
with bought as (
    select o.id, i.customer_id
    from remember_order as o join remember_identity as i on i.identity_id = o.identity_id
    where o.placed_at is not null and o.state <> 'cancelled'
      and i.customer_id not in (select r.customer_id from remember_restricted as r))
select count(distinct customer_id)::int as customers, count(*)::int as orders,
       (select count(*)::int from remember_order_line as l where l.order_id in (select id from bought)) as lines
from bought;

-- name: note_buyers_made
-- Note when it was made anew, and of what. Whoever else makes it waits here.
insert into understand_buyers_made as m (stand, made_at, customers, orders, lines)
values (%(stand)s, %(now)s, %(customers)s, %(orders)s, %(lines)s)
on conflict (one) do update set stand = excluded.stand, made_at = excluded.made_at, customers = excluded.customers,
    orders = excluded.orders, lines = excluded.lines;

-- name: drop_months
-- Drop all months.
delete from understand_buying_month;

-- name: put_months
-- Keep months.
insert into understand_buying_month
select * from unnest(%(months)s::date[], %(currencies)s::text[], %(new_customers)s::int[], %(returning_customers)s::int[],
    %(new_orders)s::int[], %(returning_orders)s::int[], %(new_nets)s::bigint[], %(returning_nets)s::bigint[]);

-- name: buyers_made
-- When it was made, and of what.
select stand, made_at, customers, orders, lines from understand_buyers_made;

-- name: months
-- What was bought in each month, the last first; of each the row of all first.
select * from understand_buying_month order by month desc, currency nulls first;

-- name: money
-- What all orders come to in each currency, those of most orders first.
select currency, sum(new_orders + returning_orders)::int as orders, sum(new_net + returning_net)::bigint as net
from understand_buying_month where currency is not null group by currency order by orders desc, currency;

-- name: cells
-- How many customers are in each cell, how many orders they made, and what those in the currency of most of their orders come to.
select recency, frequency, sum(customers)::int as customers, sum(orders)::int as orders,
       jsonb_object_agg(currency, net) as net, max(last_at) as last_at
from (select recency, frequency, currency, count(*) as customers, sum(orders) as orders, sum(net) as net, max(last_at) as last_at
      from understand_buyer where recency is not null group by recency, frequency, currency) as each
group by recency, frequency order by recency desc, frequency desc;

-- name: people
-- Who is in a cell, by number, behind one; of those whom the words of a search find, where there are any.
select b.customer_id, coalesce(c.name, '') as name, b.orders, b.currency, b.net, b.last_at, b.money
from understand_buyer as b left join remember_customer as c on c.id = b.customer_id
where b.recency = %(recency)s::smallint and b.frequency = %(frequency)s::smallint and b.customer_id > %(after)s::bigint
  and (%(patterns)s::text[] = '{}' or b.customer_id in (
      select f.id from remember_customer as f
      where remember_grams(f.folded) @> (select %(grams)s::text[]) and f.folded like all (%(patterns)s::text[])))
order by b.customer_id limit %(limit)s;

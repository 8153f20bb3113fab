-- name: standing
-- How the finding of groups stands.
select wished, asked_at, begun_at, tried_at, problem, model is not null as walking, done, whole, made_at, newest, customers, drawn,
       apart, facts
from understand_grouping;

-- name: hold_standing
-- The same, held until the transaction ends.
select wished, asked_at, begun_at, tried_at, problem, model is not null as walking, done, whole, made_at, newest, customers, drawn,
       apart, facts
from understand_grouping for update;

-- name: ask
-- Want groups found now, so many of them or as many as the customers show.
update understand_grouping set asked_at = %(now)s, wished = %(wished)s::smallint;

-- name: begin
-- Begin to learn.
update understand_grouping set begun_at = %(now)s, asked_at = null;

-- name: fail
-- Note why there is nothing to walk by.
update understand_grouping set begun_at = null, tried_at = %(now)s, problem = %(problem)s;

-- name: begin_walk
-- Begin to put everybody into a group.
update understand_grouping set begun_at = null, tried_at = %(now)s, problem = '', model = %(model)s::jsonb, after = 0, done = 0,
    whole = %(whole)s;

-- name: hold_walk
-- How far a walk is, held until the transaction ends.
select model, after from understand_grouping where model is not null for update;

-- name: step
-- Note the last customer who is in a group, and how many that are.
update understand_grouping set after = %(after)s, done = done + %(more)s;

-- name: end_walk
-- End a walk: this is what came of it.
update understand_grouping set model = null, made_at = %(now)s, newest = %(newest)s, drawn = %(drawn)s, apart = %(apart)s,
    facts = %(facts)s::text[], customers = (select count(*) from understand_grouped);

-- name: newest
-- The newest customer.
select coalesce(max(id), 0) from remember_customer;

-- name: how_many
-- How many customers there are.
select count(*) from remember_customer;

-- name: drawn
-- Customers drawn by chance, the same ones each time, and whoever came between them.
select c.id from remember_customer as c
where c.id not in (select r.customer_id from remember_restricted as r)
order by hashint8(c.id), c.id limit %(most)s;

-- name: known_of
-- What is known of some customers, of some facts; and the last event that went into it. What is very long is no choice.
select c.customer_id, jsonb_object_agg(c.name, c.value) as known, max(c.seq) as seq, max(c.at) as at
from remember_current as c
where c.customer_id = any (%(customers)s::bigint[]) and c.verified and c.name = any (%(names)s::text[])
  and pg_column_size(c.value) <= 2000
group by c.customer_id;

-- name: twins
-- Under which other names the same was said as what some facts say.
select distinct o.name
from remember_fact as f join remember_fact as o on o.identity_id = f.identity_id and o.seq = f.seq and o.name <> f.name
where f.name = any (%(names)s::text[]) and o.words = f.words;

-- name: numbers_of
-- In which group some customers are.
select customer_id, number from understand_grouped where customer_id = any (%(customers)s::bigint[]);

-- name: last_number
-- The highest number that a group ever had.
select coalesce(max(number), 0) from understand_group;

-- name: next_customers
-- The next customers, by number; those who are restricted are none.
select c.id from remember_customer as c
where c.id > %(after)s::bigint and c.id not in (select r.customer_id from remember_restricted as r)
order by c.id limit %(limit)s;

-- name: leave
-- Let those between two customers be in no group, who are in none.
delete from understand_grouped
where customer_id > %(after)s::bigint and customer_id <= %(upto)s::bigint and customer_id <> all (%(customers)s::bigint[])
returning customer_id;

-- name: leave_restricted
-- Let those who are restricted be in no group, and groups be smaller by them; return who they are.
with gone as (
    delete from understand_grouped where customer_id in (select r.customer_id from remember_restricted as r)
    returning customer_id, number),
less as (
    update understand_group as g set size = g.size - c.gone
    from (select number, count(*)::int as gone from gone group by number) as c where g.number = c.number and g.found)
select customer_id from gone order by customer_id;

-- name: put
-- Put customers into groups.
insert into understand_grouped as g (customer_id, number)
select * from unnest(%(customers)s::bigint[], %(numbers)s::int[])
on conflict (customer_id) do update set number = excluded.number where g.number <> excluded.number;

-- name: end_groups
-- Note that no group is found, before those that are.
update understand_group set found = false, size = 0, differences = '[]' where found;

-- name: put_groups
-- Keep the groups that are found; what the team calls them stays.
insert into understand_group as g (number, size, found, differences)
select n, (select count(*) from understand_grouped as m where m.number = n), true, d::jsonb
from unnest(%(numbers)s::int[], %(differences)s::text[]) as told (n, d)
on conflict (number) do update set size = excluded.size, found = true, differences = excluded.differences;

-- name: groups
-- The groups that are found, the largest first.
select number, title, size, differences from understand_group where found order by size desc, number;

-- name: hold_group
-- One of them, held until the transaction ends.
select number, title, size, differences from understand_group where found and number = %(number)s for update;

-- name: call
-- Call a group something.
update understand_group set title = %(title)s where number = %(number)s;

-- name: people
-- Who is in a group, by number, behind one.
select g.customer_id, c.name
from understand_grouped as g join remember_customer as c on c.id = g.customer_id
where g.number = %(number)s and g.customer_id > %(after)s::bigint
  and g.customer_id not in (select r.customer_id from remember_restricted as r)
order by g.customer_id limit %(limit)s;

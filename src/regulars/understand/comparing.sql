-- name: overlaps
-- How many of a segment's members are in each of the others, too.
select s.name, s.title, count(*)::bigint as shared
from understand_member m
join understand_member o on o.customer_id = m.customer_id and o.segment_id <> m.segment_id
join understand_segment s on s.id = o.segment_id and s.name is not null
where m.segment_id = (select id from understand_segment where name = %(name)s)
group by s.name, s.title order by shared desc, s.name;

-- name: shared
-- How many customers are in both of two segments.
select count(*)::bigint from understand_member m join understand_member o using (customer_id)
where m.segment_id = (select id from understand_segment where name = %(name)s)
  and o.segment_id = (select id from understand_segment where name = %(other)s);

-- name: drawn
-- Some members of a segment, drawn by chance, the same ones each time.
select customer_id from understand_member
where segment_id = (select id from understand_segment where name = %(name)s)
order by hashint8(customer_id), customer_id limit %(most)s;

-- name: values_of_both
-- Which values of some facts how many of two groups of customers have; of lists, which entries.
select c.name as fact, v.value, count(*) filter (where c.customer_id = any (%(mine)s::bigint[]))::bigint as mine,
       count(*) filter (where c.customer_id = any (%(theirs)s::bigint[]))::bigint as theirs
from remember_current c
cross join lateral (
    select c.value #>> '{}' as value where jsonb_typeof(c.value) in ('string', 'boolean')
    union all
    select distinct e from jsonb_array_elements_text(case jsonb_typeof(c.value) when 'array' then c.value else '[]' end) e
) v
where c.customer_id = any (%(mine)s::bigint[] || %(theirs)s::bigint[])
  and c.verified and c.name = any (%(facts)s::text[]) and length(v.value) <= %(longest)s
group by 1, 2 having count(*) >= %(fewest)s;

-- name: middles_of_both
-- The middle (median) of facts that are numbers, among those of two groups of customers who have one.
select c.name as fact,
       percentile_cont(0.5) within group (order by n.value) filter (where c.customer_id = any (%(mine)s::bigint[])) as mine,
       percentile_cont(0.5) within group (order by n.value) filter (where c.customer_id = any (%(theirs)s::bigint[])) as theirs,
       count(*) filter (where c.customer_id = any (%(mine)s::bigint[]))::bigint as of_mine,
       count(*) filter (where c.customer_id = any (%(theirs)s::bigint[]))::bigint as of_theirs
from remember_current c
cross join lateral (select (c.value #>> '{}')::float8 as value where jsonb_typeof(c.value) = 'number') n
where c.customer_id = any (%(mine)s::bigint[] || %(theirs)s::bigint[]) and c.verified and c.name = any (%(facts)s::text[])
group by 1 having count(*) >= %(fewest)s;

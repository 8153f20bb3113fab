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

-- name: values_of_both
-- Which values of some facts how many of the members drawn from two segments have; of lists, which entries.
with drawn as (
    select s.name, m.customer_id from understand_segment s cross join lateral (
        select customer_id from understand_member where segment_id = s.id order by hashint8(customer_id), customer_id
        limit %(drawn)s) m
    where s.name in (%(name)s, %(other)s)),
who as (
    select customer_id, bool_or(name = %(name)s) as mine, bool_or(name = %(other)s) as theirs
    from drawn group by customer_id)
select c.name as fact, v.value, count(*) filter (where mine)::bigint as mine,
       count(*) filter (where theirs)::bigint as theirs
from who join remember_current c using (customer_id)
cross join lateral (
    select c.value #>> '{}' as value where jsonb_typeof(c.value) in ('string', 'boolean')
    union all
    select distinct e from jsonb_array_elements_text(case jsonb_typeof(c.value) when 'array' then c.value else '[]' end) e
) v
where c.verified and c.name = any (%(facts)s::text[]) and length(v.value) <= %(longest)s
group by 1, 2 having count(*) >= %(fewest)s;

-- name: middles_of_both
-- The middle (median) of facts that are numbers, among the members drawn from two segments who have one.
with drawn as (
    select s.name, m.customer_id from understand_segment s cross join lateral (
        select customer_id from understand_member where segment_id = s.id order by hashint8(customer_id), customer_id
        limit %(drawn)s) m
    where s.name in (%(name)s, %(other)s)),
who as (
    select customer_id, bool_or(name = %(name)s) as mine, bool_or(name = %(other)s) as theirs
    from drawn group by customer_id)
select c.name as fact,
       percentile_cont(0.5) within group (order by (c.value #>> '{}')::float8) filter (where mine) as mine,
       percentile_cont(0.5) within group (order by (c.value #>> '{}')::float8) filter (where theirs) as theirs,
       count(*) filter (where mine)::bigint as of_mine, count(*) filter (where theirs)::bigint as of_theirs
from who join remember_current c using (customer_id)
where c.verified and c.name = any (%(facts)s::text[]) and jsonb_typeof(c.value) = 'number'
group by 1 having count(*) >= %(fewest)s;

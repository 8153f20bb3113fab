-- name: lists
-- Every list that a segment is or was, by its key: what it is called, and whether the segment is that list now.
select distinct on (v.rule ->> 'list') v.rule ->> 'list' as key, coalesce(s.name, '') as name, s.title,
       s.rule = v.rule as stands
from understand_segment_version as v join understand_segment as s on s.id = v.segment_id
where v.rule ? 'list' order by v.rule ->> 'list', v.version desc;

-- name: to_change
-- Those of some customers who are there and not in a segment, or in it.
select c.id from remember_customer as c
left join understand_member as m on m.segment_id = %(segment)s and m.customer_id = c.id
where c.id = any (%(customers)s::bigint[]) and (m.customer_id is null) = %(on)s::boolean order by c.id;

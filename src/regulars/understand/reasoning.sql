-- name: amounts
-- How often some customers did what on which days, and for how much: for each condition, by its number.
select i.customer_id, w.number, sum(r.count)::bigint as count, sum(r.total) as total
from remember_identity as i
join understand_rollup as r on r.identity_id = i.identity_id
join store_kind as k on k.id = r.kind
join unnest(%(numbers)s::int[], %(kinds)s::text[], %(firsts)s::date[], %(lasts)s::date[]) as w (number, kind, first, last)
    on w.kind = k.name and r.day between w.first and w.last
where i.customer_id = any (%(customers)s::bigint[])
group by i.customer_id, w.number;

-- name: learned
-- From which events some facts of some customers were learned, and how.
select customer_id, name, source, seq from remember_current
where customer_id = any (%(customers)s::bigint[]) and name = any (%(names)s::text[]);

-- name: words_said
-- What was said at some events, in words, as far as it is still known: nothing of it was forgotten.
select c.name, c.seq, c.words
from remember_counting as c
where c.customer_id = any (%(customers)s::bigint[]) and c.seq = any (%(seqs)s::bigint[]) and c.verified
union all
select c.name, c.seq, c.words
from remember_current as c
where c.customer_id = any (%(customers)s::bigint[]) and c.seq = any (%(seqs)s::bigint[]) and c.source = 'did';

-- name: plan_for_values
-- Let what follows in this transaction be planned for its own values: which index is best depends on what is asked.
select set_config('plan_cache_mode', 'force_custom_plan', true);

-- name: by_words
-- Who is found by all the words of a search. The grams come from a subselect so that the planner cannot look at them:
-- for frequent ones it would read the table and compare arrays row by row.
select id as customer_id from remember_customer
where remember_grams(folded) @> (select %(grams)s::text[]) and folded like all (%(patterns)s::text[]);

-- name: by_number
-- Who is found by a search for digits: by the words of it, or by our own number, by which the nameless are called.
select id as customer_id from remember_customer
where remember_grams(folded) @> (select %(grams)s::text[]) and folded like all (%(patterns)s::text[])
union all
select id from remember_customer where id = %(number)s::bigint;

-- name: by_segment
-- Who is in a segment.
select customer_id from understand_member
where segment_id = (select id from understand_segment where name = %(segment)s::text);

-- name: is_computed
-- Whether a fact is one that the house computes.
select coalesce(bool_or(computed), false) from remember_fact_name where name = %(fact)s::text;

-- name: by_fact
-- Of whom something is known, verified.
select holds_for as customer_id from remember_fact
where holds_for is not null and name = %(fact)s::text and verified and jsonb_typeof(value) <> 'null';

-- name: by_value
-- Of whom something certain is known: the value itself, one of several, or the words in which it was said.
select holds_for as customer_id from remember_fact
where holds_for is not null and name = %(fact)s::text and verified
  and lower(left(words, 100)) = lower(left(%(value)s::text, 100))
union all
select holds_for from remember_fact
where holds_for is not null and wording <> '' and name = %(fact)s::text and verified
  and lower(left(value #>> '{}', 100)) = lower(left(%(value)s::text, 100))
union all
select holds_for from remember_fact
where holds_for is not null and name = %(fact)s::text and verified
  and jsonb_typeof(value) = 'array' and value ? %(value)s::text;

-- name: by_computed
-- Of whom something is computed.
select customer_id from remember_computed where facts ? %(fact)s::text;

-- name: by_computed_value
-- Of whom something certain is computed. That has no index by value: it changes with every step that somebody takes.
select customer_id from remember_computed
where facts ? %(fact)s::text
  and lower(left(%(value)s::text, 100)) in (
      lower(left(facts -> %(fact)s::text ->> 0, 100)), lower(left(facts -> %(fact)s::text ->> 3, 100)));

-- name: by_consent
-- Who may be written to: somebody of them (any of their identities) granted it, nobody withdrew it, and no statement
-- of theirs waits in quarantine. The same as `standing` of consent says of one.
select i.customer_id from remember_allowed as a join remember_identity as i on i.identity_id = a.identity_id
where a.purpose = %(purpose)s::text and a.channel = %(channel)s::text and a.granted
  and not exists (
      select from remember_identity as o join remember_allowed as r on r.identity_id = o.identity_id
      where o.customer_id = i.customer_id
        and r.purpose = %(purpose)s::text and r.channel = %(channel)s::text and not r.granted)
  and not exists (
      select from store_quarantine as q join remember_identity as o on o.identity_id = q.identity_id
      where o.customer_id = i.customer_id and q.follower = %(follower)s::text);

-- name: by_seen
-- Who was here on a day or after it.
select i.customer_id from understand_seen as s join remember_identity as i on i.identity_id = s.identity_id
where s.day >= %(day)s::date;

-- name: count_wanted
-- How many customers are wanted, up to so many. What is wanted goes into the brackets.
select count(*) from (select from remember_customer as c where (true) limit %(most)s::bigint) as found;

-- name: counted
-- How many customers are wanted, up to so many, and of those the ones next to a place: both in one look, as the look is
-- what takes long where few are wanted of many. Where there are more, those it finds are any. What is wanted goes into
-- the brackets.
with found as materialized (select c.id from remember_customer as c where (true) limit %(most)s::bigint)
select (select count(*) from found) as total,
       array(select id from found
             where %(place)s::bigint is null
                or case when %(rising)s::boolean then id > %(place)s::bigint else id < %(place)s::bigint end
             order by case when %(rising)s::boolean then id else -id end limit %(limit)s::bigint) as ids;

-- name: wanted_before
-- The newest wanted customers before one. What is wanted goes into the brackets.
select c.id from remember_customer as c
where (true) and (%(place)s::bigint is null or c.id < %(place)s::bigint) order by c.id desc limit %(limit)s::bigint;

-- name: wanted_after
-- The oldest wanted customers after one. What is wanted goes into the brackets.
select c.id from remember_customer as c
where (true) and (%(place)s::bigint is null or c.id > %(place)s::bigint) order by c.id limit %(limit)s::bigint;

-- name: wanted_among
-- Those of some customers that are there.
select id from remember_customer where id = any (%(ids)s::bigint[]) and id > %(place)s::bigint
order by id limit %(limit)s::bigint;

-- name: seen_of
-- Some customers, the address by which each is known (by mail before by phone), and the day each was last here.
select c.id, c.name, c.created_at,
       coalesce((select h.value from remember_identity as i join hear_identity as h on h.id = i.identity_id
                 where i.customer_id = c.id and h.kind in ('email', 'phone') order by h.kind, h.id limit 1),
                '') as address,
       (select max(s.day) from remember_identity as i join understand_seen as s on s.identity_id = i.identity_id
        where i.customer_id = c.id) as seen,
       c.id in (select r.customer_id from remember_restricted as r) as restricted
from remember_customer as c where c.id = any (%(ids)s::bigint[]);

-- name: told_of
-- All identifiers of some customers by kind, and what is known of each in words; who is restricted goes into no file.
select c.id,
       coalesce((select jsonb_object_agg(k.kind, k.found)
                 from (select h.kind, string_agg(h.value, ' ' order by h.id) as found
                       from remember_identity as i join hear_identity as h on h.id = i.identity_id
                       where i.customer_id = c.id and h.kind <> 'anonymous' group by h.kind) as k), '{}') as identities,
       coalesce((select jsonb_object_agg(f.name, f.words) from remember_current as f
                 where f.customer_id = c.id and f.verified), '{}') as facts
from remember_customer as c where c.id = any (%(ids)s::bigint[])
  and c.id not in (select r.customer_id from remember_restricted as r);

-- name: abouts
-- Every purpose and channel that anybody ever said something about: one look into the index for each.
with recursive about as (
    (select purpose, channel from remember_allowed order by purpose, channel limit 1)
    union all
    select n.purpose, n.channel from about as a cross join lateral (
        select purpose, channel from remember_allowed
        where (purpose, channel) > (a.purpose, a.channel) order by purpose, channel limit 1) as n)
select purpose, channel from about;

-- name: forget_seen
-- Forget when anybody was here, for a replay.
delete from understand_seen;

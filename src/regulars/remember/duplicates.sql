-- name: refuse
-- Note links that the rules refused, each once.
insert into remember_refused (one, other, seq)
select * from unnest(%(ones)s::bigint[], %(others)s::bigint[], %(seqs)s::bigint[])
on conflict do nothing;

-- name: forget_refused
-- Forget the links that were refused, for a replay.
delete from remember_refused;

-- name: find
-- Find customers who may be one: what they share, and what links were refused. Whatever more than five share says
-- nothing. What was merely typed into a browser, by whomever, is the weakest reason, and its names are nobody's. Of what is found now, the strongest are kept; when somebody wants to be asked again stays.
with mails as (
    select lower(left(f.words, 200)) as mail, f.customer_id from remember_current f
    where f.name = 'email' and f.words like '%%_@_%%' and f.verified
    union
    select h.value, r.customer_id from hear_identity h join remember_identity r on r.identity_id = h.id
    where h.kind = 'email'),
phones as (
    select regexp_replace(f.words, '[^0-9+]', '', 'g') as phone, f.customer_id from remember_current f
    where f.name = 'phone' and f.verified
    union
    select h.value, r.customer_id from hear_identity h join remember_identity r on r.identity_id = h.id
    where h.kind = 'phone'),
typed as (
    select 'email' as what, lower(left(f.words, 200)) as value, f.customer_id from remember_current f
    where f.name = 'email' and f.words like '%%_@_%%' and not f.verified
    union
    select 'phone', regexp_replace(f.words, '[^0-9+]', '', 'g'), f.customer_id from remember_current f
    where f.name = 'phone' and not f.verified and length(regexp_replace(f.words, '[^0-9+]', '', 'g')) > 6),
told as (
    select * from typed union select 'email', mail, customer_id from mails union select 'phone', phone, customer_id from phones),
named as (select id as customer_id, lower(name) as name from remember_customer where name <> '' and name not like '%%@%%'),
shared as (
    select 1 as rank, 'email' as reason, mail as key, customer_id from mails
    union
    select 2, 'phone', phone, customer_id from phones where length(phone) > 6
    union
    select 3, 'birthday', n.name || '|' || f.words, n.customer_id from named n join remember_current f using (customer_id)
    where f.name = any (%(birthdays)s::text[]) and f.verified
    union
    select 4, 'postcode', n.name || '|' || lower(replace(f.words, ' ', '')), n.customer_id
    from named n join remember_current f using (customer_id) where f.name = any (%(postcodes)s::text[]) and f.verified
    union
    select 5, 'namesake', n.name || '|' || replace(split_part(split_part(m.mail, '@', 1), '+', 1), '.', ''), n.customer_id
    from named n join mails m using (customer_id)),
groups as (
    select rank, reason, array_agg(customer_id) as ids from shared
    group by rank, reason, key having count(*) between 2 and 5),
pairs as (
    select g.rank, g.reason, a.id as one, b.id as other
    from groups g cross join lateral unnest(g.ids) as a (id) cross join lateral unnest(g.ids) as b (id)
    where a.id < b.id
    union
    select 6, 'link', least(m.customer_id, t.customer_id), greatest(m.customer_id, t.customer_id)
    from remember_refused f join remember_identity m on m.identity_id = f.one
    join remember_identity t on t.identity_id = f.other
    where m.customer_id <> t.customer_id
    union
    select 7, 'typed', least(t.customer_id, o.customer_id), greatest(t.customer_id, o.customer_id)
    from typed t join told o on o.what = t.what and o.value = t.value and o.customer_id <> t.customer_id
    where (t.what, t.value) in (
        select what, value from told group by what, value having count(distinct customer_id) between 2 and 5)),
found as (
    select one, other, array_agg(reason order by rank) as reasons, min(rank) as rank from pairs
    group by one, other order by min(rank), one desc, other desc limit %(limit)s),
gone as (
    delete from remember_suspect s
    where s.later is distinct from 'infinity' and not exists (select from found f where f.one = s.one and f.other = s.other))
insert into remember_suspect as s (one, other, reasons, rank)
select one, other, reasons, rank from found
on conflict (one, other) do update
set reasons = excluded.reasons, rank = excluded.rank, later = case when s.later < 'infinity' then s.later end
where s.reasons <> excluded.reasons or s.later = 'infinity';

-- name: suspects
-- Customers who may be one, the strongest reasons first, of whom nobody has said anything yet, or took it back.
select s.one, s.other, s.reasons, s.rank
from remember_suspect s
join remember_identity m on m.identity_id = s.one join remember_identity t on t.identity_id = s.other
where (s.later is null or s.later <= %(now)s) and m.customer_id <> t.customer_id
  and (s.rank, s.one, s.other) > (%(rank)s::smallint, %(one)s::bigint, %(other)s::bigint)
  and (%(patterns)s::text[] = '{}' or exists (
      select from remember_customer c
      where c.id in (m.customer_id, t.customer_id) and c.folded like all (%(patterns)s::text[])))
  and not exists (
      select from remember_apart a
      join remember_identity i on i.identity_id = a.one join remember_identity j on j.identity_id = a.other
      where ((i.customer_id = m.customer_id and j.customer_id = t.customer_id)
          or (i.customer_id = t.customer_id and j.customer_id = m.customer_id))
        and not exists (
            select from remember_tie r join store_event e on e.seq = r.seq join store_kind k on k.id = e.kind
            where r.undone = a.seq and k.name = %(joined)s))
order by s.rank, s.one, s.other limit %(limit)s;

-- name: count_suspects
-- How many pairs wait to be looked at, those among them that were decided since included.
select count(*) from remember_suspect s
where (s.later is null or s.later <= %(now)s)
  and (%(patterns)s::text[] = '{}' or exists (
      select from remember_identity i join remember_customer c on c.id = i.customer_id
      where i.identity_id in (s.one, s.other) and c.folded like all (%(patterns)s::text[])));

-- name: found_by_more
-- Which of these pairs were found by more than what somebody typed, or are no suspects.
select p.one, p.other from unnest(%(ones)s::bigint[], %(others)s::bigint[]) as p (one, other)
where not exists (select from remember_suspect s where s.one = p.one and s.other = p.other and s.reasons = '{typed}');

-- name: postpone
-- Ask about pairs again at another time; null: now.
update remember_suspect s set later = %(until)s
from unnest(%(ones)s::bigint[], %(others)s::bigint[]) as p (one, other) where s.one = p.one and s.other = p.other;

-- name: set_joined
-- Pairs of whom somebody said that they are one.
update remember_suspect s set later = 'infinity'
from unnest(%(ones)s::bigint[], %(others)s::bigint[]) as p (one, other) where s.one = p.one and s.other = p.other;

-- name: ask_again
-- Look at pairs again of whom somebody takes back that they are one.
update remember_suspect s set later = null
from unnest(%(ones)s::bigint[], %(others)s::bigint[]) as p (one, other)
where s.one = least(p.one, p.other) and s.other = greatest(p.one, p.other);

-- name: drop_suspects
-- Pairs that were decided are looked at no more.
delete from remember_suspect s
using unnest(%(ones)s::bigint[], %(others)s::bigint[]) as p (one, other) where s.one = p.one and s.other = p.other;

-- name: telling
-- What is known of some customers that tells who they are.
select customer_id, name, words, verified from remember_current
where customer_id = any (%(customers)s::bigint[]) and name = any (%(names)s::text[]) order by customer_id, name;

-- name: described
-- Some customers, with when they were first met.
select id, name, created_at from remember_customer where id = any (%(ids)s::bigint[]);

-- name: links
-- The last verified links that were heard, oldest first: the identity, and what it was linked to.
select * from (
    select e.seq, e.identity_id, e.props -> 'links' as links
    from store_event e join store_kind k on k.id = e.kind and k.name = any (%(kinds)s::text[])
    where e.props ->> 'verified' = 'true' and json_array_length(e.props -> 'links') > 0
    order by e.seq desc limit %(limit)s) l
order by seq;

-- name: entries
-- Facts of the catalogue with what is said of them.
select name, kind, label, computed, outranked_at, labels, shelf_days, sensitive, purposes, version from remember_fact_name
where %(names)s::text[] is null or name = any (%(names)s::text[]) order by name;

-- name: hold_entry
-- One fact of the catalogue, held to the end of the transaction.
select name, kind, label, computed, outranked_at, labels, shelf_days, sensitive, purposes, version from remember_fact_name
where name = %(name)s::text for update;

-- name: save_entry
-- Say other things of a fact.
update remember_fact_name
set label = %(label)s, labels = %(labels)s, shelf_days = %(shelf_days)s, sensitive = %(sensitive)s,
    purposes = %(purposes)s::text[], version = version + 1
where name = %(name)s;

-- name: keep_version
-- Keep what is said of a fact now among its versions.
insert into remember_fact_version (name, version, said, saved_at)
select name, version,
       jsonb_build_object('label', label, 'labels', labels, 'shelf_days', shelf_days, 'sensitive', sensitive,
                          'purposes', purposes), %(now)s
from remember_fact_name where name = %(name)s
on conflict do nothing;

-- name: versions
-- What was said of a fact, the newest first.
select version, said, saved_at from remember_fact_version where name = %(name)s order by version desc limit 50;

-- name: how_many
-- Of how many customers each fact is known.
select name, count(*)::bigint as known from remember_fact where holds_for is not null and verified group by name
union all
select n.name, count(*)::bigint from remember_fact_name n join remember_computed c on c.facts ? n.name
where n.computed group by n.name;

-- name: distribution
-- Which values of a fact how many customers have, the most usual first.
select value #>> '{}' as value, count(*)::bigint as customers from remember_current
where name = %(name)s and verified and jsonb_typeof(value) in ('string', 'number', 'boolean')
group by 1 order by 2 desc, 1 limit %(limit)s;

-- name: contradictions
-- Statements of a customer that contradict what holds: of another identity or source, verified as that one, another
-- value, said within some days of it. What the team or the customer put right has settled it.
select f.name, f.value, f.words, f.source, f.verified, f.at, f.seq, f.origin, f.identity_id,
       coalesce(n.label, '') as label, c.seq as against
from remember_identity mine
join remember_fact c on c.holds_for = mine.customer_id
join remember_identity i on i.customer_id = mine.customer_id
join lateral (
    select distinct on (source, origin) * from remember_fact
    where identity_id = i.identity_id and name = c.name
    order by source, origin, at desc, seq desc) f on true
left join remember_fact_name n on n.name = c.name
where mine.identity_id = %(customer)s::bigint and c.source in ('said', 'imported') and c.verified and f.verified
  and c.origin <> all (%(settled)s::text[]) and f.seq <> c.seq and f.value is distinct from c.value
  and lower(f.words) <> lower(c.words)
  and (f.identity_id, f.origin) is distinct from (c.identity_id, c.origin)
  and f.at > c.at - make_interval(days => %(days)s)
  and not exists (
      select from remember_forgotten g where g.identity_id = f.identity_id and g.name = f.name
      and (f.at <= g.at or f.seq < g.seq))
order by c.at desc, f.name, f.at desc;

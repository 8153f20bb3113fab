-- name: list_taken
-- The newest events that machines sent, of what is asked for, before a place; no further back than the debugger looks.
select e.seq as number, e.received_at as at, k.name as kind, h.kind || ':' || h.value as who, e.source,
       coalesce(e.context #>> '{library,name}', '') as library, coalesce(e.historical, false) as historical
from store_event e
join store_kind k on k.id = e.kind
left join hear_identity h on h.id = e.identity_id
where e.source is not null
  and e.seq > (select coalesce(max(seq), 0) from store_event) - %(window)s
  and (%(kind)s::text is null or e.kind = (select id from store_kind where name = %(kind)s::text))
  and (%(source)s::integer is null or e.source = %(source)s::integer)
  and (%(library)s::text is null or e.context #>> '{library,name}' = %(library)s::text)
  and (%(before)s::bigint is null or e.seq < %(before)s::bigint)
order by e.seq desc limit %(limit)s;

-- name: count_taken
-- How many of those there are.
select count(*) from store_event e
where e.source is not null
  and e.seq > (select coalesce(max(seq), 0) from store_event) - %(window)s
  and (%(kind)s::text is null or e.kind = (select id from store_kind where name = %(kind)s::text))
  and (%(source)s::integer is null or e.source = %(source)s::integer)
  and (%(library)s::text is null or e.context #>> '{library,name}' = %(library)s::text);

-- name: seen
-- Of which kinds, and by which libraries, what machines sent lately was.
select k.name as kind, coalesce(e.context #>> '{library,name}', '') as library
from store_event e join store_kind k on k.id = e.kind
where e.source is not null and e.seq > (select coalesce(max(seq), 0) from store_event) - %(window)s
group by 1, 2
union
select kind, library from hear_rejected group by 1, 2;

-- name: get_taken
-- One event as it was taken.
select e.seq as number, e.received_at, e.at, k.name as kind, h.kind || ':' || h.value as who, e.identity_id, e.source,
       coalesce(e.historical, false) as historical, e.props, e.context
from store_event e
join store_kind k on k.id = e.kind
left join hear_identity h on h.id = e.identity_id
where e.seq = %(seq)s;

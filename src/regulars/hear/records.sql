-- name: find_identities
-- Which of these identifiers are known, with their numbers.
select i.kind, i.value, i.id
from unnest(%(kinds)s::text[], %(values)s::text[]) as w (kind, value)
join hear_identity i on i.kind = w.kind and i.value = w.value;

-- name: add_identities
-- Number identifiers that are new, always in the same order, so that two writers cannot wait for each other.
insert into hear_identity (kind, value)
select w.kind, w.value from unnest(%(kinds)s::text[], %(values)s::text[]) as w (kind, value)
order by w.kind, w.value
on conflict do nothing
returning kind, value, id;

-- name: is_only_of_public_keys
-- Whether an identity has events, and each came with a key that is public or there no more. What came with none is the
-- house's own.
select exists (select from store_event where identity_id = %(identity)s)
   and not exists (
       select from store_event e left join access_key k on k.id = e.source
       where e.identity_id = %(identity)s and (e.source is null or k.scope <> 'browser'));

-- name: list_identities
-- Identifiers by their numbers.
select id, kind, value from hear_identity where id = any (%(ids)s::bigint[]) order by id;

-- name: known_events
-- Which of these events the log has, whenever it took them: found by identity and time, sure by the message id.
select e.mid from unnest(%(identities)s::bigint[], %(ats)s::timestamptz[], %(mids)s::bigint[]) as w (identity_id, at, mid)
join store_event e on e.identity_id = w.identity_id and e.at = w.at and e.mid = w.mid;

-- name: times_let_go
-- How often identifiers were let go of.
select times from hear_letting_go;

-- name: known_statements
-- Which of these statements the log has, made at whatever time: found by identity, sure by the message id.
select distinct e.mid from unnest(%(identities)s::bigint[], %(mids)s::bigint[]) as w (identity_id, mid)
join store_event e on e.identity_id = w.identity_id and e.mid = w.mid;

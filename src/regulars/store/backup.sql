-- name: schemas
-- Our schemas: the shared one, and every workspace's.
select n.nspname from pg_namespace n
where n.nspname = %(shared)s::text
   or (n.nspname like 'ws\_%%' and exists (
          select from pg_class c where c.relnamespace = n.oid and c.relname = 'store_event'))
order by n.nspname;

-- name: tables
-- The tables of some schemas.
select n.nspname, c.relname from pg_class c join pg_namespace n on n.oid = c.relnamespace
where n.nspname = any (%(schemas)s::text[]) and c.relkind in ('r', 'p')
order by n.nspname, c.relname;

-- name: size
-- How many bytes the tables of some schemas take, indexes and all.
select coalesce(sum(pg_total_relation_size(c.oid)), 0)::bigint
from pg_class c join pg_namespace n on n.oid = c.relnamespace
where n.nspname = any (%(schemas)s::text[]) and c.relkind in ('r', 'p');

-- name: snapshot
-- The moment this transaction sees, and a name under which another may see the same.
select now(), pg_export_snapshot();

-- name: note_backup
-- Note that a backup was made; of those of long ago only the newest hundred are remembered.
with old as (
    delete from store_backup
    where taken_at < (select taken_at from store_backup order by taken_at desc offset 99 limit 1))
insert into store_backup (taken_at, ended_at, bytes, checked, place)
values (%(taken_at)s, %(ended_at)s, %(bytes)s, %(checked)s, %(place)s)
on conflict (taken_at) do update
set ended_at = excluded.ended_at, bytes = excluded.bytes, checked = excluded.checked, place = excluded.place;

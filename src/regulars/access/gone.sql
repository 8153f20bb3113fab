-- name: entries_on
-- Entries about somebody who goes, as they were signed: those on their numbers, and those that name them.
select chain, n, at, who_kind, who_id, who, action, kind, name, label, before::text as before, after::text as after,
       request, address, mac, blanked
from access_audit a
where (kind = 'customer' and name = any (select unnest(%(identities)s::bigint[])::text) and action <> all (%(kept)s::text[])
       and (label <> '' or before is not null or after is not null or request <> '' or address <> ''))
   or concat_ws(' ', to_json(a.name), to_json(a.label), a.before, a.after) ~* any (%(patterns)s::text[])
order by chain, n limit %(limit)s;

-- name: blank_entry
-- Blank an entry.
select access_audit_blank(%(chain)s::smallint, %(n)s::bigint, %(name)s::text, %(blanked)s::bytea);

-- name: restart_exports
-- Have exports that are being written begun anew.
update access_export set state = 'waiting', writer = '' where workspace = %(workspace)s and state = 'running';

-- name: drop_exports
-- Give up the files of exports.
update access_export set state = 'gone' where workspace = %(workspace)s and state in ('done', 'failed')
returning workspace, number, asked_by, asked_at, state, done, total, bytes, finished_at;

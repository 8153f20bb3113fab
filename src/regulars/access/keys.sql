-- name: add_key
-- Keep a key by its hash.
insert into access_key (hash, workspace, scope, name) values (%(hash)s, %(workspace)s, %(scope)s, %(name)s)
returning id;

-- name: list_keys
-- The keys of a workspace, the newest first.
select id, name, scope, created_at, used_at from access_key
where workspace = %(workspace)s order by created_at desc, id desc;

-- name: get_key
-- One key of a workspace.
select id, name, scope, created_at, used_at from access_key where workspace = %(workspace)s and id = %(id)s;

-- name: revoke_key
-- Let a key open nothing any more.
delete from access_key where workspace = %(workspace)s and id = %(id)s;

-- name: note_use
-- Note that a key is in use, unless that was noted a minute ago or somebody does it just now.
update access_key set used_at = now()
where hash in (select hash from access_key where hash = %(hash)s
               and (used_at is null or used_at <= now() - interval '1 minute') for update skip locked);

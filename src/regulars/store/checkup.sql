-- name: server
-- What the server is and how it is set, as far as our promises rest on it.
select name, setting from pg_settings
where name in ('server_version_num', 'fsync', 'full_page_writes', 'synchronous_commit', 'server_encoding',
               'max_connections', 'autovacuum');

-- name: clock
-- What time it is at the server.
select clock_timestamp();

-- name: begun
-- Whether Regulars has ever been started on this database.
select to_regclass('access_workspace') is not null;

-- name: applied
-- The migrations that a schema has had.
select name from store_migration order by name;

-- name: waiting
-- How every follower stands: how many events it has not taken, and since when the first of them waits.
select f.name, f.paused, f.note, greatest(coalesce(h.head, 0) - f.cursor, 0) as behind,
       (select e.received_at from store_event e where e.seq > f.cursor order by e.seq limit 1) as since
from store_follower f cross join (select max(seq) as head from store_event) h
order by f.name;

-- name: quarantined
-- How many events are in quarantine, by follower.
select follower, count(*) from store_quarantine group by follower order by follower;

-- name: refused
-- How many events were refused since a moment.
select count(*) from store_refusal where at >= %(since)s::timestamptz;

-- name: newest
-- When the last event was taken.
select received_at from store_event order by seq desc limit 1;

-- name: last_backup
-- The last backup that was made.
select taken_at, ended_at, bytes, checked, place from store_backup order by taken_at desc limit 1;

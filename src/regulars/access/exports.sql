-- name: ask_export
-- Ask for everything of a workspace; nothing while one is being written.
insert into access_export (workspace, number, asked_by, asked_at)
select w.name, coalesce((select max(number) from access_export where workspace = w.name), 0) + 1, %(who)s, %(now)s
from access_workspace w
where w.name = %(workspace)s
  and not exists (select 1 from access_export e where e.workspace = w.name and e.state in ('waiting', 'running'))
returning number;

-- name: hold_workspace
-- One at a time asks for something in a workspace.
select true from access_workspace where name = %(workspace)s for no key update;

-- name: list_exports
-- The exports of a workspace, the newest first.
select workspace, number, asked_by, asked_at, state, done, total, bytes, finished_at from access_export
where workspace = %(workspace)s order by number desc;

-- name: get_export
-- One export of a workspace.
select workspace, number, asked_by, asked_at, state, done, total, bytes, finished_at from access_export
where workspace = %(workspace)s and number = %(number)s;

-- name: claim_export
-- Take the oldest export that nobody writes, or whose writer has been silent too long.
update access_export set state = 'running', writer = %(writer)s, beat_at = %(now)s, done = 0, total = 0
where (workspace, number) = (
    select e.workspace, e.number from access_export e join access_workspace w on w.name = e.workspace
    where w.closed_at is null and (e.state = 'waiting' or (e.state = 'running' and e.beat_at < %(silent)s))
    order by e.asked_at limit 1 for update of e skip locked)
returning workspace, number, asked_by, asked_at, state, done, total, bytes, finished_at;

-- name: beat_export
-- How far an export is; nothing where another has taken it over.
update access_export set beat_at = %(now)s, done = %(done)s, total = %(total)s
where workspace = %(workspace)s and number = %(number)s and state = 'running' and writer = %(writer)s;

-- name: end_export
-- What became of an export; nothing where another has taken it over.
update access_export
set state = %(state)s, bytes = %(bytes)s, finished_at = %(now)s, done = case when %(state)s = 'done' then total else done end
where workspace = %(workspace)s and number = %(number)s and state = 'running' and writer = %(writer)s;

-- name: expire_exports
-- Exports whose file is kept no longer.
update access_export set state = 'gone' where state = 'done' and finished_at < %(before)s;

-- name: kept_exports
-- Exports that have a file, or are getting one.
select workspace, number, asked_by, asked_at, state, done, total, bytes, finished_at from access_export
where state in ('running', 'done');

-- name: hold_workspace
-- One at a time brings something into a workspace.
select true from access_workspace where name = %(workspace)s for no key update;

-- name: add_import
-- Keep that a file was brought.
insert into hear_import (workspace, number, asked_by, asked_at, file, bytes, plan)
select %(workspace)s, coalesce(max(number), 0) + 1, %(who)s, %(now)s, %(file)s, %(bytes)s, %(plan)s::json
from hear_import where workspace = %(workspace)s
returning number;

-- name: get_import
-- One import of a workspace.
select workspace, number, asked_by, asked_at, file, bytes, plan, state, place, size, outcome, rejected_bytes, problem,
       finished_at
from hear_import where workspace = %(workspace)s and number = %(number)s;

-- name: list_imports
-- The imports of a workspace before some number, or those of them that are named, the newest first.
select workspace, number, asked_by, asked_at, file, bytes, plan, state, place, size, outcome, rejected_bytes, problem,
       finished_at
from hear_import where workspace = %(workspace)s and number < %(before)s
  and (%(among)s::int[] is null or number = any (%(among)s::int[]))
order by number desc limit %(most)s;

-- name: import_labels
-- Every import of a workspace as a search looks at it, the newest first.
select number, file, asked_by, state from hear_import where workspace = %(workspace)s order by number desc;

-- name: plan_import
-- Read a file another way; nothing while it is being taken in, or was.
update hear_import set plan = %(plan)s::json, state = 'draft', outcome = '{}', place = 0, problem = ''
where workspace = %(workspace)s and number = %(number)s and state in ('draft', 'tried', 'failed', 'cancelled');

-- name: ask_import
-- Have a file tried, or taken in; nothing where that is under way or was done. What was taken in is gone on with.
update hear_import
set state = %(state)s, worker = '', beat_at = null, problem = '', finished_at = null,
    outcome = case when state in ('failed', 'cancelled') and %(state)s = 'waiting' then outcome else '{}' end,
    rejected_bytes = case when state in ('failed', 'cancelled') and %(state)s = 'waiting' then rejected_bytes else 0 end,
    place = 0
where workspace = %(workspace)s and number = %(number)s and state in ('draft', 'tried', 'failed', 'cancelled')
  and problem <> %(removed)s;

-- name: cancel_import
-- Stop taking a file in; what was taken stays.
update hear_import set state = 'cancelled', finished_at = %(now)s
where workspace = %(workspace)s and number = %(number)s and state in ('trying', 'waiting', 'running');

-- name: under_way
-- Whether a file of a workspace is being tried or taken in, or waits for it.
select exists (
    select from hear_import where workspace = %(workspace)s and state in ('trying', 'waiting', 'running'));

-- name: claim_import
-- Take the oldest import that nobody is at, or whose worker has been silent too long.
update hear_import set state = case when state = 'waiting' then 'running' else state end, worker = %(worker)s,
    beat_at = %(now)s
where (workspace, number) = (
    select i.workspace, i.number from hear_import i join access_workspace w on w.name = i.workspace
    where w.closed_at is null and i.state in ('trying', 'waiting', 'running')
      and (i.worker = '' or i.beat_at < %(silent)s)
    order by i.asked_at limit 1 for update of i skip locked)
returning workspace, number, asked_by, asked_at, file, bytes, plan, state, place, size, outcome, rejected_bytes, problem,
          finished_at;

-- name: beat_import
-- How far an import is, and what came of it until then; nothing where it was cancelled or another has taken it over.
update hear_import
set beat_at = %(now)s, outcome = %(outcome)s::json, rejected_bytes = %(rejected)s, place = %(place)s, size = %(size)s
where workspace = %(workspace)s and number = %(number)s and state = %(state)s and worker = %(worker)s;

-- name: end_import
-- What became of an import; nothing where it was cancelled or another has taken it over.
update hear_import
set state = %(to)s, worker = '', problem = %(problem)s, finished_at = %(now)s,
    place = case when %(to)s in ('done', 'tried') then size else place end
where workspace = %(workspace)s and number = %(number)s and state = %(state)s and worker = %(worker)s;

-- name: kept_imports
-- Imports whose files are kept: those that are not done, and those that ended not long ago.
select workspace, number from hear_import where coalesce(finished_at, asked_at) > %(after)s
   or state in ('trying', 'waiting', 'running');

-- name: await_file
-- Keep that a file may be brought; nothing where the key is there no more.
insert into hear_awaited (id, workspace, key, until)
select %(id)s, workspace, id, %(until)s from access_key where id = %(key)s and workspace = %(workspace)s;

-- name: forget_awaited
-- Let go of files that did not come.
delete from hear_awaited where until < %(now)s;

-- name: take_awaited
-- Use a link up; nothing where it was used, or its key revoked.
delete from hear_awaited where id = %(id)s and workspace = %(workspace)s and until >= %(now)s;

-- name: drop_understood_then
-- Drop the first rows as they were understood of imports that ended long ago.
update hear_import set outcome = (outcome::jsonb - 'first')::json
where coalesce(finished_at, asked_at) <= %(until)s and state not in ('trying', 'waiting', 'running')
  and coalesce(outcome::jsonb -> 'first', '[]') <> '[]';

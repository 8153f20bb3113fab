-- name: hold_workspace
-- One at a time asks for something in a workspace.
select true from access_workspace where name = %(workspace)s for no key update;

-- name: add_stop
-- Ask that nobody writes to some customers any more.
insert into engage_stop (workspace, number, asked_by, person_id, asked_at, chosen, purpose, channel, words, how, last, total)
select %(workspace)s, coalesce((select max(number) from engage_stop where workspace = %(workspace)s), 0) + 1,
       %(asked_by)s, %(person_id)s, %(now)s, %(chosen)s::json, %(purpose)s, %(channel)s, %(words)s, %(how)s, %(last)s, %(total)s
returning number;

-- name: get_stop
-- One of a workspace.
select workspace, number, asked_by, person_id, asked_at, chosen, purpose, channel, words, how, state, place, last, done,
       total, stopped, finished_at
from engage_stop where workspace = %(workspace)s and number = %(number)s;

-- name: open_stops
-- Those of a workspace that are not done yet, the newest first.
select workspace, number, asked_by, person_id, asked_at, chosen, purpose, channel, words, how, state, place, last, done,
       total, stopped, finished_at
from engage_stop where workspace = %(workspace)s and state in ('waiting', 'running') order by number desc;

-- name: take_stop
-- Take one that nobody does.
update engage_stop set state = 'running', worker = %(worker)s, beat_at = %(now)s
where workspace = %(workspace)s and number = %(number)s and state = 'waiting';

-- name: next_stop
-- Take the oldest that nobody does, or whose worker has been silent too long.
update engage_stop set state = 'running', worker = %(worker)s, beat_at = %(now)s
where (workspace, number) = (
    select e.workspace, e.number from engage_stop e join access_workspace w on w.name = e.workspace
    where w.closed_at is null and (e.state = 'waiting' or (e.state = 'running' and e.beat_at < %(silent)s))
    order by e.asked_at limit 1 for update of e skip locked)
returning workspace, number, asked_by, person_id, asked_at, chosen, purpose, channel, words, how, state, place, last, done,
          total, stopped, finished_at;

-- name: hold_stop
-- Hold one until the transaction ends; nothing where another has taken it over.
select workspace, number, asked_by, person_id, asked_at, chosen, purpose, channel, words, how, state, place, last, done,
       total, stopped, finished_at
from engage_stop
where workspace = %(workspace)s and number = %(number)s and state = 'running' and worker = %(worker)s for update;

-- name: move_stop
-- How far one is.
update engage_stop
set place = %(place)s, done = done + %(seen)s, stopped = stopped + %(stopped)s, beat_at = %(now)s
where workspace = %(workspace)s and number = %(number)s;

-- name: end_stop
-- What became of one: done, failed, or waiting again; nothing where another has taken it over.
update engage_stop set state = %(state)s, finished_at = %(finished)s
where workspace = %(workspace)s and number = %(number)s and state = 'running' and worker = %(worker)s;

-- name: forget_stops
-- Those that were over before a moment.
delete from engage_stop where finished_at < %(before)s;

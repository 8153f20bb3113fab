-- name: known_kinds
-- The numbers of those kinds that exist.
select name, id from store_kind where name = any (%(names)s::text[]);

-- name: number_kinds_on
-- Number the next kind by what there is: a sequence alone would lose a number by every rollback.
select setval(pg_get_serial_sequence('store_kind', 'id'), coalesce(max(id), 0) + 1, false) from store_kind;

-- name: make_kinds
-- Make kinds that are new.
insert into store_kind (name) select unnest(%(names)s::text[]) on conflict do nothing;

-- name: count_kinds
-- How many kinds of event the workspace knows.
select count(*) from store_kind;

-- name: list_kinds
-- The names of all kinds of event, in order.
select name from store_kind order by name;

-- name: refuse
-- Keep aside an event that is not appended, with the reason.
insert into store_refusal (kind, identity_id, cause, reason)
values (%(kind)s, %(identity_id)s, %(cause)s, %(reason)s);

-- name: list_refusals
-- The newest events that were refused.
select at, kind, identity_id, cause, reason from store_refusal order by id desc limit 100;

-- name: lock_log
-- Take the workspace's append lock, to be held to the commit.
select pg_advisory_xact_lock('store_event'::regclass::oid::bigint);

-- name: make_staging
-- A place for rows that may repeat what the log has.
create temporary table if not exists store_staging (
    identity_id bigint, at timestamptz, received_at timestamptz, mid bigint, kind smallint, depth smallint,
    historical boolean, cause bigint, props json, context json, source integer, public boolean,
    n bigint generated always as identity
) on commit drop;

-- name: head
-- The last sequence of the log, 0 when it is empty.
select coalesce(max(seq), 0) from store_event;

-- name: read_events
-- The next events for a follower: after a sequence, up to a bound, of its kinds (null: all) and not of others; those that
-- were cut down to their money only where it can do with that.
select e.seq, e.identity_id, e.at, k.name as kind, e.props, e.cause, coalesce(e.depth, 0) as depth,
       coalesce(e.historical, false) as historical, coalesce(e.public, false) as public
from store_event e join store_kind k on k.id = e.kind
where e.seq > %(after)s and e.seq <= %(upto)s
  and (%(kinds)s::text[] is null or e.kind in (select id from store_kind where name = any (%(kinds)s::text[])))
  and (%(besides)s::text[] is null or e.kind not in (select id from store_kind where name = any (%(besides)s::text[])))
  and (%(historical)s or e.historical is not true)
  and (%(cut)s or e.cut is not true)
order by e.seq
limit %(limit)s;

-- name: next_event
-- The next event for a follower, without what is in it: that may be what cannot be read.
select e.seq, e.identity_id from store_event e
where e.seq > %(after)s and e.seq <= %(upto)s
  and (%(kinds)s::text[] is null or e.kind in (select id from store_kind where name = any (%(kinds)s::text[])))
  and (%(besides)s::text[] is null or e.kind not in (select id from store_kind where name = any (%(besides)s::text[])))
  and (%(historical)s or e.historical is not true)
  and (%(cut)s or e.cut is not true)
order by e.seq
limit 1;

-- name: read_by_seq
-- Some events by their sequences, oldest first.
select e.seq, e.identity_id, e.at, k.name as kind, e.props, e.cause, coalesce(e.depth, 0) as depth,
       coalesce(e.historical, false) as historical, coalesce(e.public, false) as public
from store_event e join store_kind k on k.id = e.kind
where e.seq = any (%(seqs)s::bigint[])
order by e.seq;

-- name: read_identities
-- The newest events of some identities, before a point (at, seq), newest first. No point is the end of all days: the
-- index is then entered at the point, whoever plans it.
select e.seq, e.identity_id, e.at, k.name as kind, e.props, e.cause, coalesce(e.depth, 0) as depth,
       coalesce(e.historical, false) as historical, coalesce(e.public, false) as public
from unnest(%(identities)s::bigint[]) as i (id)
cross join lateral (
    select * from store_event
    where identity_id = i.id
      and (at, seq) < (coalesce(%(before_at)s::timestamptz, 'infinity'), coalesce(%(before_seq)s::bigint, 0))
      and (%(kinds)s::text[] is null or kind = any (array(select id from store_kind where name = any (%(kinds)s::text[]))))
      and (%(channel)s::text = '' or props ->> 'channel' = %(channel)s::text)
    order by at desc, seq desc limit %(limit)s) e
join store_kind k on k.id = e.kind
order by e.at desc, e.seq desc
limit %(limit)s;

-- name: count_identities
-- How many events some identities have.
select count(*) from store_event where identity_id = any (%(identities)s::bigint[]);

-- name: list_events
-- The newest events, of one kind if named, before a sequence.
select e.seq, e.identity_id, e.at, k.name as kind, e.props, e.cause, coalesce(e.depth, 0) as depth,
       coalesce(e.historical, false) as historical, coalesce(e.public, false) as public
from store_event e join store_kind k on k.id = e.kind
where (%(kind)s::text is null or e.kind = (select id from store_kind where name = %(kind)s::text))
  and (%(before)s::bigint is null or e.seq < %(before)s::bigint)
order by e.seq desc
limit %(limit)s;

-- name: count_events
-- How many events the log holds, of one kind if named.
select count(*) from store_event
where %(kind)s::text is null or kind = (select id from store_kind where name = %(kind)s::text);

-- name: add_follower
-- Make a follower's row; nothing happens where it exists.
insert into store_follower (name, role, cursor)
values (%(name)s, %(role)s, case when %(role)s = 'acting' then (select coalesce(max(seq), 0) from store_event) else 0 end)
on conflict (name) do update set role = excluded.role where store_follower.role <> excluded.role;

-- name: list_followers
-- All followers with how far they are.
select name, role, cursor, replay_until, paused, note from store_follower order by name;

-- name: hold_follower
-- Lock a follower's row for one step, and say how far it may go: to the log's head, and no further than those it must not
-- overtake; nothing where another worker has it or it is paused.
select cursor, replay_until,
       least((select coalesce(max(seq), 0) from store_event),
             (select min(cursor) from store_follower where name = any (%(after)s::text[])))
from store_follower where name = %(name)s and not paused for update skip locked;

-- name: hold_still
-- Lock a follower's row, paused or not; nothing where another worker has it.
select cursor from store_follower where name = %(name)s for update skip locked;

-- name: wait_for_follower
-- Lock a follower's row, waiting for whoever has it.
select cursor from store_follower where name = %(name)s for update;

-- name: bound
-- How far a follower may go: the log's head, and no further than those it must not overtake.
select least((select coalesce(max(seq), 0) from store_event),
             (select min(cursor) from store_follower where name = any (%(after)s::text[])));

-- name: move_follower
-- Set a follower's cursor. Where nothing was said by it, the commit need not wait for the disk: if the database's machine
-- fails, cursor and effects are both as before, and what comes later is never kept without what came earlier.
with eased as (select case when not %(waiting)s then set_config('synchronous_commit', 'off', true) end)
update store_follower set cursor = %(cursor)s from eased where name = %(name)s and cursor <> %(cursor)s;

-- name: pause_follower
-- Pause or resume a follower, with the reason.
update store_follower set paused = %(paused)s, note = %(note)s where name = %(name)s;

-- name: rewind_follower
-- Start a deriving follower over; it emits nothing until it has passed where it was.
update store_follower set replay_until = greatest(cursor, replay_until), cursor = 0
where name = %(name)s and role = 'deriving';

-- name: quarantine
-- Keep events that a follower could not take, with the error.
insert into store_quarantine (follower, seq, identity_id, error)
select %(follower)s, u.seq, u.identity_id, %(error)s
from unnest(%(seqs)s::bigint[], %(identities)s::bigint[]) as u (seq, identity_id)
on conflict (follower, seq) do update set error = excluded.error, at = now();

-- name: list_quarantine
-- Everything in quarantine, oldest first.
select q.follower, q.seq, q.identity_id, q.error, q.at from store_quarantine q order by q.follower, q.seq limit 1000;

-- name: quarantine_page
-- A part of the quarantine behind a place, of one follower if named, oldest first; those found by all patterns.
select follower, seq, identity_id, error, at from store_quarantine
where (%(follower)s::text is null or follower = %(follower)s::text)
  and (%(patterns)s::text[] = '{}' or lower(seq || ' ' || error) like all (%(patterns)s::text[]))
  and (%(after)s::text is null or (follower, seq) > (%(after)s::text, %(than)s::bigint))
order by follower, seq limit %(limit)s;

-- name: count_quarantine
-- How much is in quarantine, of one follower if named, and found by all patterns.
select count(*) from store_quarantine
where (%(follower)s::text is null or follower = %(follower)s::text)
  and (%(patterns)s::text[] = '{}' or lower(seq || ' ' || error) like all (%(patterns)s::text[]));

-- name: quarantined_identities
-- Which of these identities have an event in a follower's quarantine.
select distinct identity_id from store_quarantine
where follower = %(follower)s and identity_id = any (%(identities)s::bigint[]);

-- name: quarantined_beside
-- An event of a follower's quarantine with all others of its identity there, oldest first.
select q.seq from store_quarantine this
join store_quarantine q on q.follower = this.follower and q.identity_id = this.identity_id
where this.follower = %(follower)s and this.seq = %(seq)s order by q.seq;

-- name: release
-- Take events out of quarantine.
delete from store_quarantine where follower = %(follower)s and seq = any (%(seqs)s::bigint[]);

-- name: add_manifest
-- Note what an exporter has written.
insert into store_manifest (follower, from_seq, to_seq, name, rows)
values (%(follower)s, %(from_seq)s, %(to_seq)s, %(name)s, %(rows)s);

-- name: list_manifest
-- What an exporter has written, in order.
select name, rows from store_manifest where follower = %(follower)s order by from_seq;

-- name: notify
-- Tell every process which workspaces have something new.
select pg_notify('regulars', name) from unnest(%(workspaces)s::text[]) as name;

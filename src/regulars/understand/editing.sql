-- name: add_version
-- Keep a segment as it is now among its versions.
insert into understand_segment_version (segment_id, version, title, rule, saved_at)
select id, version, title, rule, %(now)s::timestamptz from understand_segment where id = %(segment)s;

-- name: hold_segment
-- A segment's number and version, held to the end of the transaction: whoever saves it next waits for that.
select id, version, title, rule from understand_segment where name = %(name)s for update;

-- name: change_segment
-- Give a segment its next version; nobody has been asked about it yet.
update understand_segment set title = %(title)s, rule = %(rule)s, version = version + 1,
       built_seq = case when rule = %(rule)s::jsonb then built_seq end,
       asked_on = case when rule = %(rule)s::jsonb then asked_on end
where id = %(segment)s;

-- name: ask_anew
-- Nobody has been asked about some segments as they are now: one they rest on is another.
update understand_segment set built_seq = null, asked_on = null where name = any (%(names)s::text[]);

-- name: versions
-- All versions of a segment, the newest first.
select v.version, v.title, v.rule, v.saved_at
from understand_segment_version v join understand_segment s on s.id = v.segment_id
where s.name = %(name)s order by v.version desc;

-- name: set_aside
-- Take a segment out of sight, and let its name go; return its number.
update understand_segment set deleted_at = %(now)s::timestamptz, name_before = name, name = null
where name = %(name)s returning id;

-- name: deleted_segments
-- Segments that were deleted and can be taken back, the last first.
select id, name_before as name, title, rule, deleted_at from understand_segment where name is null
order by deleted_at desc, id desc limit %(limit)s;

-- name: take_back
-- Bring a deleted segment back under its name; nobody has been asked about it since. Nothing where the name is taken.
update understand_segment as s set name = s.name_before, name_before = null, deleted_at = null,
       built_seq = null, asked_on = null
where s.id = %(segment)s and s.name is null
  and not exists (select 1 from understand_segment o where o.name = s.name_before)
returning s.name;

-- name: name_before
-- What a segment was called that was deleted since a moment.
select name_before from understand_segment
where id = %(segment)s and name is null and deleted_at >= %(since)s::timestamptz;

-- name: forget_deleted
-- Forget for good what was deleted before a moment.
delete from understand_segment where deleted_at < %(before)s::timestamptz;

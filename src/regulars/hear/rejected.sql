-- name: keep
-- Keep aside what was not taken.
insert into hear_rejected (at, source, kind, library, reason, said, bytes, more)
select * from unnest(%(ats)s::timestamptz[], %(sources)s::integer[], %(kinds)s::text[], %(libraries)s::text[],
                     %(reasons)s::text[], %(said)s::text[], %(bytes)s::integer[], %(more)s::integer[]);

-- name: sweep
-- Let go of what is too old, and of all but the newest.
delete from hear_rejected
where at < %(oldest)s or id <= (select max(id) from hear_rejected) - %(most)s;

-- name: list_rejected
-- The newest that was not taken, of what is asked for, before a place.
select id, at, source, kind, library, reason, said, bytes, more from hear_rejected
where (%(kind)s::text is null or kind = %(kind)s::text)
  and (%(source)s::integer is null or source = %(source)s::integer)
  and (%(library)s::text is null or library = %(library)s::text)
  and (%(before)s::bigint is null or id < %(before)s::bigint)
order by id desc limit %(limit)s;

-- name: count_rejected
-- How much of what is asked for is kept aside.
select count(*) from hear_rejected
where (%(kind)s::text is null or kind = %(kind)s::text)
  and (%(source)s::integer is null or source = %(source)s::integer)
  and (%(library)s::text is null or library = %(library)s::text);

-- name: get_rejected
-- One event that was not taken.
select id, at, source, kind, library, reason, said, bytes, more from hear_rejected where id = %(id)s;

-- name: newest
-- The number of the newest that was not taken, 0 for none.
select coalesce(max(id), 0) from hear_rejected;

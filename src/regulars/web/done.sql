-- name: add_done
-- Keep what somebody has done.
insert into web_done (person_id, kind, count, label, kept, at)
values (%(person)s, %(kind)s, %(count)s, %(label)s, %(kept)s::json, %(now)s)
returning id;

-- name: get_done
-- What somebody has done since a moment.
select id, kind, count, label, kept, undone_at from web_done
where id = %(id)s::bigint and person_id = %(person)s::bigint and at > %(since)s::timestamptz;

-- name: take_back
-- Say that it was taken back, once.
update web_done set undone_at = %(now)s
where id = %(id)s::bigint and person_id = %(person)s::bigint and kept is not null and undone_at is null
  and at > %(since)s::timestamptz
returning id, kind, count, label, kept, undone_at;

-- name: forget_done
-- Forget what was done before a moment.
delete from web_done where at < %(before)s::timestamptz;

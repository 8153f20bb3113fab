-- name: add_session
-- Open a session.
insert into access_session (hash, person_id, created_at, seen_at, expires_at, agent)
values (%(hash)s, %(person_id)s, %(now)s, %(now)s, %(expires_at)s, %(agent)s);

-- name: sweep_sessions
-- Forget sessions that are over, but for those that somebody else forgets just now.
delete from access_session
where hash in (select hash from access_session where expires_at < %(now)s limit 1000 for update skip locked);

-- name: person_at
-- Whose session it is, with their role in each workspace; stale where it is time to note that they were seen.
select p.id, p.email, p.name,
       coalesce((select jsonb_object_agg(r.workspace, r.role order by r.workspace)
                 from access_role r where r.person_id = p.id), '{}') as roles,
       s.seen_at <= %(before)s
       or exists (select 1 from access_role r where r.person_id = p.id and r.workspace = %(workspace)s
                  and (r.seen_at is null or r.seen_at <= %(before)s)) as stale
from access_session s join access_person p on p.id = s.person_id
where s.hash = %(hash)s and s.expires_at > %(now)s;

-- name: see
-- Note that a person is here; it puts off the end of their session, but not for ever.
with here as (
    update access_role set seen_at = %(now)s
    where person_id = %(person_id)s and workspace = %(workspace)s and (seen_at is null or seen_at <= %(before)s)
)
update access_session set seen_at = %(now)s,
       expires_at = least(%(now)s + %(unused)s::interval, created_at + %(at_most)s::interval)
where hash = %(hash)s and seen_at <= %(before)s;

-- name: list_sessions
-- A person's sessions, the one that asks first, then as they were last seen.
select id, agent, created_at, seen_at, hash = %(hash)s as here from access_session
where person_id = %(person_id)s and expires_at > %(now)s order by here desc, seen_at desc, id desc;

-- name: close_session
-- End the session of a cookie.
delete from access_session where hash = %(hash)s;

-- name: close_own
-- End one of a person's sessions.
delete from access_session where id = %(id)s and person_id = %(person_id)s;

-- name: close_others
-- End all sessions of a person but one.
delete from access_session where person_id = %(person_id)s and hash <> %(hash)s;

-- name: rename_person
-- What a person wants to be called.
update access_person set name = %(name)s where id = %(person_id)s;

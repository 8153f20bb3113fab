-- name: keep_draft
-- Keep what somebody has typed so far.
insert into web_draft (person_id, composer, thing, base, fields, at)
values (%(person)s, %(composer)s, %(thing)s, %(base)s, %(fields)s, %(now)s::timestamptz)
on conflict (person_id, composer, thing) do update
set base = excluded.base, fields = excluded.fields, at = excluded.at;

-- name: get_draft
-- What somebody has typed of a thing.
select base, fields, at from web_draft
where person_id = %(person)s and composer = %(composer)s and thing = %(thing)s;

-- name: drop_draft
-- Forget what somebody has typed of a thing.
delete from web_draft where person_id = %(person)s and composer = %(composer)s and thing = %(thing)s;

-- name: others_at
-- Who else has typed at a thing since a moment, the last first.
select coalesce(nullif(p.name, ''), p.email) from web_draft d join access_person p on p.id = d.person_id
where d.composer = %(composer)s and d.thing = %(thing)s and d.person_id <> %(person)s
  and d.at > %(since)s::timestamptz
order by d.at desc limit 5;

-- name: sweep_drafts
-- Forget what nobody came back to.
delete from web_draft where at < %(before)s::timestamptz;

-- name: hold_thing
-- Wait for whoever else saves a thing of this workspace just now, and let others wait.
select pg_advisory_xact_lock(hashtextextended(current_schema() || ' ' || %(thing)s::text, 0));

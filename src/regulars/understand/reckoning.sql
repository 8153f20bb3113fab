-- name: standing_of
-- How far what questions rest on is derived, where the log ends, and what else an answer rests on: the day and the clock, who was
-- forgotten, and which segment it is.
select coalesce((select sum(cursor) from store_follower where name = any (%(names)s::text[])), 0)::bigint as moved,
       coalesce((select max(seq) from store_event), 0)::bigint as head,
       concat_ws(' ', %(day)s::text, (select count(*) from remember_erasure where state = 'done'), (
           select concat_ws('/', id, version, built_seq is not null) from understand_segment where name = %(segment)s::text)) as about;

-- name: reckoned
-- What was reckoned of a question.
select key, kind, question, looked_at, wanted_at, begun_at, made_at, answer, about, moved, head, too_long
from understand_reckoned where key = %(key)s;

-- name: keep_reckoned
-- Keep what a question came to; nobody waits for it any more.
insert into understand_reckoned (key, kind, question, looked_at, made_at, answer, about, moved, head)
values (%(key)s, %(kind)s, %(question)s, %(now)s, %(now)s, %(answer)s, %(about)s, %(moved)s, %(head)s)
on conflict (key) do update set wanted_at = null, begun_at = null, made_at = excluded.made_at, answer = excluded.answer,
    about = excluded.about, moved = excluded.moved, head = excluded.head, too_long = false;

-- name: keep_too_long
-- Note that a question took too long; what it came to before stays.
update understand_reckoned set wanted_at = null, begun_at = null, too_long = true, about = %(about)s, moved = %(moved)s, head = %(head)s
where key = %(key)s;

-- name: want_reckoned
-- Have a question reckoned; who waits already goes on waiting.
insert into understand_reckoned as r (key, kind, question, looked_at, wanted_at)
values (%(key)s, %(kind)s, %(question)s, %(now)s, %(now)s)
on conflict (key) do update set looked_at = excluded.looked_at, wanted_at = coalesce(r.wanted_at, excluded.wanted_at);

-- name: look_at_reckoned
-- Note that somebody looks at what a question came to.
update understand_reckoned set looked_at = %(now)s where key = %(key)s;

-- name: forget_reckoned
-- Let go of what nobody looked at for longest, beyond so many questions.
delete from understand_reckoned where key in (
    select key from understand_reckoned order by looked_at desc, key offset %(most)s::bigint);

-- name: drop_reckoned
-- Drop a question that cannot be asked any more.
delete from understand_reckoned where key = %(key)s;

-- name: claim_reckoned
-- Take the question that waits longest, unless somebody is at it since a moment.
update understand_reckoned set begun_at = %(now)s where key = (
    select key from understand_reckoned
    where wanted_at is not null and (begun_at is null or begun_at < %(since)s::timestamptz)
    order by wanted_at limit 1 for update skip locked)
returning key, kind, question, looked_at, wanted_at, begun_at, made_at, answer, about, moved, head, too_long;

-- name: claim_answer
-- Take a key for a request; nothing where it was taken less than a day ago. Waits for whoever is just taking it.
insert into web_answer (key, request, at) values (%(key)s, %(request)s, %(now)s::timestamptz)
on conflict (key) do update set request = excluded.request, status = null, answer = null, at = excluded.at
where web_answer.at < excluded.at - interval '1 day'
returning true;

-- name: get_answer
-- What was answered under a key, and to which request.
select request, status, answer from web_answer where key = %(key)s;

-- name: keep_answer
-- Keep what is answered under a key.
update web_answer set status = %(status)s, answer = %(answer)s where key = %(key)s;

-- name: forget_answers
-- Forget some answers that are older than a day; those that somebody is just replacing are let be.
delete from web_answer where key in (
    select key from web_answer where at < %(now)s::timestamptz - interval '1 day' limit 100 for update skip locked);

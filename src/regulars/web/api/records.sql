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

-- name: take_parcel
-- Take some requests out of a key's bucket, as many as it has by now; a new one is full. Buckets that nobody has used
-- for a day are dropped.
with dropped as (
    delete from web_allowance where key in (
        select key from web_allowance where at < %(now)s::timestamptz - interval '1 day' and key <> %(key)s
        limit 10 for update skip locked))
insert into web_allowance as a (key, tokens, granted, at)
values (%(key)s, %(burst)s::float8 - %(want)s::float8, %(want)s::float8, %(now)s::timestamptz)
on conflict (key) do update set
    granted = least(%(want)s::float8, floor(least(%(burst)s::float8, a.tokens + %(rate)s::float8
        * greatest(extract(epoch from %(now)s::timestamptz - a.at)::float8, 0)))),
    tokens = least(%(burst)s::float8, a.tokens + %(rate)s::float8
        * greatest(extract(epoch from %(now)s::timestamptz - a.at)::float8, 0))
        - least(%(want)s::float8, floor(least(%(burst)s::float8, a.tokens + %(rate)s::float8
        * greatest(extract(epoch from %(now)s::timestamptz - a.at)::float8, 0)))),
    at = greatest(a.at, %(now)s::timestamptz)
returning granted, tokens;

-- name: get_return
-- How mail that comes back is heard of.
select box, provider, host, port, username, secrets, version, uid_validity, uid, read_at, problem from smtp_return;

-- name: keep_return
-- Hear of it in another way; where the mailbox is another one, it is read from now on.
insert into smtp_return as r (box, provider, host, port, username, secrets, changed_at)
values (%(box)s, %(provider)s, %(host)s, %(port)s, %(username)s, %(secrets)s, %(now)s)
on conflict (one) do update set
    box = excluded.box, provider = excluded.provider, host = excluded.host, port = excluded.port,
    username = excluded.username, secrets = excluded.secrets, changed_at = excluded.changed_at,
    version = r.version + 1, problem = null,
    uid_validity = case when (r.host, r.username) = (excluded.host, excluded.username) then r.uid_validity end,
    uid = case when (r.host, r.username) = (excluded.host, excluded.username) then r.uid end;

-- name: hold_place
-- Up to which mail the mailbox was read; nobody else reads on before this transaction ends. Nothing where it is another one by now.
select uid_validity, uid from smtp_return where version = %(version)s for update;

-- name: move_place
-- Up to which mail it is read now.
update smtp_return set uid_validity = %(uid_validity)s, uid = %(uid)s, read_at = %(now)s, problem = null
where version = %(version)s;

-- name: note_problem
-- Why it could not be read.
update smtp_return set problem = %(problem)s, read_at = %(now)s where version = %(version)s;

-- name: list_keys
-- The keys by which mail is signed.
select domain, selector, record, key, made_at, checked_at, found, live_at from smtp_dkim order by domain;

-- name: add_key
-- A key for a domain; the one that is there stays.
insert into smtp_dkim (domain, selector, record, key, made_at)
values (%(domain)s, %(selector)s, %(record)s, %(key)s, %(now)s) on conflict (domain) do nothing;

-- name: drop_key
-- Mail of a domain is signed no more.
delete from smtp_dkim where domain = %(domain)s;

-- name: note_check
-- What DNS said of a key; from when it was found there first, mail is signed.
update smtp_dkim set checked_at = %(now)s, found = %(found)s,
    live_at = case when %(found)s = 'found' then coalesce(live_at, %(now)s) else live_at end
where domain = %(domain)s;

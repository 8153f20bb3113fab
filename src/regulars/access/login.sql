-- name: find_account
-- A person by e-mail, with the hash of their password, if they have one.
select p.id, coalesce(w.hash, '') as hash
from access_person p left join access_password w on w.person_id = p.id
where p.email = %(email)s;

-- name: set_password
-- Keep the hash of a person's password in place of the one before.
insert into access_password (person_id, hash, set_at) values (%(person_id)s, %(hash)s, %(now)s)
on conflict (person_id) do update set hash = excluded.hash, set_at = excluded.set_at;

-- name: rehash_password
-- Keep a better hash of the same password, unless another was set meanwhile.
update access_password set hash = %(fresh)s where person_id = %(person_id)s and hash = %(hash)s;

-- name: remove_password
-- Let a person have no password.
delete from access_password where person_id = %(person_id)s;

-- name: password_set_at
-- Since when a person has their password.
select set_at from access_password where person_id = %(person_id)s;

-- name: handle_of
-- What a person's passkeys know them by.
select handle from access_person where id = %(person_id)s;

-- name: list_passkeys
-- A person's passkeys, the oldest first.
select id, name, added_at, used_at from access_passkey where person_id = %(person_id)s order by added_at, id;

-- name: credentials_of
-- What names a person's passkeys to their authenticators.
select credential from access_passkey where person_id = %(person_id)s;

-- name: add_passkey
-- Keep a passkey; nothing where it is kept already, or the person has as many as they may.
insert into access_passkey (person_id, credential, public_key, sign_count, name, added_at)
select %(person_id)s, %(credential)s, %(public_key)s, %(sign_count)s, %(name)s, %(now)s
where (select count(*) from access_passkey where person_id = %(person_id)s) < %(most)s
on conflict do nothing;

-- name: find_passkey
-- A passkey by its credential, held until the transaction ends.
select k.id, k.person_id, k.public_key, k.sign_count, p.handle
from access_passkey k join access_person p on p.id = k.person_id
where k.credential = %(credential)s for update of k;

-- name: use_passkey
-- Note that a passkey was used, and how often it says it was.
update access_passkey set sign_count = %(sign_count)s, used_at = %(now)s where id = %(id)s;

-- name: remove_passkey
-- Forget one of a person's passkeys; gives its name.
delete from access_passkey where id = %(id)s and person_id = %(person_id)s returning name;

-- name: add_ticket
-- Keep something between two steps of a log-in.
insert into access_ticket (hash, purpose, keeps, expires_at) values (%(hash)s, %(purpose)s, %(keeps)s, %(expires_at)s);

-- name: take_ticket
-- Use a ticket up; gives what it keeps, once and in time.
delete from access_ticket where hash = %(hash)s and purpose = %(purpose)s
returning case when expires_at > %(now)s then keeps end;

-- name: sweep_tickets
-- Forget tickets that nobody used in time.
delete from access_ticket where hash in (
    select hash from access_ticket where expires_at < %(now)s limit 20 for update skip locked
);

-- name: open_tallies
-- Begin a tally for each of these that has none.
insert into access_tally (kind, whom, tries, at, forgotten_at)
select kind, whom, 0, %(now)s::timestamptz, %(now)s::timestamptz
from unnest(%(kinds)s::text[], %(whoms)s::bytea[]) as one (kind, whom)
order by kind, whom
on conflict do nothing;

-- name: lock_tallies
-- The tallies of these, held until the transaction ends, always in one order.
select t.kind, t.whom, t.tries, t.at from access_tally t
join unnest(%(kinds)s::text[], %(whoms)s::bytea[]) as one (kind, whom) using (kind, whom)
order by t.kind, t.whom for update of t;

-- name: write_tally
-- Note how often somebody tried by now.
update access_tally set tries = %(tries)s, at = %(at)s, forgotten_at = %(forgotten_at)s
where kind = %(kind)s and whom = %(whom)s;

-- name: forget_tallies
-- Forget some tallies that say nothing any more.
delete from access_tally where (kind, whom) in (
    select kind, whom from access_tally where forgotten_at < %(now)s limit 20 for update skip locked
);

-- name: hold_person
-- A person by e-mail, held until the transaction ends.
select id from access_person where email = %(email)s for update;

-- name: add_mailed_link
-- Keep a link that is mailed to a person, unless they were mailed one that is unused and works for a while yet.
insert into access_login_link (hash, person_id, expires_at, mailed)
select %(hash)s, %(person_id)s, %(expires_at)s, true
where not exists (
    select 1 from access_login_link
    where person_id = %(person_id)s and mailed and used_at is null and expires_at > %(enough)s
);

-- name: drop_link
-- Forget a link that reached nobody.
delete from access_login_link where hash = %(hash)s;

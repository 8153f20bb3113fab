-- name: add_mail
-- Keep a mail, once.
insert into sandbox_mail (message_id, recipient, sender, subject, html, text, headers)
values (%(message_id)s, %(recipient)s, %(sender)s, %(subject)s, %(html)s, %(text)s, %(headers)s)
on conflict (message_id) do nothing;

-- name: list_mail
-- Mail, newest first, of one address if named.
select message_id, recipient, sender, subject, left(text, 200) || case when length(text) > 200 then '…' else '' end as preview, at from sandbox_mail
where deleted_at is null and (%(recipient)s::text is null or recipient = %(recipient)s::text)
  and (%(before)s::timestamptz is null or (at, message_id) < (%(before)s::timestamptz, %(than)s::bigint))
order by at desc, message_id desc limit %(limit)s;

-- name: count_mail
-- How much mail there is, of one address if named.
select count(*) from sandbox_mail
where deleted_at is null and (%(recipient)s::text is null or recipient = %(recipient)s::text);

-- name: delete_mail
-- Delete mail, to be gone after a day; what is there is told by number and subject.
update sandbox_mail set deleted_at = %(now)s where message_id = any (%(ids)s::bigint[]) and deleted_at is null
returning message_id, subject;

-- name: restore_mail
-- Take the deleting of mail back.
update sandbox_mail set deleted_at = null where message_id = any (%(ids)s::bigint[]);

-- name: drop_mail
-- Let go of mail that was deleted before a moment.
delete from sandbox_mail where deleted_at < %(before)s::timestamptz;

-- name: get_mail
-- One mail.
select message_id, recipient, sender, subject, html, text, headers, at from sandbox_mail
where message_id = %(message_id)s and deleted_at is null;

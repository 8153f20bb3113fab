-- name: note_sent
-- How the gateway calls a message.
insert into sms_sent (known_as, message_id, at) values (%(known_as)s, %(message)s, %(at)s)
on conflict (known_as) do nothing;

-- name: sent_as
-- Which message the gateway means.
select message_id from sms_sent where known_as = %(known_as)s;

-- name: forget_sent
-- No gateway tells anything of a message after so long.
delete from sms_sent where at < %(before)s;

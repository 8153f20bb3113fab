-- name: drop_mail_of
-- Drop mail to somebody, and mail that was a message of theirs.
delete from sandbox_mail where message_id in (
    select message_id from sandbox_mail where recipient = any (%(needles)s::text[])
    union
    select b.message_id from speak_message m join sandbox_mail b on b.message_id = m.id
    where m.customer_id = any (%(identities)s::bigint[])
    limit %(limit)s);

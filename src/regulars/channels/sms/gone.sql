-- name: drop_sent_to
-- Drop how gateways call messages to somebody.
delete from sms_sent where known_as in (
    select s.known_as from speak_message m join sms_sent s on s.message_id = m.id
    where m.customer_id = any (%(identities)s::bigint[]) limit %(limit)s);

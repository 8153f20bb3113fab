-- name: drop_waiting
-- Drop what was to be sent to somebody, and notices to them or for their sake.
delete from speak_message where id in (
    select id from speak_message
    where (customer_id = any (%(identities)s::bigint[]) and (notice is not null or state in ('waiting', 'claimed'))
           or notice ->> 'address' = any (%(needles)s::text[])) and state <> 'started'
    limit %(limit)s);

-- name: blank_messages
-- Leave of what was said to somebody that a campaign said it, what came of it, and on which day.
update speak_message
set customer_id = %(stand_in)s, identity_id = null, used = null, notice = null, cause = null, consent_seq = null,
    valid_until = null, reason = null, claimed_by = null, claimed_at = null, due = date_trunc('day', due),
    sent_at = date_trunc('day', sent_at), created_at = date_trunc('day', created_at)
where id in (
    select id from speak_message
    where customer_id = any (%(identities)s::bigint[]) and state <> 'started' limit %(limit)s);

-- name: drop_clicks
-- Drop which links somebody followed: what a link says may be theirs.
delete from measure_click where (message_id, link, machine) in (
    select c.message_id, c.link, c.machine from measure_click c join speak_message m on m.id = c.message_id
    where m.customer_id = any (%(identities)s::bigint[]) or m.identity_id = any (%(identities)s::bigint[])
    limit %(limit)s);

-- name: blunt_reactions
-- Leave of what came of a message to somebody on which day it was.
update measure_reaction set first_at = date_trunc('day', first_at), times = 1
where (message_id, what) in (
    select r.message_id, r.what from measure_reaction r join speak_message m on m.id = r.message_id
    where (m.customer_id = any (%(identities)s::bigint[]) or m.identity_id = any (%(identities)s::bigint[]))
      and r.first_at <> date_trunc('day', r.first_at)
    limit %(limit)s);

-- name: drop_statements
-- Drop that somebody told us something: what it was is gone with their answers.
delete from measure_statement where response in (
    select id from engage_response where identity_id = any (%(identities)s::bigint[]) limit %(limit)s);

-- name: drop_responses
-- Drop what somebody answered.
delete from engage_response where id in (
    select id from engage_response where identity_id = any (%(identities)s::bigint[]) limit %(limit)s);

-- name: drop_confirmations
-- Drop addresses of somebody, or typed by them, that wait to be confirmed or were.
delete from engage_confirmation
where identity_id = any (%(identities)s::bigint[]) or address = any (%(needles)s::text[]);

-- name: drop_stops
-- Drop that the team stopped writing to many, where they were found, or why, by somebody's name or address.
delete from engage_stop
where workspace = %(workspace)s and state in ('done', 'failed')
  and concat_ws(' ', chosen, to_json(words)) ~* any (%(patterns)s::text[]);

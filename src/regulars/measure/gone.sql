-- name: drop_statements
-- Drop that somebody told us something: what it was is gone with their answers.
delete from measure_statement where response in (
    select id from engage_response where identity_id = any (%(identities)s::bigint[]) limit %(limit)s);

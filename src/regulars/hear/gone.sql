-- name: let_go
-- Let go of identifiers: whoever comes by one of them is somebody new.
delete from hear_identity where id = any (%(ids)s::bigint[]);

-- name: count_letting_go
-- Say that identifiers were let go of.
update hear_letting_go set times = times + 1;

-- name: drop_rejected
-- Drop what was sent about somebody and not taken.
delete from hear_rejected where id in (
    select id from hear_rejected
    where concat_ws(' ', said, to_json(reason)) ~* any (%(patterns)s::text[]) limit %(limit)s);

-- name: stop_imports
-- Let no import of a workspace go on, or be begun: their files go. Waits for the chunk that is just being taken.
update hear_import
set state = 'cancelled', problem = %(problem)s, finished_at = coalesce(finished_at, now())
where workspace = %(workspace)s and state <> 'done' and problem <> %(problem)s;

-- name: brought
-- The imports that a workspace has had.
select number from hear_import where workspace = %(workspace)s;

-- name: drop_understood
-- Drop the first rows of imports as they were understood.
update hear_import set outcome = (outcome::jsonb - 'first')::json
where workspace = %(workspace)s and coalesce(outcome::jsonb -> 'first', '[]') <> '[]';

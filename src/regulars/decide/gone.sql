-- name: drop_intents
-- Drop what was decided for somebody.
delete from decide_intent where id in (
    select id from decide_intent where customer_id = any (%(identities)s::bigint[]) limit %(limit)s);

-- name: drop_suppressions
-- Drop what was learned of somebody's addresses.
delete from decide_suppression where identity_id = any (%(identities)s::bigint[]);

-- name: drop_soft_bounces
-- Nor on which days mail to them came back.
delete from decide_soft_bounce where identity_id = any (%(identities)s::bigint[]);

-- name: drop_lifted
-- Nor that they were let go of once.
delete from decide_lifted where identity_id = any (%(identities)s::bigint[]);

-- name: add_unwanted
-- Send nothing to these addresses until their owner says so.
insert into decide_unwanted (hash, at) select unnest(%(hashes)s::text[]), %(now)s on conflict do nothing;

-- name: unwanted
-- Which of these addresses belong to people who had everything forgotten.
select hash from decide_unwanted where hash = any (%(hashes)s::text[]);

-- name: any_unwanted
-- Whether anybody ever had everything forgotten.
select exists (select from decide_unwanted);

-- name: drop_unwanted
-- Somebody is back by their own word.
delete from decide_unwanted where hash = any (%(hashes)s::text[]);

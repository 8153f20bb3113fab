-- name: get_policy
-- How customers are to be written to.
select policy from decide_contact;

-- name: keep_policy
-- Write to customers otherwise.
insert into decide_contact (policy) values (%(policy)s::jsonb) on conflict (one) do update set policy = excluded.policy;

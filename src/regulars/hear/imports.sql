-- name: known_statements
-- Which of these statements the log has, made at whatever time: found by identity, sure by the message id.
select distinct e.mid from unnest(%(identities)s::bigint[], %(mids)s::bigint[]) as w (identity_id, mid)
join store_event e on e.identity_id = w.identity_id and e.mid = w.mid;

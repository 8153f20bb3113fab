-- name: begin_round
-- Begin a scheduled round, unless another worker began it less than its interval ago; return whether it failed last.
insert into store_round (name, began_at) values (%(name)s, %(now)s)
on conflict (name) do update set began_at = excluded.began_at
where store_round.began_at <= excluded.began_at - %(every)s::interval
returning failed_at is not null;

-- name: fail_round
-- Keep since when a round fails, and by which error it did last.
update store_round set failed_at = coalesce(failed_at, %(now)s::timestamptz), error = %(error)s where name = %(name)s;

-- name: mend_round
-- A round that failed was held to its end.
update store_round set failed_at = null, error = null where name = %(name)s;

-- name: failing_rounds
-- The rounds that fail, since when, and by which error, of those that began since a moment.
select name, failed_at as since, error from store_round
where failed_at is not null and began_at > %(began_since)s::timestamptz order by name;

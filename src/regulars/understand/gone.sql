-- name: hand_rollups
-- Hand counts of somebody to whoever stands in for them: each is moved, so it is moved once.
with moved as (
    delete from understand_rollup where (identity_id, kind, day) in (
        select identity_id, kind, day from understand_rollup
        where identity_id = any (%(identities)s::bigint[]) order by identity_id, kind, day limit %(limit)s)
    returning kind, day, count, total)
insert into understand_rollup (identity_id, kind, day, count, total)
select %(stand_in)s, kind, day, sum(count), sum(total) from moved group by kind, day order by kind, day
on conflict (identity_id, kind, day) do update
set count = understand_rollup.count + excluded.count, total = understand_rollup.total + excluded.total;

-- name: hand_seen
-- Hand on when somebody was last here.
with moved as (delete from understand_seen where identity_id = any (%(identities)s::bigint[]) returning day)
insert into understand_seen (identity_id, day) select %(stand_in)s, max(day) from moved having count(*) > 0
on conflict (identity_id) do update set day = greatest(understand_seen.day, excluded.day);

-- name: leave_segments
-- Take somebody out of every segment, without a word.
delete from understand_member where (segment_id, customer_id) in (
    select segment_id, customer_id from understand_member
    where customer_id = any (%(identities)s::bigint[]) limit %(limit)s);

-- name: hand_rollups
-- Hand counts of somebody to whoever stands in for them: each is moved, so it is moved once.
with moved as (
    delete from understand_rollup where ctid = any (array(
        select ctid from understand_rollup where identity_id = any (%(identities)s::bigint[]) limit %(limit)s))
    returning kind, day, count, total),
counted as materialized (select kind, day, sum(count) as count, sum(total) as total from moved group by kind, day),
added as (
    update understand_rollup as r set count = r.count + c.count, total = r.total + c.total
    from counted as c where r.identity_id = %(stand_in)s and r.kind = c.kind and r.day = c.day
    returning r.kind, r.day)
insert into understand_rollup (identity_id, kind, day, count, total)
select %(stand_in)s, kind, day, count, total from counted where (kind, day) not in (select kind, day from added)
order by kind, day;

-- name: hand_seen
-- Hand on when somebody was last here.
with moved as (delete from understand_seen where identity_id = any (%(identities)s::bigint[]) returning day)
insert into understand_seen (identity_id, day) select %(stand_in)s, max(day) from moved having count(*) > 0
on conflict (identity_id) do update set day = greatest(understand_seen.day, excluded.day);

-- name: drop_buyer
-- Drop what somebody's orders came to.
delete from understand_buyer where customer_id = any (%(identities)s::bigint[]);

-- name: drop_stages_of
-- Drop at which stages somebody is.
delete from understand_stage where customer_id = any (%(identities)s::bigint[]);

-- name: drop_due_of
-- Drop when somebody would be looked at again.
delete from understand_stage_due where customer_id = any (%(identities)s::bigint[]);

-- name: drop_ways_of
-- Drop how somebody bought.
delete from understand_way where customer_id = any (%(identities)s::bigint[]);

-- name: drop_group_of
-- Drop in which group somebody is.
delete from understand_grouped where customer_id = any (%(identities)s::bigint[]);

-- name: leave_segments
-- Take somebody out of every segment, without a word; return out of how many.
with gone as (
    delete from understand_member where (segment_id, customer_id) in (
        select segment_id, customer_id from understand_member
        where customer_id = any (%(identities)s::bigint[]) limit %(limit)s)
    returning segment_id),
grown as (
    insert into understand_growth as g (segment_id, day, "left")
    select segment_id, cast(%(now)s::timestamptz at time zone 'UTC' as date), count(*) from gone group by segment_id
    on conflict (segment_id, day) do update set "left" = g."left" + excluded."left")
select count(*) from gone;

-- name: leave_turned
-- Let nobody wait to be asked whom time moves.
delete from understand_turned where customer_id = any (%(identities)s::bigint[]);

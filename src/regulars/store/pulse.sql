-- name: pulse
-- How a log stands: its head, the newest event of some kinds after a sequence, else the one that was known (or the head),
-- how far its followers have come (a paused one holds nobody up), and what somebody should look at. Where no kinds are
-- asked for, no event is looked at.
select log.head, coalesce(talk.told, %(known)s::bigint, log.head) as told, coalesce(followers.reached, log.head) as reached,
       coalesce(followers.steps, 0)::bigint as steps, coalesce(followers.paused, 0) as paused,
       (select count(*) from store_quarantine) as set_aside
from (select coalesce(max(seq), 0) as head from store_event) as log
cross join (select min(cursor) filter (where not paused) as reached, sum(cursor) as steps,
                   count(*) filter (where paused) as paused from store_follower) as followers
left join lateral (
    select e.seq as told from store_event e
    where cardinality(%(kinds)s::text[]) > 0 and e.seq > %(since)s::bigint and e.kind in (select id from store_kind where name = any (%(kinds)s::text[]))
    order by e.seq desc limit 1) as talk on true;

-- name: beginnings
-- Whether a log has had past events from a file, and events from outside, told from the first thousand.
select coalesce(bool_or(e.historical), false) as imported,
       coalesce(bool_or(e.historical is not true
                        and e.kind not in (select id from store_kind where name = any (%(ours)s::text[]))), false) as heard
from (select historical, kind from store_event order by seq limit 1000) as e;

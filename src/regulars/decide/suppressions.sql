-- name: suppress
-- Send nothing more to these addresses; those on the list stay as they are, but that a dead one counts more than one that
-- complained. What came back before an address was taken off the list counts no more.
insert into decide_suppression (identity_id, reason, at, seq, why)
select distinct on (n.identity_id) n.identity_id, n.reason, n.at, n.seq, n.why
from unnest(%(identities)s::bigint[], %(reasons)s::text[], %(ats)s::timestamptz[], %(seqs)s::bigint[],
            %(whys)s::text[]) as n (identity_id, reason, at, seq, why)
where not exists (select from decide_lifted l where l.identity_id = n.identity_id and l.at >= n.at)
order by n.identity_id, n.why = 'complained', n.at
on conflict (identity_id) do update set reason = excluded.reason, at = excluded.at, seq = excluded.seq, why = excluded.why
where decide_suppression.why = 'complained' and excluded.why <> 'complained';

-- name: note_soft
-- On which days mail to addresses came back for a while.
insert into decide_soft_bounce (identity_id, day)
select n.identity_id, (n.at at time zone 'UTC')::date
from unnest(%(identities)s::bigint[], %(ats)s::timestamptz[]) as n (identity_id, at)
where not exists (select from decide_lifted l where l.identity_id = n.identity_id and l.at >= n.at)
on conflict do nothing;

-- name: soft_days
-- On how many days within some, up to a moment, mail to each of these addresses came back for a while.
select n.identity_id, count(b.day)
from unnest(%(identities)s::bigint[], %(ats)s::timestamptz[]) as n (identity_id, at)
join decide_soft_bounce b on b.identity_id = n.identity_id
    and b.day between (n.at at time zone 'UTC')::date - %(within)s::int and (n.at at time zone 'UTC')::date
group by n.identity_id, n.at;

-- name: forget_bounces
-- Forget what was learned from what came back, for a replay.
delete from decide_suppression where seq is not null;

-- name: forget_soft
-- Forget on which days anything came back, for a replay.
truncate decide_soft_bounce;

-- name: list_suppressed
-- A part of the addresses that nothing is sent to, behind a place, the newest first; those found by all patterns.
select s.identity_id, h.kind, h.value as address, r.customer_id, s.why, s.reason, s.at, s.seq
from decide_suppression s
join hear_identity h on h.id = s.identity_id
left join remember_identity r on r.identity_id = s.identity_id
where (%(why)s::text is null or s.why = %(why)s::text)
  and (%(patterns)s::text[] = '{}' or lower(h.value) like all (%(patterns)s::text[]))
  and (%(at)s::timestamptz is null or (s.at, s.identity_id) < (%(at)s::timestamptz, %(identity)s::bigint))
order by s.at desc, s.identity_id desc limit %(limit)s;

-- name: count_suppressed
-- To how many addresses nothing is sent, of those found by all patterns.
select count(*) from decide_suppression s join hear_identity h on h.id = s.identity_id
where (%(why)s::text is null or s.why = %(why)s::text)
  and (%(patterns)s::text[] = '{}' or lower(h.value) like all (%(patterns)s::text[]));

-- name: of_customer
-- Which addresses of a customer nothing is sent to.
select s.identity_id, h.kind, h.value as address, r.customer_id, s.why, s.reason, s.at, s.seq
from remember_identity r
join decide_suppression s on s.identity_id = r.identity_id
join hear_identity h on h.id = s.identity_id
where r.customer_id = %(customer)s
order by s.at desc, s.identity_id desc;

-- name: hold_suppressed
-- One address of the list, which nobody else takes off before this transaction ends.
select s.identity_id, h.kind, h.value as address, r.customer_id, s.why, s.reason, s.at, s.seq
from decide_suppression s
join hear_identity h on h.id = s.identity_id
left join remember_identity r on r.identity_id = s.identity_id
where s.identity_id = %(identity)s for update of s;

-- name: lift
-- Write to an address again.
delete from decide_suppression where identity_id = %(identity)s;

-- name: lift_complaint
-- Write to an address again whose owner has called a message spam, and now says otherwise.
delete from decide_suppression where identity_id = %(identity)s and why = 'complained';

-- name: note_lifted
-- What came back until now counts no more.
insert into decide_lifted (identity_id, at) values (%(identity)s, %(now)s)
on conflict (identity_id) do update set at = greatest(decide_lifted.at, excluded.at);

-- name: drop_soft
-- Nor the days on which something came back for a while.
delete from decide_soft_bounce where identity_id = %(identity)s;

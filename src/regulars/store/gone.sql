-- name: events_of
-- Some events of somebody who goes, held.
select e.seq, k.name as kind, e.props::text as props
from store_event e join store_kind k on k.id = e.kind
where e.identity_id = any (%(identities)s::bigint[])
order by e.seq limit %(limit)s for update of e;

-- name: mark_events
-- Keep by what some events of somebody who goes are known again, when a file or a client says them once more, those behind
-- a place in the log; and say up to where, and how many they were.
with theirs as materialized (
    select seq, mid from store_event
    where identity_id = any (%(identities)s::bigint[]) and seq > %(after)s::bigint order by seq limit %(limit)s),
marked as (
    insert into store_cut (mark)
    select distinct substr(sha256(s.secret || int8send(e.mid)), 1, 8)
    from theirs e cross join store_cut_secret s where e.mid is not null
    on conflict do nothing)
select coalesce(max(seq), %(after)s::bigint), count(*) from theirs;

-- name: cut_before
-- Which of these message ids are those of events that were cut.
select m.mid
from unnest(%(mids)s::bigint[]) as m (mid) cross join store_cut_secret s
join store_cut c on c.mark = substr(sha256(s.secret || int8send(m.mid)), 1, 8);

-- name: cut_events
-- Leave of events their sequence, kind, day and money; what came after the rest was marked is marked now.
with marked as (
    insert into store_cut (mark)
    select distinct substr(sha256(s.secret || int8send(e.mid)), 1, 8)
    from store_event e cross join store_cut_secret s
    where e.seq = any (%(seqs)s::bigint[]) and e.seq > %(marked)s and e.mid is not null
    on conflict do nothing)
update store_event e
set identity_id = c.identity_id, at = date_trunc('day', e.at), received_at = date_trunc('day', e.received_at), mid = null,
    cause = null, depth = null, source = null, props = c.props::json, context = null, cut = true
from unnest(%(seqs)s::bigint[], %(identities)s::bigint[], %(props)s::text[]) as c (seq, identity_id, props)
where e.seq = c.seq;

-- name: hand_over
-- Leave events to those who stay and for whom they speak, too: what was said holds, and whoever said it goes.
update store_event e
set identity_id = h.identity_id, mid = null, cause = null, source = null, props = h.props::json, context = null
from unnest(%(seqs)s::bigint[], %(identities)s::bigint[], %(props)s::text[]) as h (seq, identity_id, props)
where e.seq = h.seq;

-- name: empty
-- Leave of events whose they are, their kind, moment and money: their time is over.
update store_event e set props = c.props::json, context = null, cut = true
from unnest(%(seqs)s::bigint[], %(props)s::text[]) as c (seq, props)
where e.seq = c.seq;

-- name: manifest
-- Which file holds which part of the log.
select from_seq, to_seq, name from store_manifest where follower = %(follower)s order by from_seq;

-- name: drop_refusals
-- Drop events of somebody that were refused.
delete from store_refusal where id in (
    select id from store_refusal where identity_id = any (%(identities)s::bigint[]) limit %(limit)s);

-- name: drop_quarantine
-- Drop events of somebody that a follower could not take.
delete from store_quarantine where (follower, seq) in (
    select follower, seq from store_quarantine where identity_id = any (%(identities)s::bigint[]) limit %(limit)s);

-- name: fence
-- Wait for every follower's batch that is on its way.
select name from store_follower order by name for update;

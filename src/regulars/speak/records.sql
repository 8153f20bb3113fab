-- name: add_campaign
-- A campaign, not yet live; nothing where the name is taken.
insert into speak_campaign (name, title, segment, template, purpose, channel, priority, utm, ends_at,
    held_out, whom, goes_at, by_clock)
values (%(name)s, %(title)s, %(segment)s, %(template)s, %(purpose)s, %(channel)s, %(priority)s, %(utm)s::jsonb,
        %(ends_at)s, %(held_out)s, %(whom)s, %(goes_at)s, %(by_clock)s)
on conflict (name) do nothing
returning id;

-- name: get_campaign
-- One campaign.
select name, title, segment, template, purpose, channel, state, launched_at, version, priority, utm, ends_at,
       held_out, whom, goes_at, by_clock
from speak_campaign
where name = %(name)s;

-- name: hold_campaign
-- One campaign, locked to the end of the transaction.
select name, title, segment, template, purpose, channel, state, launched_at, version, priority, utm, ends_at,
       held_out, whom, goes_at, by_clock
from speak_campaign
where name = %(name)s for update;

-- name: keep_campaign
-- Let a campaign say something else, or to others.
update speak_campaign
set title = %(title)s, segment = %(segment)s, template = %(template)s, purpose = %(purpose)s, channel = %(channel)s,
    priority = %(priority)s, utm = %(utm)s::jsonb, ends_at = %(ends_at)s,
    held_out = %(held_out)s, whom = %(whom)s, goes_at = %(goes_at)s, by_clock = %(by_clock)s, version = version + 1
where name = %(name)s;

-- name: list_campaigns
-- All campaigns, or each of those named, newest first.
select name, title, segment, template, purpose, channel, state, launched_at, version, priority, utm, ends_at,
       held_out, whom, goes_at, by_clock
from speak_campaign
where %(among)s::text[] is null or name = any (%(among)s::text[]) order by id desc;

-- name: launch_campaign
-- Make a campaign live, and hold its row: who reads the campaigns of a segment waits for the commit.
update speak_campaign set state = 'live', launched_at = coalesce(launched_at, %(now)s) where name = %(name)s;

-- name: campaigns_on
-- The campaigns on some segments, whatever their state, so that one being launched just now is waited for.
select name, segment, state, priority, whom from speak_campaign where segment = any (%(segments)s::text[]) order by id for share;

-- name: count_states
-- How many messages of some campaigns are in which state.
select campaign, state, count(*) from speak_message where campaign = any (%(campaigns)s::text[])
group by campaign, state;

-- name: count_reasons
-- Why messages of a campaign were refused or are held, with how many there are of each; all texts are one.
select state, case when code = any (%(codes)s::text[]) then code else '' end as reason, count(*),
       min(due) filter (where state = 'waiting' and due < %(parked)s::timestamptz) as due
from (select state, split_part(reason, ' ', 1) as code, due from speak_message
      where campaign = %(campaign)s and state in ('refused', 'waiting') and reason is not null) m
group by 1, 2 order by 3 desc, 2;

-- name: add_messages
-- A message for each intent, once.
insert into speak_message (intent_id, campaign, customer_id, cause, due, valid_until, priority, channel)
select i.intent, i.campaign, i.customer, i.cause, i.due, i.valid_until, i.priority, coalesce(c.channel, 'email')
from unnest(%(intents)s::bigint[], %(campaigns)s::text[], %(customers)s::bigint[], %(causes)s::bigint[],
                     %(due)s::timestamptz[], %(valid_until)s::timestamptz[], %(priorities)s::smallint[])
    with ordinality as i (intent, campaign, customer, cause, due, valid_until, priority, place)
left join speak_campaign c on c.name = i.campaign
order by i.place
on conflict (intent_id) do nothing;

-- name: add_notice
-- A message of service to an address that is nobody's yet.
insert into speak_message (campaign, customer_id, identity_id, notice, due, priority)
values ('', %(identity)s, %(identity)s, %(notice)s::jsonb, %(due)s, %(priority)s)
returning id;

-- name: anything_due
-- Whether a decision, or a message of a channel, is due, without touching either.
select exists (select from decide_intent where verb = %(verb)s and taken_at is null and not_before <= %(now)s)
    or exists (
        select from speak_message
        where state = 'waiting' and channel = %(channel)s and priority = any (%(priorities)s::smallint[])
          and due <= %(now)s);

-- name: lock_notices
-- Wait for anybody else who is about to queue a notice for this identity, to the end of the transaction.
select pg_advisory_xact_lock(%(key)s::bigint);

-- name: count_notices
-- How many notices an identity has caused that were due after a moment.
select count(*) from speak_message
where customer_id = %(identity)s and notice is not null and due > %(since)s;

-- name: hold_due
-- The messages of a channel that are due, what matters more first and then the oldest, locked; those that another sender holds are
-- left to it.
select m.id, m.campaign, m.customer_id, m.cause, m.attempts, m.valid_until, m.notice, m.priority, m.due
from unnest(%(priorities)s::smallint[]) as p (priority)
cross join lateral (
    select * from speak_message w
    where w.state = 'waiting' and w.channel = %(channel)s and w.priority = p.priority and w.due <= %(now)s
    order by w.due, w.id limit %(limit)s for update skip locked) as m
limit %(limit)s;

-- name: plans
-- Campaigns as a sender needs them, each with the newest version of its template; who lets one go on waits until this
-- transaction ends, so that it finds everything that was parked.
select c.name, c.state, c.purpose, c.channel, t.id, t.name as template, t.version, t.subject, t.html, t.text, t.ask,
       c.utm, c.ends_at, c.held_out, c.goes_at, c.by_clock, c.launched_at
from speak_campaign c
cross join lateral (
    select * from speak_template where name = c.template order by version desc limit 1) t
where c.name = any (%(names)s::text[])
order by c.id for share of c;

-- name: told
-- What customers said in their own words, verified, of some facts, and what they did that is computed.
-- What is past its shelf life, or computed from what only a browser key said, is not quoted; `purposes` is what each may be used for.
select f.customer_id, f.name, f.words, f.value, f.seq, n.purposes
from remember_current f left join remember_fact_name n on n.name = f.name
where f.customer_id = any (%(customers)s::bigint[]) and f.name = any (%(names)s::text[])
  and (f.source = 'said' or f.source = 'did' and f.origin <> 'browser') and f.verified
  and (n.shelf_days is null or f.at >= %(now)s::timestamptz - make_interval(days => n.shelf_days));

-- name: segments_among
-- In which of some segments customers are.
select m.customer_id, s.name from understand_member as m join understand_segment as s on s.id = m.segment_id
where m.customer_id = any (%(customers)s::bigint[]) and s.name = any (%(names)s::text[]);

-- name: names
-- What customers are called, unless their name is made of what anybody could have typed, and the first name they gave.
select c.id,
       case when not exists (
           select from remember_current f
           where f.customer_id = c.id and f.name = any (%(naming)s::text[]) and not f.verified
             and (f.name = 'name'
                  or not exists (select from remember_current n where n.customer_id = c.id and n.name = 'name')))
       then c.name end as name,
       (select f.words from remember_current f
        where f.customer_id = c.id and f.name in ('first_name', 'firstName') and f.verified
          and f.source in ('said', 'imported')
        order by f.name = 'first_name' desc limit 1) as first_name
from remember_customer c
where c.id = any (%(customers)s::bigint[]);

-- name: said_already
-- Which customers, by all ids they ever had and all their addresses, a campaign has addressed: whoever was written to
-- while being one with somebody else was written to all the same. (`offset 0`: the campaign is looked for among their few
-- messages, never they among all of a campaign's, of which there are more than PostgreSQL has counted.)
select distinct s.campaign, r.customer_id
from remember_identity r
cross join lateral (
    select campaign, state from (select * from speak_message where customer_id = r.identity_id offset 0) m
    union all
    select campaign, state from (select * from speak_message where identity_id = r.identity_id offset 0) m) s
where r.customer_id = any (%(customers)s::bigint[]) and s.campaign = any (%(campaigns)s::text[])
  and s.state in ('claimed', 'started', 'sent', 'uncertain', 'failed');

-- name: claim
-- Messages become a sender's, with everything they were written from; the others are refused or held, with the reason.
update speak_message m
set state = c.state, reason = c.reason, identity_id = c.identity_id, template_id = c.template_id,
    used = c.used::jsonb, consent_seq = c.consent_seq, due = coalesce(c.due, m.due), tracked = c.tracked,
    claimed_at = case when c.state = 'claimed' then %(now)s::timestamptz end,
    claimed_by = case when c.state = 'claimed' then %(token)s end
from unnest(%(ids)s::bigint[], %(states)s::text[], %(reasons)s::text[], %(identities)s::bigint[],
            %(templates)s::bigint[], %(used)s::text[], %(consents)s::bigint[], %(due)s::timestamptz[],
            %(tracked)s::boolean[])
    as c (id, state, reason, identity_id, template_id, used, consent_seq, due, tracked)
where m.id = c.id;

-- name: start
-- Messages are about to be handed over; only those that are still this sender's.
update speak_message set state = 'started'
where id = any (%(ids)s::bigint[]) and state = 'claimed' and claimed_by = %(token)s
returning id;

-- name: settle
-- What came of messages that were handed over; only of those not settled yet.
update speak_message m
set state = o.state, reason = o.reason, sent_at = o.sent_at, due = coalesce(o.due, m.due),
    attempts = m.attempts + o.tried, claimed_by = case when o.state = 'waiting' then null else m.claimed_by end
from unnest(%(ids)s::bigint[], %(states)s::text[], %(reasons)s::text[], %(sent)s::timestamptz[],
            %(due)s::timestamptz[], %(tried)s::smallint[])
    as o (id, state, reason, sent_at, due, tried)
where m.id = o.id and m.claimed_by = %(token)s and m.state in ('started', 'uncertain')
returning m.id;

-- name: release
-- Messages that were claimed and not handed over wait again.
update speak_message set state = 'waiting', claimed_by = null
where id = any (%(ids)s::bigint[]) and state = 'claimed' and claimed_by = %(token)s;

-- name: hold_presence
-- Say that a sender is alive, for as long as this session is.
select pg_advisory_lock(%(key)s);

-- name: drop_presence
-- Let go of a presence.
select pg_advisory_unlock(%(key)s);

-- name: ping
-- Whether the session answers.
select 1;

-- name: is_present
-- Whether the session that holds a presence is still there: it cannot be taken, then.
select not pg_try_advisory_xact_lock(%(key)s);

-- name: claimants
-- The senders that hold messages of a channel.
select distinct claimed_by from speak_message where channel = %(channel)s and state in ('claimed', 'started') and claimed_by is not null;

-- name: release_of
-- What a dead sender had claimed of a channel waits again.
update speak_message set state = 'waiting', claimed_by = null
where claimed_by = any (%(tokens)s::text[]) and channel = %(channel)s and state = any (%(states)s::text[]);

-- name: doubt
-- What a dead sender was handing over by a channel may have arrived or not.
update speak_message set state = 'uncertain', reason = %(reason)s
where claimed_by = any (%(tokens)s::text[]) and channel = %(channel)s and state = 'started'
returning id;

-- name: list_messages
-- Messages of a customer, by any id it ever had, newest first.
select m.id, m.campaign, m.customer_id, m.cause, m.state, m.reason, m.identity_id, h.value as address,
       t.name as template, t.version, m.used, m.notice, m.consent_seq, m.attempts, m.due, m.sent_at, m.created_at,
       m.tracked
from speak_message m
left join speak_template t on t.id = m.template_id
left join hear_identity h on h.id = m.identity_id
where m.customer_id in (
          select identity_id from remember_identity where customer_id = (
              select customer_id from remember_identity where identity_id = %(customer)s::bigint))
  and (%(before)s::bigint is null or m.id < %(before)s::bigint)
order by m.id desc limit %(limit)s;

-- name: count_messages
-- How many messages a customer has, by any id it ever had.
select count(*) from speak_message
where customer_id in (
          select identity_id from remember_identity where customer_id = (
              select customer_id from remember_identity where identity_id = %(customer)s::bigint));

-- name: get_messages
-- Some messages by id.
select m.id, m.campaign, m.customer_id, m.cause, m.state, m.reason, m.identity_id, h.value as address,
       t.name as template, t.version, m.used, m.notice, m.consent_seq, m.attempts, m.due, m.sent_at, m.created_at,
       m.tracked
from speak_message m
left join speak_template t on t.id = m.template_id
left join hear_identity h on h.id = m.identity_id
where m.id = any (%(ids)s::bigint[])
order by m.id;

-- name: templates_of
-- The versions of the templates that some messages were written from.
select m.id as message_id, t.id, t.name, t.version, t.subject, t.html, t.text, t.ask
from speak_message m join speak_template t on t.id = m.template_id where m.id = any (%(ids)s::bigint[]);

-- name: where_learned
-- Where and when facts were learned that a message quoted, as far as they are not forgotten, and in which words they
-- stand now. What is computed was not learned from one event.
select u.name, f.at, coalesce(f.origin, '') as origin, coalesce(n.label, '') as label,
       coalesce(n.computed, false) as computed, case when f.seq is not null or n.computed then c.words end as now_words
from unnest(%(names)s::text[], %(seqs)s::bigint[]) as u (name, seq)
left join remember_fact f on f.name = u.name and f.seq = u.seq
    and f.identity_id in (select identity_id from remember_identity where customer_id = %(customer)s)
left join remember_fact_name n on n.name = u.name
left join remember_current c on c.customer_id = %(customer)s and c.name = u.name
order by f.at, u.name;

-- name: consent_of
-- The statement of consent a message rested on, with its proof.
select seq, at, granted, proof, purpose, channel from remember_consent
where seq = %(seq)s and identity_id in (select identity_id from remember_identity where customer_id = %(customer)s)
  and purpose = %(purpose)s and channel = %(channel)s
limit 1;

-- name: titled
-- What segments are called, as far as they are still there.
select name, title from understand_segment where name = any (%(names)s::text[]);

-- name: campaign_of
-- The campaign of a message as it is now, with its segment's title.
select c.name, c.title, c.segment, s.title as segment_title, c.purpose, c.channel
from speak_campaign c left join understand_segment s on s.name = c.segment
where c.name = %(name)s;

-- name: note_statements
-- What was said in some responses; what was said anew waits for a message again.
insert into measure_statement (response, said_at, seq)
select * from unnest(%(responses)s::uuid[], %(moments)s::timestamptz[], %(seqs)s::bigint[])
on conflict (response) do update set said_at = excluded.said_at, seq = excluded.seq,
    message_id = case when excluded.said_at = measure_statement.said_at then measure_statement.message_id end,
    acknowledged_at = case when excluded.said_at = measure_statement.said_at then measure_statement.acknowledged_at end
where (excluded.said_at, excluded.seq) > (measure_statement.said_at, measure_statement.seq);

-- name: acknowledge
-- What some messages quoted, as it was said last; the first of them stays. What a typed address confirms is said again
-- as verified, by another event of the same moment, and it is that one which messages quote.
update measure_statement as s set message_id = q.message_id, acknowledged_at = q.at
from (select distinct on (1, 2) e.props ->> 'response' as response, e.at as said_at, m.id as message_id, m.sent_at as at
      from speak_message m
      cross join lateral (select distinct (value ->> 'seq')::bigint as seq from jsonb_each(m.used -> 'told')) as told
      join store_event e on e.seq = told.seq and e.kind = (select id from store_kind where name = %(kind)s)
      where m.id = any (%(messages)s::bigint[]) and m.sent_at is not null
      order by 1, 2, m.sent_at, m.id) as q
where s.response::text = q.response and s.said_at = q.said_at
  and (s.acknowledged_at is null or s.acknowledged_at > q.at);

-- name: forget_statements
-- Nothing was said yet.
truncate measure_statement;

-- name: newest_statements
-- The newest statements, before a moment if named, all or those that a message has quoted or has not, with who made
-- them and the message that quoted them first; what a campaign quoted that is not named is not quoted.
select e.seq, e.at, e.props, r.customer_id, coalesce(c.name, '') as customer,
       m.id as message_id, m.campaign, coalesce(k.title, m.campaign) as campaign_title, s.acknowledged_at
from (select t.response, t.seq, t.said_at, case when named then t.message_id end as message_id,
             case when named then t.acknowledged_at end as acknowledged_at
      from measure_statement t
      cross join lateral (select cardinality(%(unnamed)s::text[]) = 0 or not exists (
          select from speak_message q where q.id = t.message_id and q.campaign = any (%(unnamed)s::text[])) as named) as n
      where (%(before)s::timestamptz is null or (said_at, seq) < (%(before)s::timestamptz, %(than)s::bigint))
        and (%(answered)s::boolean is null or (t.acknowledged_at is not null and named) = %(answered)s::boolean)
      order by said_at desc, seq desc limit %(limit)s) as s
join store_event e on e.seq = s.seq
left join remember_identity r on r.identity_id = e.identity_id
left join remember_customer c on c.id = r.customer_id
left join speak_message m on m.id = s.message_id
left join speak_campaign k on k.name = m.campaign
order by s.said_at desc, s.seq desc;

-- name: standing
-- Where what the feed and the numbers of campaigns rest on stands, beside the log: what was decided, what was put into the
-- outbox, which campaigns there are, what is sensitive, which rules tell it, and how far whoever is forgotten is gone.
-- What becomes of a message is in the log.
select coalesce((select max(id) from decide_intent), 0) as decided,
       coalesce((select max(id) from speak_message), 0) as messages,
       coalesce((select md5(string_agg(jsonb_build_array(name, title, state, version)::text, ',' order by name))
                 from speak_campaign), '') as campaigns,
       concat_ws('/', (select count(*) from remember_fact_version), (select max(saved_at) from remember_fact_version),
                 (select max(id) from understand_segment), (select sum(version) from understand_segment)) as veil,
       (select concat_ws('/', count(*), sum(cardinality(identities)), sum(steps_done), sum(rows), max(beat_at),
                         max(finished_at)) from remember_erasure) as forgotten;

-- name: count_statements
-- How many statements there are.
select count(*) from measure_statement;

-- name: coming_messages
-- What is on its way to some customers: decided or in the outbox, not yet sent.
select distinct r.customer_id, coming.campaign, coalesce(c.title, coming.campaign) as title
from remember_identity r
join lateral (
    select campaign from speak_message where customer_id = r.identity_id and state in ('waiting', 'claimed', 'started')
    union
    select name from decide_intent where verb = 'say' and taken_at is null and customer_id = r.identity_id) as coming
    on true
left join speak_campaign c on c.name = coming.campaign
where r.customer_id = any (%(customers)s::bigint[])
order by r.customer_id, coming.campaign;

-- name: acknowledgement
-- Of what was said since a moment: how much, how much of it a message has quoted, and after how long.
select count(*) as said, count(acknowledged_at) as answered,
       percentile_cont(0.5) within group (order by acknowledged_at - said_at) as median
from measure_statement where said_at >= %(since)s::timestamptz;

-- name: answer_counts
-- How often each answer was given to each question of a form, in finished responses, of a campaign if named; every tick
-- of a list counts.
select a.key as question, one.value as value, count(*) as times
from engage_response r
cross join lateral jsonb_each(r.answers) as a
cross join lateral jsonb_path_query(a.value, '$[*]') as one (value)
where r.form = %(form)s and r.finished_at is not null
  and (%(campaign)s::text is null
       or exists (select from speak_message m where m.id = r.message_id and m.campaign = %(campaign)s::text))
  and a.key = any (%(questions)s::text[])
group by 1, 2;

-- name: people_of
-- Whom a campaign has addressed, newest first; in one state, or of whose message something came, if named.
select m.id as message_id, r.customer_id, coalesce(c.name, '') as customer, m.state, coalesce(m.reason, '') as reason,
       coalesce(m.sent_at, m.created_at) as at, case when m.state = 'waiting' then m.due end as due
from speak_message m
left join remember_identity r on r.identity_id = m.customer_id
left join remember_customer c on c.id = r.customer_id
where m.campaign = %(campaign)s and (%(states)s::text[] is null or m.state = any (%(states)s::text[]))
  and (%(came)s::text is null or exists (
      select from measure_reaction q where q.message_id = m.id and q.what = %(came)s::text))
  and (%(before)s::bigint is null or m.id < %(before)s::bigint)
order by m.id desc limit %(limit)s;

-- name: people_found
-- The same of those who are found by all the words of a search, and how many they are. The grams come from a subselect
-- so that the planner cannot look at them.
with found as materialized (
    select i.identity_id, c.id, c.name from remember_customer c join remember_identity i on i.customer_id = c.id
    where remember_grams(c.folded) @> (select %(grams)s::text[]) and c.folded like all (%(patterns)s::text[])),
addressed as (
    select m.id as message_id, f.id as customer_id, f.name as customer, m.state, coalesce(m.reason, '') as reason,
           coalesce(m.sent_at, m.created_at) as at, case when m.state = 'waiting' then m.due end as due,
           count(*) over () as total
    from found f join speak_message m on m.customer_id = f.identity_id
    where m.campaign = %(campaign)s and (%(states)s::text[] is null or m.state = any (%(states)s::text[]))
      and (%(came)s::text is null or exists (
          select from measure_reaction q where q.message_id = m.id and q.what = %(came)s::text)))
select message_id, customer_id, customer, state, reason, at, due, total from addressed
where %(before)s::bigint is null or message_id < %(before)s::bigint
order by message_id desc limit %(limit)s;

-- name: newest_statements
-- The newest finished forms, before a moment if named, with who finished them. A form's event has the moment it was
-- finished, so the index by identity and time finds it in a log of any length.
select e.seq, e.at, e.props, r.customer_id, coalesce(c.name, '') as customer
from (select identity_id, id, finished_at from engage_response
      where finished_at is not null
        and (%(before)s::timestamptz is null or finished_at < %(before)s::timestamptz)
      order by finished_at desc limit %(limit)s) as newest
join store_event e on e.identity_id = newest.identity_id and e.at = newest.finished_at
    and e.kind = (select id from store_kind where name = %(kind)s) and e.props ->> 'response' = newest.id::text
left join remember_identity r on r.identity_id = e.identity_id
left join remember_customer c on c.id = r.customer_id
order by e.at desc, e.seq desc;

-- name: quoting_messages
-- The messages to some customers that quoted these responses, earliest first. What a typed address confirms is said
-- again as verified, by another event of the same moment, and it is that one which messages quote.
select e.props ->> 'response' as response, e.at as said_at, m.id as message_id, m.campaign, coalesce(c.title, m.campaign) as title,
       m.sent_at as at
from remember_identity r
join speak_message m on m.customer_id = r.identity_id and m.state in ('sent', 'uncertain') and m.sent_at is not null
left join speak_campaign c on c.name = m.campaign
cross join lateral (select distinct (value ->> 'seq')::bigint as seq from jsonb_each(m.used -> 'told')) as quoted
join store_event e on e.seq = quoted.seq and e.kind = (select id from store_kind where name = %(kind)s)
where r.customer_id = any (%(customers)s::bigint[]) and e.props ->> 'response' = any (%(responses)s::text[])
order by m.sent_at, m.id;

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
-- Of the forms finished since a moment: how many, how many of them a message has quoted, and after how long.
with said as (
    select id::text as response, finished_at as said_at from engage_response
    where finished_at >= %(since)s::timestamptz),
quoted as (
    select e.props ->> 'response' as response, e.at as said_at, min(m.sent_at) as at
    from speak_message m
    cross join lateral (select distinct (value ->> 'seq')::bigint as seq from jsonb_each(m.used -> 'told')) as told
    join store_event e on e.seq = told.seq and e.kind = (select id from store_kind where name = %(kind)s)
    where m.state in ('sent', 'uncertain') and m.sent_at >= %(since)s::timestamptz
    group by 1, 2)
select count(*) as said, count(quoted.at) as answered,
       percentile_cont(0.5) within group (order by quoted.at - said_at) as median
from said left join quoted using (response, said_at);

-- name: answer_counts
-- How often each answer was given to each question of a form, in finished responses; every tick of a list counts.
select a.key as question, one.value as value, count(*) as times
from engage_response r
cross join lateral jsonb_each(r.answers) as a
cross join lateral jsonb_path_query(a.value, '$[*]') as one (value)
where r.form = %(form)s and r.finished_at is not null
  and a.key = any (%(questions)s::text[])
group by 1, 2;

-- name: people_of
-- Whom a campaign has addressed, newest first; in one state, if named.
select m.id as message_id, r.customer_id, coalesce(c.name, '') as customer, m.state, coalesce(m.reason, '') as reason,
       coalesce(m.sent_at, m.created_at) as at
from speak_message m
left join remember_identity r on r.identity_id = m.customer_id
left join remember_customer c on c.id = r.customer_id
where m.campaign = %(campaign)s and (%(states)s::text[] is null or m.state = any (%(states)s::text[]))
order by m.id desc limit %(limit)s offset %(offset)s;

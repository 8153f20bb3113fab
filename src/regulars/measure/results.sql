-- name: note_reactions
-- What came of messages; of what comes again, how often, and when it came first.
insert into measure_reaction as r (message_id, what, campaign, first_at, times)
select m.id, n.what, m.campaign, min(n.at), count(*)
from unnest(%(messages)s::bigint[], %(whats)s::text[], %(ats)s::timestamptz[]) as n (message_id, what, at)
join speak_message m on m.id = n.message_id and m.campaign <> ''
group by 1, 2, 3
on conflict (message_id, what) do update
set times = r.times + excluded.times, first_at = least(r.first_at, excluded.first_at);

-- name: note_clicks
-- How often links were followed, by people and by machines.
insert into measure_click as c (message_id, link, machine, campaign, times)
select m.id, n.link, n.machine, m.campaign, count(*)
from unnest(%(messages)s::bigint[], %(links)s::text[], %(machines)s::boolean[]) as n (message_id, link, machine)
join speak_message m on m.id = n.message_id and m.campaign <> ''
group by 1, 2, 3, 4
on conflict (message_id, link, machine) do update set times = c.times + excluded.times;

-- name: forget_reactions
-- Nothing came of anything yet.
truncate measure_reaction, measure_click;

-- name: said_by
-- Of how many messages of a campaign that were sent nothing came back, and of how many it is counted who opens them.
select count(*) as sent,
       count(*) filter (where not exists (
           select from measure_reaction r where r.message_id = m.id and r.what = 'bounced')) as delivered,
       count(*) filter (where m.tracked) as tracked
from speak_message m where m.campaign = %(campaign)s and m.state = 'sent';

-- name: reactions
-- Of how many messages of a campaign what came.
select what, count(*) from measure_reaction where campaign = %(campaign)s group by what;

-- name: bought
-- What those who got a message of a campaign ordered within some days after it, by currency, and in all (whole). Of several
-- messages to one customer each order counts once.
with theirs as materialized (
    select r.customer_id, min(m.sent_at) as sent_at
    from speak_message m join remember_identity r on r.identity_id = m.customer_id
    where m.campaign = %(campaign)s and m.state = 'sent'
    group by r.customer_id)
select grouping(o.currency) = 1 as whole, coalesce(o.currency, '') as currency, count(*) as orders,
       count(distinct i.customer_id) as customers, coalesce(sum(o.net), 0)::bigint as net
from remember_order o
join remember_identity i on i.identity_id = o.identity_id
join theirs t on t.customer_id = i.customer_id
where o.placed_at >= t.sent_at and o.placed_at < t.sent_at + make_interval(days => %(days)s::int)
  and o.placed_at >= (select min(sent_at) from theirs)
  and o.state <> 'cancelled'
group by grouping sets ((o.currency), ())
order by 1, 5 desc, 2;

-- name: links_followed
-- The links of a campaign's messages: how many messages had them followed by a person, how often, and by machines.
select link, count(*) filter (where not machine) as people, coalesce(sum(times) filter (where not machine), 0)::int as times,
       count(*) filter (where machine) as by_machines
from measure_click where campaign = %(campaign)s
group by link order by 2 desc, 4 desc, link limit %(limit)s;

-- name: days_of
-- What came of a campaign day by day, by the workspace's clock.
select day, coalesce(sum(n) filter (where what = 'sent'), 0)::int as sent,
       coalesce(sum(n) filter (where what = 'opened'), 0)::int as opened,
       coalesce(sum(n) filter (where what = 'clicked'), 0)::int as clicked,
       coalesce(sum(n) filter (where what = 'answered'), 0)::int as answered
from (
    select (sent_at at time zone %(zone)s)::date as day, 'sent' as what, count(*) as n
    from speak_message where campaign = %(campaign)s and state = 'sent' and sent_at is not null group by 1
    union all
    select (first_at at time zone %(zone)s)::date, what, count(*)
    from measure_reaction where campaign = %(campaign)s and what in ('opened', 'clicked', 'answered') group by 1, 2) as each
group by day order by day;

-- name: forms_answered
-- The forms that were answered by messages of a campaign.
select distinct r.form from engage_response r join speak_message m on m.id = r.message_id
where m.campaign = %(campaign)s and r.finished_at is not null order by r.form;

-- name: add_touches
-- What was touched; the same again, while it is not yet told who did it, is the same touch.
insert into speak_touch (message_id, link, position, sign, at)
select * from unnest(%(messages)s::bigint[], %(links)s::text[], %(positions)s::integer[], %(signs)s::text[],
                     %(ats)s::timestamptz[])
on conflict (message_id, link, position, sign) do nothing;

-- name: take_touches
-- The touches of messages of which one is older than a moment, with what the message was; they are here no more.
with ripe as (
    select message_id from speak_touch where at <= %(before)s order by at limit %(limit)s),
taken as (
    delete from speak_touch where message_id in (select message_id from ripe) returning id, message_id, link, position, sign, at)
select t.message_id, t.link, t.position, t.sign, t.at, m.identity_id, coalesce(r.customer_id, m.identity_id) as customer_id,
       coalesce(m.tracked, false) as tracked, m.sent_at, m.campaign, p.name as template, p.version, c.channel
from taken t
left join speak_message m on m.id = t.message_id
left join speak_template p on p.id = m.template_id
left join speak_campaign c on c.name = m.campaign
left join remember_identity r on r.identity_id = m.identity_id
order by t.at, t.id;

-- name: written_from
-- What a message was written from, and what its campaign adds to links.
select t.id, t.name, t.version, t.subject, t.html, t.text, t.ask, m.used, m.campaign, c.channel, c.utm
from speak_message m
join speak_template t on t.id = m.template_id
left join speak_campaign c on c.name = m.campaign
where m.id = %(id)s;

-- name: drop_touches
-- Drop what was touched of messages to somebody.
delete from speak_touch where id in (
    select t.id from speak_touch t join speak_message m on m.id = t.message_id
    where m.customer_id = any (%(identities)s::bigint[]) or m.identity_id = any (%(identities)s::bigint[])
    limit %(limit)s);

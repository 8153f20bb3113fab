-- name: add_form
-- Keep a form with its first version; nothing happens where its name is taken.
with made as (
    insert into engage_form (name, title, survey, created_at)
    values (%(name)s, %(title)s, %(survey)s, %(now)s)
    on conflict (name) do nothing
    returning name, survey, created_at)
insert into engage_form_version (form, version, survey, saved_at) select name, 1, survey, created_at from made;

-- name: get_form
-- One form by its name, as it is asked now.
select name, title, survey, created_at, version, closed_at from engage_form where name = %(name)s;

-- name: hold_form
-- One form, locked to the end of the transaction.
select name, title, survey, created_at, version, closed_at from engage_form where name = %(name)s for update;

-- name: keep_form
-- Ask something else from now on: the next version.
with saved as (
    update engage_form set title = %(title)s, survey = %(survey)s, version = version + 1 where name = %(name)s
    returning name, version, survey)
insert into engage_form_version (form, version, survey, saved_at) select name, version, survey, %(now)s from saved;

-- name: set_closed
-- Close a form, or open it again (null); nothing happens where it is so already.
update engage_form set closed_at = %(at)s
where name = %(name)s and (closed_at is null) <> (%(at)s::timestamptz is null);

-- name: form_versions
-- Some versions of a form as they were asked; all of them where none are named.
select version, survey, saved_at from engage_form_version
where form = %(form)s and (%(versions)s::integer[] is null or version = any (%(versions)s::integer[]))
order by version desc;

-- name: list_forms
-- All forms or those named, with how many have begun and finished, newest first.
select f.name, f.title, f.created_at, count(r.id) as started, count(r.finished_at) as finished, f.version, f.closed_at
from engage_form f left join engage_response r on r.form = f.name
where %(names)s::text[] is null or f.name = any (%(names)s::text[])
group by f.id order by f.created_at desc, f.id desc;

-- name: titles
-- What each form is called, or each of those named, newest first; nobody is counted.
select name, title from engage_form
where %(among)s::text[] is null or name = any (%(among)s::text[]) order by created_at desc, id desc;

-- name: newest_forms
-- Some forms as they are asked now, the newest first.
select name, title, survey, created_at, version, closed_at from engage_form
order by created_at desc, id desc limit %(most)s;

-- name: open_forms
-- What each form that can be answered is called, newest first; nobody is counted.
select name, title from engage_form where closed_at is null order by created_at desc, id desc;

-- name: add_response
-- Begin a response; nothing happens where this person has one to this form (and this message).
insert into engage_response (id, form, identity_id, verified, message_id, started_at, version)
values (%(id)s, %(form)s, %(identity_id)s, %(verified)s, %(message_id)s, %(now)s, %(version)s)
on conflict (form, identity_id, message_id) do nothing;

-- name: hold_response
-- This person's response to a form, locked to the end of the transaction.
select id, form, identity_id, verified, message_id, answers, started_at, finished_at, version from engage_response
where form = %(form)s and identity_id = %(identity_id)s and message_id is not distinct from %(message_id)s::bigint
for update;

-- name: find_response
-- This person's response to a form.
select id, form, identity_id, verified, message_id, answers, started_at, finished_at, version from engage_response
where form = %(form)s and identity_id = %(identity_id)s and message_id is not distinct from %(message_id)s::bigint;

-- name: get_response
-- One response by its id.
select id, form, identity_id, verified, message_id, answers, started_at, finished_at, version from engage_response
where id = %(id)s;

-- name: keep_answers
-- Keep what was answered, and to which version; what was finished is open again.
update engage_response set answers = %(answers)s, version = %(version)s, finished_at = null where id = %(id)s;

-- name: close_response
-- Finish a response that is open, with the answers that count.
update engage_response set answers = %(answers)s, version = %(version)s, finished_at = %(now)s
where id = %(id)s and finished_at is null;

-- name: list_responses
-- A page of a form's responses, newest first.
select id, form, identity_id, verified, message_id, answers, started_at, finished_at, version from engage_response
where form = %(form)s
  and (%(before)s::timestamptz is null
       or started_at <= %(before)s::timestamptz
          and (started_at < %(before)s::timestamptz or id > %(after)s::uuid))
order by started_at desc, id
limit %(limit)s;

-- name: unfinished
-- What some identities began to answer and did not finish, the newest first.
select id, form, identity_id, verified, message_id, answers, started_at, finished_at, version from engage_response
where identity_id = any (%(identities)s::bigint[]) and finished_at is null order by started_at desc, id;

-- name: count_responses
-- How many responses a form has.
select count(*) from engage_response where form = %(form)s;

-- name: is_answered
-- Whether anybody answered a question of a form.
select exists (select from engage_response where form = %(form)s and answers ? %(question)s::text);

-- name: lock_address
-- Wait for anybody else who is about to ask this address, to the end of the transaction.
select pg_advisory_xact_lock(%(key)s::bigint);

-- name: drop_expired
-- Forget addresses that nobody confirmed in time.
delete from engage_confirmation where expires_at < %(now)s;

-- name: count_asked
-- How often a mailbox, or this visitor, was asked to confirm since a moment, and how often the mailbox said nothing.
with mailbox as (
    select hash, asked_at, confirmed_at from engage_confirmation
    where address = %(bare)s
       or starts_with(address, %(tagged)s) and right(address, length(%(host)s::text)) = %(host)s::text)
select count(*) filter (where asked_at > %(since)s)
         + (select count(*) from engage_confirmation
            where identity_id = %(identity_id)s and asked_at > %(since)s) as lately,
       count(*) filter (where confirmed_at is null) as unanswered
from mailbox;

-- name: add_confirmation
-- Note an address that is to be confirmed.
insert into engage_confirmation (hash, response_id, identity_id, address, consents, asked_at, expires_at)
values (%(hash)s, %(response_id)s, %(identity_id)s, %(address)s, %(consents)s, %(now)s, %(expires_at)s);

-- name: find_confirmation
-- A confirmation that was asked for, by the hash of its secret.
select response_id, identity_id, address, consents, expires_at, confirmed_at from engage_confirmation
where hash = %(hash)s;

-- name: confirm
-- Note that an address was confirmed; nothing happens the second time.
update engage_confirmation set confirmed_at = %(now)s
where hash = %(hash)s and confirmed_at is null and expires_at >= %(now)s;

-- name: find_answered
-- The newest event that a response became.
select e.seq, e.identity_id, e.at, k.name as kind, e.props, e.cause, coalesce(e.depth, 0) as depth,
       coalesce(e.historical, false) as historical
from store_event e join store_kind k on k.id = e.kind
where e.identity_id = %(identity_id)s and k.name = 'form.answered' and e.props ->> 'response' = %(response)s
order by e.at desc, e.seq desc limit 1;

-- name: blank_answers
-- Take an answer out of what some identities answered in a form; whether they had finished stays as it is.
update engage_response set answers = answers - %(question)s::text
where form = %(form)s and identity_id = any (%(identities)s::bigint[]) and answers ? %(question)s::text;

-- name: asked_by_message
-- When the message was sent that asked for an answer, by the answer's event.
select e.seq, m.sent_at
from store_event e join store_kind k on k.id = e.kind and k.name = 'form.answered'
join speak_message m on m.id = (e.props ->> 'message')::bigint
where e.seq = any (%(seqs)s::bigint[]) and m.sent_at is not null;

-- name: list_purposes
-- What we may ask permission for: every purpose and channel that somebody consented to or that a campaign uses.
select purpose, channel from speak_campaign where state <> 'draft'
union select purpose, channel from remember_consent
where identity_id in (select i.identity_id from remember_identity i where i.customer_id = %(customer_id)s::bigint)
   or identity_id = %(identity_id)s::bigint
order by purpose, channel;

-- name: unheard_consents
-- What an identity said about consent that the consent follower has not taken in yet, oldest first.
select e.props ->> 'purpose' as purpose, e.props ->> 'channel' as channel, (e.props ->> 'granted')::boolean as granted
from store_event e join store_kind k on k.id = e.kind
where e.identity_id = %(identity_id)s and k.name = 'consent.changed'
  and e.seq > coalesce((select cursor from store_follower where name = 'consent'), 0)
order by e.at, e.seq;

-- name: own_consents
-- What an identity said last about each purpose and channel, as the consent follower has it.
select distinct on (purpose, channel) purpose, channel, granted from remember_consent
where identity_id = %(identity_id)s
order by purpose, channel, at desc, seq desc;

-- name: find_pending
-- The address that waits to be confirmed for a response.
select address from engage_confirmation
where response_id = %(response_id)s and confirmed_at is null and expires_at >= %(now)s
order by asked_at desc limit 1;

-- name: sent_as
-- By which campaign a message was sent, from which template, by which channel.
select c.name, t.name, c.channel from speak_message m
join speak_campaign c on c.name = m.campaign join speak_template t on t.id = m.template_id
where m.id = %(message_id)s;

-- name: purpose_of_message
-- What a message was about: the purpose and channel of its campaign.
select c.purpose, c.channel from speak_message m join speak_campaign c on c.name = m.campaign
where m.id = %(message_id)s;

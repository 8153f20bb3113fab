-- name: lock_findings
-- One at a time settles what is wrong in this schema.
select pg_advisory_xact_lock('measure_finding'::regclass::oid::bigint);

-- name: open_findings
-- What was wrong the last time, and what ended within the last day.
select name, about, severity, began_at, seen_at, detail, told, ended_at, times from measure_finding
where ended_at is null or ended_at > %(since)s::timestamptz;

-- name: keep_finding
-- Keep what is wrong, or that it ended.
insert into measure_finding (name, about, severity, began_at, seen_at, detail, told, ended_at, times)
values (%(name)s, %(about)s, %(severity)s, %(began_at)s::timestamptz, %(seen_at)s::timestamptz, %(detail)s::jsonb,
        %(told)s, %(ended_at)s::timestamptz, %(times)s)
on conflict (name, about) do update
set severity = excluded.severity, began_at = excluded.began_at, seen_at = excluded.seen_at, detail = excluded.detail,
    told = excluded.told, ended_at = excluded.ended_at, times = excluded.times;

-- name: add_alert
-- Something is to be told.
insert into measure_alert (id, at, change, name, about, severity, began_at, detail)
values (%(id)s, %(at)s::timestamptz, %(change)s, %(name)s, %(about)s, %(severity)s, %(began_at)s::timestamptz,
        %(detail)s::jsonb);

-- name: add_telling
-- To whom it is to be told.
insert into measure_telling (alert, way, target, due) values (%(alert)s, %(way)s, %(target)s, %(due)s::timestamptz)
on conflict do nothing;

-- name: claim_tellings
-- What is due to be told, for this worker alone until the lease is over; of one alert, if named.
update measure_telling t set attempts = t.attempts + 1, due = %(lease)s::timestamptz
from (select alert, way, target from measure_telling
      where state = 'waiting' and due <= %(now)s::timestamptz
        and (%(only)s::text is null or alert = %(only)s::text)
      order by due limit %(limit)s for update skip locked) as d, measure_alert a
where t.alert = d.alert and t.way = d.way and t.target = d.target and a.id = t.alert
returning t.alert, t.way, t.target, t.attempts, a.at, a.change, a.name, a.about, a.severity, a.began_at, a.detail;

-- name: settle_telling
-- What came of it.
update measure_telling set state = %(state)s, note = %(note)s, due = coalesce(%(due)s::timestamptz, due),
    told_at = %(told_at)s::timestamptz
where alert = %(alert)s and way = %(way)s and target = %(target)s;

-- name: list_alerts
-- What was told, the newest first, with what came of it; what comes after a place in the list, if named.
select a.id, a.at, a.change, a.name, a.about, a.severity, a.began_at, a.detail,
       coalesce(jsonb_agg(jsonb_build_object('way', t.way, 'target', t.target, 'state', t.state, 'note', t.note,
                                             'attempts', t.attempts) order by t.way, t.target)
                filter (where t.way is not null), '[]') as tellings
from (select * from measure_alert
      where %(at)s::timestamptz is null or (at, id) < (%(at)s::timestamptz, %(id)s::text)
      order by at desc, id desc limit %(limit)s) a
left join measure_telling t on t.alert = a.id
group by a.id, a.at, a.change, a.name, a.about, a.severity, a.began_at, a.detail
order by a.at desc, a.id desc;

-- name: count_alerts
-- How much was told.
select count(*) from measure_alert;

-- name: forget_alerts
-- Forget what was told long ago.
delete from measure_alert where at < %(before)s::timestamptz;

-- name: listeners
-- Who of the team gets alerts by mail: those who still have a role here.
select p.id, p.email, p.name, l.person_id is not null as listens
from access_role r join access_person p on p.id = r.person_id
left join measure_listener l on l.person_id = p.id
where r.workspace = %(workspace)s order by p.name, p.email;

-- name: forget_listeners
-- Nobody gets alerts by mail.
delete from measure_listener;

-- name: add_listeners
-- These get alerts by mail, of those who have a role here.
insert into measure_listener (person_id)
select r.person_id from access_role r
where r.workspace = %(workspace)s and r.person_id = any (%(people)s::bigint[]) on conflict do nothing;

-- name: get_webhook
-- Where alerts are posted to, and what signs them.
select url, secret from measure_webhook;

-- name: set_webhook
-- Post alerts to an address from now on; the secret stays unless a new one is given.
insert into measure_webhook (url, secret) values (%(url)s, %(secret)s)
on conflict (one) do update set url = excluded.url,
    secret = case when %(fresh)s then excluded.secret else measure_webhook.secret end;

-- name: drop_webhook
-- Post alerts nowhere.
delete from measure_webhook;

-- name: get_language
-- In which language alerts are written.
select locale from measure_language;

-- name: set_language
-- Write alerts in a language from now on.
insert into measure_language (locale) values (%(locale)s) on conflict (one) do update set locale = excluded.locale;

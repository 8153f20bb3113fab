-- name: follower_states
-- How every follower stands: how many events it has not taken, since when the first waits, and how fast it moves.
select f.name, f.role, f.paused, f.note, greatest(coalesce(h.head, 0) - f.cursor, 0) as behind,
       (select e.received_at from store_event e where e.seq > f.cursor order by e.seq limit 1) as since,
       coalesce(p.pace, 0) as pace,
       coalesce((select pace from measure_pace where follower = ''), 0) as inflow
from store_follower f
cross join (select max(seq) as head from store_event) h
left join measure_pace p on p.follower = f.name
order by f.name;

-- name: keep_pace
-- How fast each follower, and the log itself (''), has moved since the last time that we looked.
insert into measure_pace as p (follower, at, cursor, pace)
select f.name, %(now)s::timestamptz, f.cursor, 0
from (select name, cursor from store_follower
      union all select '', coalesce(max(seq), 0) from store_event) as f
on conflict (follower) do update
set at = excluded.at, cursor = excluded.cursor,
    pace = greatest(excluded.cursor - p.cursor, 0) / greatest(extract(epoch from excluded.at - p.at), 1)
where excluded.at > p.at + interval '10 seconds';

-- name: quarantine_states
-- What each follower could not take: how much, and since when.
select follower, count(*) as count, min(at) as since from store_quarantine group by follower order by follower;

-- name: refusals
-- Events refused since a moment: how many, the first and the last, and of which kind the last was.
select count(*) as count, min(at) as since, max(at) as last, (array_agg(kind order by id desc))[1] as kind
from store_refusal where at >= %(since)s::timestamptz;

-- name: queue
-- The messages that wait, as far as we count: how many are late and since when, how many were tried in vain and why.
select count(*) filter (where attempts = 0 and due <= %(now)s::timestamptz) as late,
       min(due) filter (where attempts = 0) as oldest,
       count(*) filter (where attempts > 0) as tried, min(created_at) filter (where attempts > 0) as since,
       (array_agg(reason order by attempts desc, due desc) filter (where attempts > 0))[1] as reason
from unnest('{4,3,2,1}'::smallint[]) as p (priority)
cross join lateral (
    select attempts, due, created_at, reason from speak_message
    where state = 'waiting' and priority = p.priority order by due limit 10000) as m;

-- name: mail_counts
-- Messages sent, bounced, refused and uncertain: since a moment, before it, and when the last was.
select k.name,
       coalesce(sum(h.count) filter (where h.hour >= %(recent)s::timestamptz), 0) as recent,
       coalesce(sum(h.count) filter (where h.hour < %(recent)s::timestamptz), 0) as before,
       coalesce(sum(h.count) filter (where h.hour >= %(today)s::timestamptz), 0) as today,
       max(h.last) as last
from store_kind k join measure_hour h on h.kind = k.id
where k.name = any (%(kinds)s::text[]) and h.hour >= %(since)s::timestamptz
group by k.name;

-- name: server_state
-- What the server is, how many connections are in use, how large the database is, and where it lies if we may know.
select current_setting('server_version') as version, current_setting('max_connections')::int as most,
       (select count(*) from pg_stat_activity where backend_type = 'client backend') as used,
       pg_database_size(current_database()) as size,
       (select setting from pg_settings where name = 'data_directory') as folder,
       coalesce(host(inet_server_addr()) like '127.%%' or host(inet_server_addr()) = '::1', true) as here;

-- name: oldest_transaction
-- The transaction that is open for longest, but for backups: since when, and whose it is.
select xact_start as since, coalesce(nullif(application_name, ''), usename::text, '') as who
from pg_stat_activity
where datname = current_database() and backend_type = 'client backend' and pid <> pg_backend_pid()
  and xact_start is not null and application_name <> 'pg_dump'
order by xact_start limit 1;

-- name: keep_disk
-- How full a disk is in this hour.
insert into measure_disk (place, host, hour, free, used)
values (%(place)s, %(host)s, date_trunc('hour', %(now)s::timestamptz), %(free)s, %(used)s)
on conflict (place, host, hour) do update set free = excluded.free, used = excluded.used;

-- name: earlier_disk
-- How full the disks were at the beginning of the last days, as far as that is known.
select distinct on (place, host) place, host, hour, free, used from measure_disk
where hour >= %(since)s::timestamptz order by place, host, hour;

-- name: forget_disks
-- Forget how full disks were long ago.
delete from measure_disk where hour < %(before)s::timestamptz;

-- name: begin_look
-- Begin to look at the installation, unless another worker did less than an interval ago.
insert into measure_round (name, began_at) values (%(name)s, %(now)s::timestamptz)
on conflict (name) do update set began_at = excluded.began_at
where measure_round.began_at <= excluded.began_at - %(every)s::interval
returning name;

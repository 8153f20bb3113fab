-- name: get_way
-- How messages of a channel leave.
select channel, adapter, settings, secrets, version, changed_at, tested_at, problem from speak_way
where channel = %(channel)s;

-- name: list_ways
-- How messages leave, of every channel that has a way.
select channel, adapter, settings, secrets, version, changed_at, tested_at, problem from speak_way order by channel;

-- name: keep_way
-- Let messages of a channel leave by a way from now on.
insert into speak_way (channel, adapter, settings, secrets, changed_at)
values (%(channel)s, %(adapter)s, %(settings)s::jsonb, %(secrets)s, %(now)s)
on conflict (channel) do update
set adapter = excluded.adapter, settings = excluded.settings, secrets = excluded.secrets, changed_at = excluded.changed_at,
    version = speak_way.version + 1, tested_at = null, problem = null;

-- name: drop_way
-- Let messages of a channel leave no more.
delete from speak_way where channel = %(channel)s;

-- name: note_test
-- What came of a test.
update speak_way set tested_at = %(now)s, problem = %(problem)s where channel = %(channel)s and version = %(version)s;

-- name: spoken
-- The channels of campaigns that were ever launched: what waits of one that was stopped is refused when its turn comes.
select distinct channel from speak_campaign where state <> 'draft';

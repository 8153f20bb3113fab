-- name: put_priority
-- Let what waits of a campaign have another priority, as far as it is queued.
update speak_message set priority = %(priority)s where campaign = %(name)s and state = 'waiting';

-- name: unpark
-- Let what was parked of a campaign be looked at again: it has been due since the campaign was launched.
update speak_message m set due = coalesce(c.launched_at, m.created_at), reason = null
from speak_campaign c
where c.name = %(name)s and m.campaign = c.name and m.state = 'waiting' and m.reason = 'parked';

-- name: planned
-- The campaigns whose time may have come: by their own clocks it is up to a day and two hours before the moment.
select name from speak_campaign
where state = 'planned' and goes_at <= %(now)s::timestamptz + case when by_clock then interval '27 hours' else '0' end
order by goes_at, id;

-- name: put_campaign
-- Let a campaign be in another state.
update speak_campaign set state = %(state)s where name = %(name)s;

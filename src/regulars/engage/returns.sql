-- name: note_returns
-- What is told for the first time, by its key.
insert into engage_return (key, at) select unnest(%(keys)s::uuid[]), %(now)s
on conflict (key) do nothing returning key;

-- name: forget_returns
-- Nobody tells anything again after so long.
delete from engage_return where at < %(before)s;

-- name: to_address
-- The message that was sent to an address last.
select m.id from hear_identity h join speak_message m on m.identity_id = h.id
where h.kind = 'email' and h.value = %(address)s and m.state in ('sent', 'uncertain')
order by m.claimed_at desc nulls last, m.id desc limit 1;

-- name: sent_among
-- Which of some messages went out, perhaps.
select id from speak_message
where id = any (%(ids)s::bigint[]) and state in ('sent', 'uncertain') and identity_id is not null;

-- name: answered
-- The message of a channel that was sent last to an address.
select m.id from speak_message m join speak_campaign c on c.name = m.campaign and c.channel = %(channel)s
where m.identity_id = %(identity)s and m.state in ('sent', 'uncertain') and m.due > %(since)s
order by m.id desc limit 1;

-- name: learned
-- What was learned from one event.
select name, words, verified, not verified or coalesce(value, 'null') <> 'null' as fits
from remember_fact
where identity_id = %(identity)s and seq = %(seq)s
order by name;

-- name: behind
-- Who has not come to an event yet, and who could not take it.
select name, false as failed from store_follower where cursor < %(seq)s and role <> 'exporting'
union all
select follower, true from store_quarantine where seq = %(seq)s
order by 2 desc, 1;

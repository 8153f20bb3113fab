-- name: withdraw
-- What waited or was claimed is not sent any more; some at a time.
update speak_message set state = 'refused', reason = %(reason)s, claimed_by = null
where id in (select id from speak_message where state in ('waiting', 'claimed') order by id limit %(limit)s)
returning id;

-- name: doubt_all
-- What was being handed over may have arrived or not.
update speak_message set state = 'uncertain', reason = %(reason)s, claimed_by = null
where state = 'started'
returning id;

-- name: index_starts
-- The sequences from which the valid dedupe indexes reach, oldest first.
select replace(c.relname, 'store_event_mid_', '')::bigint as start
from pg_index i join pg_class c on c.oid = i.indexrelid
where i.indrelid = 'store_event'::regclass and i.indisvalid and c.relname like 'store_event_mid_%%'
order by start;

-- name: broken_indexes
-- Dedupe indexes whose building was cut short.
select replace(c.relname, 'store_event_mid_', '')::bigint as start
from pg_index i join pg_class c on c.oid = i.indexrelid
where i.indrelid = 'store_event'::regclass and not i.indisvalid and c.relname like 'store_event_mid_%%';

-- name: next_seq
-- The sequence after the last event.
select coalesce(max(seq), 0) + 1 from store_event;

-- name: received_before
-- Whether the first event from a sequence on was received before a moment: an index from there reaches back to it.
select coalesce((select received_at < %(moment)s::timestamptz from store_event where seq >= %(seq)s::bigint and cut is not true
                 order by seq limit 1), false);

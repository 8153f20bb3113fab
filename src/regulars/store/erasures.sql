-- name: note
-- Note that this database has heard of some erasures.
insert into store_erasure (id, at) select * from unnest(%(ids)s::uuid[], %(ats)s::timestamptz[]) on conflict do nothing;

-- name: known
-- Which erasures this database has heard of since a moment.
select id::text from store_erasure where at >= %(since)s::timestamptz;

-- name: filled
-- Which mirror this workspace has, and how many times it was filled.
select id, generation from store_mirror;

-- name: lock_rewritten
-- Let changes be numbered as they are committed, and each be noted that a filling does not see: to be held to the commit.
select pg_advisory_xact_lock('store_rewritten'::regclass::oid::bigint);

-- name: fill
-- The mirror is being filled for the so-manieth time.
insert into store_mirror (id, generation) values (%(id)s::uuid, %(generation)s)
on conflict (one) do update set id = excluded.id, generation = excluded.generation;

-- name: note_rewritten
-- Events were changed in place; where there is no mirror, nobody needs to know.
insert into store_rewritten (seq)
select seq from unnest(%(seqs)s::bigint[]) as u (seq) where exists (select from store_mirror);

-- name: piece
-- Up to where a piece of so many events reaches, and how many it has.
select coalesce(max(seq), 0), count(*) from (
    select seq from store_event where seq > %(after)s::bigint and seq <= %(upto)s::bigint order by seq limit %(limit)s) p;

-- name: ahead
-- How many events there are behind a place.
select count(*) from store_event where seq > %(after)s::bigint and seq <= %(upto)s::bigint;

-- name: rewritten
-- Events that were changed in place, some at once, and up to where.
select n, seq from store_rewritten where n > %(after)s::bigint order by n limit %(limit)s;

-- name: forget_rewritten
-- The mirror accounts for these.
delete from store_rewritten where n <= %(upto)s::bigint;

-- name: forget
-- There is no mirror any more.
with gone as (delete from store_mirror) delete from store_rewritten;

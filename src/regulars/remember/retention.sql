-- name: terms
-- How many days events of a kind are kept whole; those that are not here for ever.
select kind, days from remember_retention order by kind;

-- name: keep_for
-- Keep events of some kinds for so many days.
insert into remember_retention (kind, days) select * from unnest(%(kinds)s::text[], %(days)s::int[])
on conflict (kind) do update set days = excluded.days;

-- name: keep_for_ever
-- Keep events of some kinds for ever.
delete from remember_retention where kind = any (%(kinds)s::text[]);

-- name: begin_anew
-- Let the pass begin at the beginning of the log.
update remember_retention_pass set place = 0, ended_at = null;

-- name: kept
-- How many events of each kind are whole, when the oldest of them happened, and how many are older than a term: one that
-- is tried for all, or each kind's own.
select k.name as kind, count(e.seq) as events, min(e.at) as oldest, r.days,
       count(e.seq) filter (where e.at < %(now)s::timestamptz
           - make_interval(days => coalesce(%(days)s::int, r.days))) as over
from store_kind k left join store_event e on e.kind = k.id and e.cut is not true
left join remember_retention r on r.kind = k.name
group by k.id, k.name, r.days having count(e.seq) > 0 or r.days is not null
order by k.name;

-- name: over
-- How many events of some kinds are older than a term, each kind its own.
select k.name, count(*) from store_event e join store_kind k on k.id = e.kind
join unnest(%(kinds)s::text[], %(befores)s::timestamptz[]) as w (kind, before) on w.kind = k.name
where e.at < w.before and e.cut is not true group by k.name order by k.name;

-- name: hold_pass
-- How far the pass is, held; nothing where somebody else holds it.
select place, ended_at from remember_retention_pass for update skip locked;

-- name: move_pass
-- The pass is so far, or at its end.
update remember_retention_pass set place = %(place)s, ended_at = %(ended_at)s::timestamptz;

-- name: due
-- Some events of a part of the log whose time is over, held; what a follower could not take stays for it.
select e.seq, e.identity_id, e.at, w.kind, e.props, e.cause, coalesce(e.depth, 0) as depth,
       coalesce(e.historical, false) as historical, coalesce(e.public, false) as public
from store_event e join store_kind k on k.id = e.kind
join unnest(%(kinds)s::text[], %(befores)s::timestamptz[]) as w (kind, before) on w.kind = k.name
where e.seq > %(after)s and e.seq <= %(upto)s and e.at < w.before and e.cut is not true
  and e.seq not in (select q.seq from store_quarantine q)
order by e.seq limit %(limit)s for update of e;

-- name: fold_did
-- Keep what events counted that go; of categories those that count.
insert into remember_did_gone as d (identity_id, what, about, count, first_at, last_at, seq)
select u.i, u.w, u.a, u.c, u.f, u.l, u.s
from unnest(%(identities)s::bigint[], %(whats)s::text[], %(abouts)s::text[], %(counts)s::bigint[],
            %(firsts)s::timestamptz[], %(lasts)s::timestamptz[], %(seqs)s::bigint[]) as u (i, w, a, c, f, l, s)
where exists (select from remember_did k where (k.identity_id, k.what, k.about) = (u.i, u.w, u.a))
order by u.i, u.w, u.a
on conflict (identity_id, what, about) do update
set count = d.count + excluded.count, first_at = least(d.first_at, excluded.first_at),
    last_at = greatest(d.last_at, excluded.last_at), seq = greatest(d.seq, excluded.seq);

-- name: cut_among
-- Which of some events were cut.
select seq from store_event where seq = any (%(seqs)s::bigint[]) and cut;

-- name: did_before
-- Begin a replay with what events counted that are gone.
insert into remember_did (identity_id, what, about, count, first_at, last_at, seq)
select identity_id, what, about, count, first_at, last_at, seq from remember_did_gone;

-- name: gone_products
-- What events said of some products that are gone.
select id, name, category, brand, price, currency, image, url, said, overheard, views, first_seen, last_seen, folded
from remember_product_gone where id = any (%(ids)s::text[]);

-- name: products_there
-- Which of these products there are.
select id from remember_product where id = any (%(ids)s::text[]);

-- name: fold_products
-- Keep what events said of products that go.
insert into remember_product_gone (id, name, category, brand, price, currency, image, url, said, overheard, views,
                                   first_seen, last_seen, folded)
select r.id, r.name, r.category, r.brand, r.price, r.currency, r.image, r.url, r.said, r.overheard, r.views,
       r.first_seen, r.last_seen, r.folded
from jsonb_to_recordset(%(rows)s) as r (id text, name text, category text, brand text, price bigint, currency text,
     image text, url text, said jsonb, overheard jsonb, views bigint, first_seen timestamptz, last_seen timestamptz,
     folded text)
on conflict (id) do update
set name = excluded.name, category = excluded.category, brand = excluded.brand, price = excluded.price,
    currency = excluded.currency, image = excluded.image, url = excluded.url, said = excluded.said,
    overheard = excluded.overheard, views = excluded.views, first_seen = excluded.first_seen,
    last_seen = excluded.last_seen, folded = excluded.folded;

-- name: products_before
-- Begin a replay with what events said of products that are gone.
insert into remember_product (id, name, category, brand, price, currency, image, url, said, overheard, views,
                              first_seen, last_seen, folded)
select id, name, category, brand, price, currency, image, url, said, overheard, views, first_seen, last_seen, folded
from remember_product_gone;
